#include <convmat/geometry/conventions/numpy.hpp>

#include <algorithm>

#include "common.hpp"

namespace convmat {
namespace {

// Where the values of a mode begin in the full result, and how many they are.
struct Part {
    Index begin;
    Index count;
};

Part part_of(const NumpyConvolve& layer) {
    const Index shorter = std::min(layer.n, layer.k), longer = std::max(layer.n, layer.k);
    const bool reversed = layer.function == NumpyFunction::correlate && layer.k > layer.n;
    switch (layer.mode) {
    case NumpyMode::full:
        return {0, checked_add(longer, shorter - 1, "numpy's full result")};
    case NumpyMode::same:
        return {reversed ? shorter / 2 : (shorter - 1) / 2, longer};
    default:
        return {shorter - 1, longer - shorter + 1};
    }
}

std::string_view name_of(NumpyMode mode) {
    switch (mode) {
    case NumpyMode::full:
        return "mode 'full'";
    case NumpyMode::same:
        return "mode 'same', as long as the longer one,";
    default:
        return "mode 'valid'";
    }
}

} // namespace

ConventionLayer from_numpy(const NumpyConvolve& layer) {
    require_at_least(layer.n, 1, input_extent, 0);
    require_at_least(layer.k, 1, kernel_extent, 0);
    const bool convolves = layer.function == NumpyFunction::convolve;
    const Part part = part_of(layer);
    const Index before = layer.k - 1 - part.begin;
    ConvGeometry geometry({.input = {layer.n},
                           .kernel = {layer.k},
                           .in_channels = layer.channels,
                           .out_channels = layer.channels,
                           .groups = layer.channels,
                           .padding = {{before, part.begin + part.count - layer.n}}});
    WeightOrder weights = bridges::stencil("v", geometry);
    weights.flip = convolves ? Flip::spatial : Flip::none;
    weights.conjugation = convolves ? Conjugation::none : Conjugation::weights;
    return bridges::finished(std::move(geometry), Form::matrix, std::move(weights),
                             convolves ? "numpy.convolve and scipy.linalg.convolution_matrix" : "numpy.correlate",
                             name_of(layer.mode));
}

} // namespace convmat
