// A layer file, and the layer it describes.
#include "layer.hpp"
#include "words.hpp"

using namespace convmat;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string path = fuzz::file_of(fuzz::text_of(data, size), "layer.json");
    fuzz::refusing_says_one_line([&] {
        const cli::Layer layer = cli::resolve(cli::read_layer_json(path), std::nullopt, std::nullopt, "--x");
        fuzz::require(!layer.geometry.explain().empty(), "a layer can be explained");
    });
    return 0;
}
