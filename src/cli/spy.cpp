#include "commands.hpp"
#include "output.hpp"
#include "picture_file.hpp"
#include "spy_request.hpp"

namespace convmat::cli {
namespace {

// What a terminal has room for: a cell is two columns wide, or half a line high.
SpyOptions cells_for(const TextOptions& terminal) {
    constexpr Index labels = 12;
    const Index columns = std::max<Index>(terminal.columns - labels, 10);
    return {.most_rows = columns / 2, .most_cols = columns / 2};
}

} // namespace

int spy(const Arguments& arguments) {
    SpyRequest request;
    CommandLine line("spy",
                     "Draw a layer's matrix, what its rows read and its columns feed: in the terminal, as SVG or PNG",
                     "  convmat spy --input 3x3 --kernel '0,1;2,3'\n"
                     "  convmat spy --input 2048x2048 --kernel gaussian:5:1.2 --padding same --out w.svg\n"
                     "  convmat spy --input 2x2 --kernel '0,1;2,3' --transposed --stride 2 --show stamps");
    request.add_to(line);
    if (!line.parse(arguments)) return 0;
    request.refuse_what_is_wrong();
    const TextOptions terminal = standard_output();
    const bool to_file = request.out && *request.out != "/dev/stdout";
    const bool as_text = !to_file || request.out->ends_with(".txt");
    const Figure figure = [&] {
        const Progress progress("drawing");
        return request.figure(as_text ? cells_for(to_file ? text_file() : terminal) : SpyOptions{});
    }();
    if (to_file)
        write_figure(*request.out, figure);
    else
        print(figure_text(figure, terminal));
    return 0;
}

} // namespace convmat::cli
