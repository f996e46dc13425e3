// A layer file, and the layer it describes.
#include "layer.hpp"
#include "words.hpp"

using namespace convmat;

void fuzz::layer_json(std::string_view bytes) {
    const std::string path = fuzz::file_of(bytes, "layer.json");
    fuzz::refusing_says_one_line([&] {
        const cli::Layer layer = cli::resolve(cli::read_layer_json(path), std::nullopt, std::nullopt, "--x");
        fuzz::require(!layer.geometry.explain().empty(), "a layer can be explained");
    });
}
