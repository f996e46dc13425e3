#include <convmat/geometry/conventions/matlab.hpp>

#include <algorithm>

#include <convmat/geometry/padding.hpp>

#include "common.hpp"

namespace convmat {
namespace {

const char* name_of(MatlabShape shape) {
    switch (shape) {
    case MatlabShape::same:
        return "'same'";
    case MatlabShape::valid:
        return "'valid'";
    default:
        return "'full'";
    }
}

std::vector<Padding> padding_of(MatlabShape shape, const ConvSpec& spec) {
    switch (shape) {
    case MatlabShape::same:
        return same_padding(spec, SameConvention::extra_at_end);
    case MatlabShape::valid:
        return valid_padding(spec);
    default:
        return full_padding(spec);
    }
}

} // namespace

ConventionLayer from_matlab(const MatlabConv& layer) {
    ConvSpec spec = {.input = layer.a,
                     .kernel = layer.b,
                     .in_channels = layer.channels,
                     .out_channels = layer.channels,
                     .groups = layer.channels};
    const bool reversed = layer.vec == VecOrder::column_major;
    if (reversed) {
        std::ranges::reverse(spec.input);
        std::ranges::reverse(spec.kernel);
    }
    spec.padding = padding_of(layer.shape, spec);
    ConvGeometry geometry(spec);
    WeightOrder weights = bridges::stencil(reversed ? "B, its axes reversed for A(:)," : "B", geometry);
    if (reversed) {
        std::ranges::reverse(weights.shape);
        std::ranges::reverse(weights.split);
        std::ranges::reverse(weights.order);
    }
    weights.flip = Flip::spatial;
    return bridges::finished(std::move(geometry), Form::matrix, std::move(weights), "MATLAB's conv, conv2, convn",
                             concat("shape ", name_of(layer.shape)));
}

} // namespace convmat
