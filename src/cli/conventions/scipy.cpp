#include <convmat/geometry/conventions/scipy.hpp>

#include "systems.hpp"
#include "words.hpp"

namespace convmat::cli {
namespace {

template <ScipySignalFunction function>
ConventionLayer read_scipy_signal(const Words& words) {
    static const WordList<ScipyMode> modes = {
        {"full", ScipyMode::full}, {"same", ScipyMode::same}, {"valid", ScipyMode::valid}};
    static const WordList<ScipyBoundary> boundaries = {
        {"fill", ScipyBoundary::fill}, {"wrap", ScipyBoundary::wrap}, {"symm", ScipyBoundary::symm}};
    const LayerDescription& d = words.description();
    return from_scipy(ScipySignal{.in1 = d.input,
                                  .in2 = d.kernel,
                                  .function = function,
                                  .mode = words.named("--padding", words.padding(), modes),
                                  .boundary = words.named("--boundary", d.boundary_text.value_or("fill"), boundaries),
                                  .channels = *d.in_channels});
}

template <ScipyNdimageFunction function>
ConventionLayer read_scipy_ndimage(const Words& words) {
    using Mode = ScipyNdimageMode;
    static const WordList<Mode> modes = {{"reflect", Mode::reflect},     {"grid-mirror", Mode::grid_mirror},
                                         {"constant", Mode::constant},   {"nearest", Mode::nearest},
                                         {"mirror", Mode::mirror},       {"grid-constant", Mode::grid_constant},
                                         {"grid-wrap", Mode::grid_wrap}, {"wrap", Mode::wrap}};
    const LayerDescription& d = words.description();
    if (d.padding_text) words.refuse("--padding", *d.padding_text, "no padding, of which --origin decides,");
    return from_scipy(ScipyNdimage{.input = d.input,
                                   .weights = d.kernel,
                                   .function = function,
                                   .mode = words.named("--boundary", d.boundary_text.value_or("reflect"), modes),
                                   .origin = d.origin,
                                   .channels = *d.in_channels});
}

template <ScipySignalFunction function>
Wording scipy_signal() {
    return {.weights = "k", .padding = "full", .features = {Feature::boundary}, .read = read_scipy_signal<function>};
}

template <ScipyNdimageFunction function>
Wording scipy_ndimage() {
    return {.weights = "k", .features = {Feature::boundary, Feature::origin}, .read = read_scipy_ndimage<function>};
}

} // namespace

std::vector<Convention> scipy_rows() {
    using Signal = ScipySignalFunction;
    using Ndimage = ScipyNdimageFunction;
    return {{.name = "scipy", .other_name = "scipy-convolve", .convolution = scipy_signal<Signal::convolve>()},
            {.name = "scipy-correlate", .convolution = scipy_signal<Signal::correlate>()},
            {.name = "scipy-convolve2d", .convolution = scipy_signal<Signal::convolve2d>()},
            {.name = "scipy-correlate2d", .convolution = scipy_signal<Signal::correlate2d>()},
            {.name = "ndimage", .other_name = "ndimage-convolve", .convolution = scipy_ndimage<Ndimage::convolve>()},
            {.name = "ndimage-correlate", .convolution = scipy_ndimage<Ndimage::correlate>()}};
}

} // namespace convmat::cli
