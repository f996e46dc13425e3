// The options of a layer, a word a line, in the words of whichever system --convention names.
#include "extents.hpp"
#include "layer_options.hpp"
#include "words.hpp"

using namespace convmat;

namespace {

// Files of the machine, streams, the help's page and kernels that are large are for other tests.
bool is_wanted(std::string_view word) {
    if (word == "-" || word.ends_with("=-")) return false;
    if (word.find('/') != std::string_view::npos || word.starts_with("-h") || word.starts_with("--help")) return false;
    return std::ranges::count(word, 'x') < 6 &&
           (word.find(':') == std::string_view::npos || fuzz::is_moderate(word, 9));
}

} // namespace

void fuzz::options(std::string_view bytes) {
    cli::Arguments words;
    const std::string text = fuzz::argument_of(bytes);
    for (const std::string_view word : cli::split(text, '\n'))
        if (is_wanted(word)) words.emplace_back(word);
    fuzz::refusing_says_one_line([&] {
        cli::LayerOptions options;
        cli::CommandLine line({"info", "", "", {}});
        options.add_to(line);
        if (!line.parse(words)) return;
        const cli::Layer layer = options.layer();
        const bool one_rank = layer.input_shape().size() == layer.output_shape().size();
        fuzz::require(one_rank && !layer.geometry.explain().empty(), "a layer can be explained");
    });
}
