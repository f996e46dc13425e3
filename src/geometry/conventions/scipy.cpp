#include <convmat/geometry/conventions/scipy.hpp>

#include "common.hpp"
#include <convmat/geometry/padding.hpp>

namespace convmat {
namespace {

bool is_convolution(ScipySignalFunction function) {
    return function == ScipySignalFunction::convolve || function == ScipySignalFunction::convolve2d;
}

bool is_2d(ScipySignalFunction function) {
    return function == ScipySignalFunction::convolve2d || function == ScipySignalFunction::correlate2d;
}

const char* name_of(ScipySignalFunction function) {
    switch (function) {
    case ScipySignalFunction::convolve:
        return "SciPy's scipy.signal.convolve";
    case ScipySignalFunction::correlate:
        return "SciPy's scipy.signal.correlate";
    case ScipySignalFunction::convolve2d:
        return "SciPy's scipy.signal.convolve2d";
    default:
        return "SciPy's scipy.signal.correlate2d";
    }
}

const char* name_of(ScipyMode mode) {
    switch (mode) {
    case ScipyMode::full:
        return "mode 'full'";
    case ScipyMode::same:
        return "mode 'same'";
    default:
        return "mode 'valid'";
    }
}

Boundary boundary_of(ScipyBoundary boundary) {
    switch (boundary) {
    case ScipyBoundary::wrap:
        return Boundary::periodic;
    case ScipyBoundary::symm:
        return Boundary::half_symmetric;
    default:
        return Boundary::zero;
    }
}

Boundary boundary_of(ScipyNdimageMode mode) {
    switch (mode) {
    case ScipyNdimageMode::reflect:
    case ScipyNdimageMode::grid_mirror:
        return Boundary::half_symmetric;
    case ScipyNdimageMode::nearest:
        return Boundary::replicate;
    case ScipyNdimageMode::mirror:
        return Boundary::whole_symmetric;
    case ScipyNdimageMode::wrap:
    case ScipyNdimageMode::grid_wrap:
        return Boundary::periodic;
    default:
        return Boundary::zero;
    }
}

void refuse_fill(const char* parameter, double value, std::string_view system) {
    if (value != 0)
        throw GeometryError({.parameter = parameter,
                             .value = concat(value),
                             .expected = concat("0: another value is no linear map (", system, ')'),
                             .found = concat("boundary is filled with ", value)});
}

enum class Longer { input, kernel, neither };

// Which of the two is at least as long as the other along every axis.
Longer longer(const ConvSpec& spec) {
    bool input = true;
    bool kernel = true;
    for (std::size_t j = 0; j < spec.input.size(); ++j) {
        input = input && spec.input[j] >= spec.kernel[j];
        kernel = kernel && spec.kernel[j] >= spec.input[j];
    }
    return input ? Longer::input : kernel ? Longer::kernel : Longer::neither;
}

// Mode 'valid': where the kernel is the longer one, the positions at which it covers the whole input.
std::vector<Padding> covered(const ConvSpec& spec, std::string_view system) {
    const Longer which = longer(spec);
    if (which == Longer::input) return valid_padding(spec);
    if (which == Longer::neither)
        throw GeometryError({.parameter = "kernel",
                             .value = to_string(spec.kernel),
                             .expected = concat("all or none: ", system, " in mode 'valid'"),
                             .found = concat("kernel ", to_string(spec.kernel), " is longer than input ",
                                             to_string(spec.input), " along some axes only")});
    std::vector<Padding> padding;
    for (std::size_t j = 0; j < spec.input.size(); ++j)
        padding.push_back({spec.kernel[j] - spec.input[j], spec.kernel[j] - spec.input[j]});
    return padding;
}

std::vector<Padding> padding_of(const ScipySignal& layer, const ConvSpec& spec) {
    if (layer.mode == ScipyMode::full) return full_padding(spec);
    if (layer.mode == ScipyMode::valid) return covered(spec, name_of(layer.function));
    const bool begins_low = layer.function == ScipySignalFunction::correlate2d;
    return same_padding(spec, begins_low ? SameConvention::extra_at_end : SameConvention::extra_at_begin);
}

// Checks the extents before anything is computed with them.
ConvSpec depthwise(const Shape& input, const Shape& kernel, Index channels) {
    for (Index j = 0; j < common_rank(input, kernel); ++j) {
        require_at_least(input[static_cast<std::size_t>(j)], 1, input_extent, j);
        require_at_least(kernel[static_cast<std::size_t>(j)], 1, kernel_extent, j);
    }
    return {.input = input, .kernel = kernel, .in_channels = channels, .out_channels = channels, .groups = channels};
}

Padding origin_padding(ScipyNdimageFunction function, Index kernel, Index origin, Index axis) {
    const Index middle = function == ScipyNdimageFunction::correlate ? kernel / 2 : (kernel - 1) / 2;
    const bool correlates = function == ScipyNdimageFunction::correlate;
    const Index least = correlates ? -middle : middle - (kernel - 1);
    const Index most = correlates ? kernel - 1 - middle : middle;
    if (origin < least || origin > most)
        throw GeometryError(
            {.parameter = "origin",
             .axis = axis,
             .value = concat(origin),
             .expected = concat(least, " to ", most, " for kernel ", kernel, ": SciPy's scipy.ndimage")});
    const Index begin = correlates ? middle + origin : middle - origin;
    return {begin, kernel - 1 - begin};
}

} // namespace

ConventionLayer from_scipy(const ScipySignal& layer) {
    const char* system = name_of(layer.function);
    ConvSpec spec = depthwise(layer.in1, layer.in2, layer.channels);
    if (is_2d(layer.function) && spec.input.size() != 2)
        throw GeometryError({.parameter = "kernel",
                             .value = concat(spec.kernel.size(), " axes"),
                             .expected = concat("2: ", system),
                             .found = concat("kernel has ", spec.kernel.size(), " axes")});
    if (!is_2d(layer.function) && layer.boundary != ScipyBoundary::fill)
        throw GeometryError({.parameter = "boundary",
                             .value = layer.boundary == ScipyBoundary::wrap ? "wrap" : "symm",
                             .expected = concat("'fill': only the 2-D functions have others, not ", system),
                             .found = "boundary is not 'fill'"});
    refuse_fill("fillvalue", layer.fillvalue, system);
    spec.padding = padding_of(layer, spec);
    if (layer.mode != ScipyMode::valid) spec.boundary = {boundary_of(layer.boundary)};
    ConvGeometry geometry(spec);
    WeightOrder weights = bridges::stencil("in2", geometry);
    const bool swapped = layer.mode == ScipyMode::valid && longer(spec) == Longer::kernel;
    if (is_convolution(layer.function)) weights.flip = Flip::spatial;
    if (!is_convolution(layer.function) && !(is_2d(layer.function) && swapped))
        weights.conjugation = Conjugation::weights;
    return bridges::finished(std::move(geometry), Form::matrix, std::move(weights), system,
                             concat(name_of(layer.mode), swapped ? ", in2 being the longer one" : ""));
}

ConventionLayer from_scipy(const ScipyNdimage& layer) {
    const bool convolves = layer.function == ScipyNdimageFunction::convolve;
    const char* system = convolves ? "SciPy's scipy.ndimage.convolve" : "SciPy's scipy.ndimage.correlate";
    ConvSpec spec = depthwise(layer.input, layer.weights, layer.channels);
    refuse_fill("cval", layer.cval, system);
    const auto origin = expand(layer.origin, std::ssize(spec.kernel), Index{0}, "origin");
    for (std::size_t j = 0; j < origin.size(); ++j)
        spec.padding.push_back(origin_padding(layer.function, spec.kernel[j], origin[j], static_cast<Index>(j)));
    spec.boundary = {boundary_of(layer.mode)};
    ConvGeometry geometry(spec);
    WeightOrder weights = bridges::stencil("(k...)", geometry);
    weights.flip = convolves ? Flip::spatial : Flip::none;
    weights.conjugation = convolves ? Conjugation::none : Conjugation::weights;
    return bridges::finished(std::move(geometry), Form::matrix, std::move(weights), system,
                             concat("boundary ", to_string(boundary_of(layer.mode))));
}

} // namespace convmat
