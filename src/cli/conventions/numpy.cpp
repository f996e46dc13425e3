#include <convmat/geometry/conventions/numpy.hpp>

#include "systems.hpp"
#include "words.hpp"

namespace convmat::cli {
namespace {

template <NumpyFunction function>
ConventionLayer read_numpy(const Words& words) {
    static const WordList<NumpyMode> modes = {
        {"full", NumpyMode::full}, {"same", NumpyMode::same}, {"valid", NumpyMode::valid}};
    const LayerDescription& d = words.description();
    if (d.kernel.size() != 1)
        words.refuse("--kernel", to_string(d.kernel), "one axis, as numpy.convolve and numpy.correlate have,");
    return from_numpy({.n = d.input.front(),
                       .k = d.kernel.front(),
                       .function = function,
                       .mode = words.named("--padding", words.padding(), modes),
                       .channels = *d.in_channels});
}

} // namespace

std::vector<Convention> numpy_rows() {
    return {{.name = "numpy",
             .other_name = "numpy-convolve",
             .convolution = {.weights = "k", .padding = "full", .read = read_numpy<NumpyFunction::convolve>}},
            {.name = "numpy-correlate",
             .convolution = {.weights = "k", .padding = "valid", .read = read_numpy<NumpyFunction::correlate>}}};
}

} // namespace convmat::cli
