#include <algorithm>
#include <array>

#include "commands.hpp"
#include "finite.hpp"
#include "output.hpp"
#include "spectrum_request.hpp"

namespace convmat::cli {
namespace {

bool writes_to_standard_output(const SpectrumRequest& request) {
    return std::ranges::any_of(std::array{request.vectors, request.null_space, request.plot},
                               [](const auto& path) { return path == "/dev/stdout"; });
}

} // namespace

int spectrum(const Arguments& arguments) {
    SpectrumRequest request;
    CommandLine line(
        "spectrum",
        "What a layer's matrix does to lengths: its singular values, norm, condition, rank and null space, "
        "each with its error; bounds of the norm; and how far the circular approximation is from the truth. Exit code "
        "1: an iteration did not converge",
        "  convmat spectrum --input 32x32 --kernel gaussian:5:1.2 --padding same --plot curve.svg\n"
        "  convmat spectrum --input 8x8 --kernel box:3 --stride 2 --transposed");
    request.add_to(line);
    if (!line.parse(arguments)) return 0;
    const Layer layer = request.layer.layer_with_weights();
    request.refuse_what_is_wrong(layer.form);
    require_finite("--kernel", *layer.kernel);
    const SpectrumFindings found = analyse(request, layer);
    if (!writes_to_standard_output(request)) print(request.as_json ? json_of(found).text() : text_of(found));
    return found.converged() ? 0 : 1;
}

} // namespace convmat::cli
