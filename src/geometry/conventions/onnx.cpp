#include <convmat/geometry/conventions/onnx.hpp>

#include <algorithm>

#include "common.hpp"
#include <convmat/base/checked.hpp>
#include <convmat/geometry/padding.hpp>

namespace convmat {
namespace {

bool is_same(OnnxAutoPad auto_pad) {
    return auto_pad == OnnxAutoPad::same_upper || auto_pad == OnnxAutoPad::same_lower;
}

const char* name_of(OnnxAutoPad auto_pad) {
    switch (auto_pad) {
    case OnnxAutoPad::same_upper:
        return "auto_pad SAME_UPPER";
    case OnnxAutoPad::same_lower:
        return "auto_pad SAME_LOWER";
    case OnnxAutoPad::valid:
        return "auto_pad VALID";
    default:
        return "";
    }
}

// {b1, ..., bD, e1, ..., eD} as pairs.
std::vector<Padding> pairs(const Shape& pads, Index rank, OnnxAutoPad auto_pad) {
    std::vector<Padding> padding(static_cast<std::size_t>(rank));
    if (pads.empty()) return padding;
    if (auto_pad != OnnxAutoPad::not_set)
        throw GeometryError({.parameter = "padding",
                             .value = to_string(pads),
                             .expected = "one of them: ONNX",
                             .found = concat("padding is given beside ", name_of(auto_pad))});
    if (std::ssize(pads) != 2 * rank)
        throw GeometryError({.parameter = "padding",
                             .value = concat(pads.size(), " values"),
                             .expected = concat(2 * rank, ": ONNX's pads are the beginnings, then the ends"),
                             .found = concat("padding has ", pads.size(), " values")});
    for (std::size_t j = 0; j < padding.size(); ++j) padding[j] = {pads[j], pads[j + padding.size()]};
    bridges::require_not_negative(padding, "ONNX's pads");
    return padding;
}

// A transposed layer's padding such that it writes the output.
Padding padding_for(const OnnxConvTranspose& layer, Index output, Index least, Index axis) {
    if (output < 1)
        throw GeometryError({.parameter = "output_size",
                             .axis = axis,
                             .value = concat(output),
                             .expected = "at least 1: ONNX",
                             .found = value_in_words(output_size_values, output, axis)});
    const Index total = checked_sub(least, output, {"padding", "padding", axis});
    if (total < 0) {
        if (layer.output_shape.empty())
            throw GeometryError(
                {.parameter = "auto_pad",
                 .axis = axis,
                 .value = name_of(layer.auto_pad),
                 .expected = concat("no ", name_of(layer.auto_pad), ", on which ONNX's own sources disagree there"),
                 .found = concat("padding would be negative: effective kernel and output padding reach ", -total,
                                 " less than the stride on axis ", axis)});
        return {0, total};
    }
    const Index less = total / 2;
    return layer.auto_pad == OnnxAutoPad::same_upper ? Padding{less, total - less} : Padding{total - less, less};
}

// The padding of every axis of a transposed layer whose output is stated; s (n - 1) + a + k_eff is what it could write.
std::vector<Padding> paddings_for(const OnnxConvTranspose& layer, const TransposedSpec& spec, Index rank) {
    const auto stated = bridges::one_an_axis(layer.output_shape, rank, Index{0}, output_size_values);
    const Shape reach = bridges::effective_kernels(spec.kernel, spec.dilation);
    std::vector<Padding> padding;
    for (std::size_t j = 0; j < reach.size(); ++j) {
        const auto axis = static_cast<Index>(j);
        const Quantity what = {"transposed output extent", "input", axis};
        require_at_least(spec.input[j], 1, input_extent, axis);
        require_at_least(spec.stride[j], 1, "stride", axis);
        const Index spread = checked_mul(spec.stride[j], spec.input[j] - 1, what);
        const Index least = checked_add(checked_add(spread, spec.output_padding[j], what), reach[j], what);
        const Index output = layer.output_shape.empty() ? checked_mul(spec.stride[j], spec.input[j], what) : stated[j];
        padding.push_back(padding_for(layer, output, least, axis));
    }
    return padding;
}

} // namespace

ConventionLayer from_onnx(const OnnxConv& layer) {
    const Index rank = common_rank(layer.input, layer.kernel_shape);
    ConvSpec spec = {.input = layer.input,
                     .kernel = layer.kernel_shape,
                     .in_channels = layer.in_channels,
                     .out_channels = layer.out_channels,
                     .groups = layer.group,
                     .stride = bridges::one_an_axis(layer.strides, rank, Index{1}, "stride"),
                     .dilation = bridges::one_an_axis(layer.dilations, rank, Index{1}, "dilation"),
                     .padding = pairs(layer.pads, rank, layer.auto_pad)};
    if (is_same(layer.auto_pad))
        spec.padding = same_padding(spec, layer.auto_pad == OnnxAutoPad::same_upper ? SameConvention::extra_at_end
                                                                                    : SameConvention::extra_at_begin);
    ConvGeometry geometry(spec);
    WeightOrder weights = bridges::as_they_are("(M, C/group, k...)", geometry);
    return bridges::finished(std::move(geometry), Form::matrix, std::move(weights), "ONNX's Conv",
                             name_of(layer.auto_pad));
}

ConventionLayer from_onnx(const OnnxConvTranspose& layer) {
    const Index rank = common_rank(layer.input, layer.kernel_shape);
    TransposedSpec spec = {.input = layer.input,
                           .kernel = layer.kernel_shape,
                           .in_channels = layer.in_channels,
                           .out_channels = layer.out_channels,
                           .groups = layer.group,
                           .stride = bridges::one_an_axis(layer.strides, rank, Index{1}, "stride"),
                           .dilation = bridges::one_an_axis(layer.dilations, rank, Index{1}, "dilation"),
                           .padding = pairs(layer.pads, rank, layer.auto_pad),
                           .output_padding =
                               bridges::one_an_axis(layer.output_padding, rank, Index{0}, output_padding_values)};
    if (!layer.output_shape.empty() || is_same(layer.auto_pad)) spec.padding = paddings_for(layer, spec, rank);
    ConvGeometry geometry = ConvGeometry::from_transposed(spec);
    WeightOrder weights = bridges::as_they_are("(C, M/group, k...)", geometry);
    const std::string said = concat(name_of(layer.auto_pad), layer.output_shape.empty() ? "" : " output_shape");
    return bridges::finished(std::move(geometry), Form::transpose, std::move(weights), "ONNX's ConvTranspose",
                             said.starts_with(' ') ? said.substr(1) : said);
}

} // namespace convmat
