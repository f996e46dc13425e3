#include <convmat/geometry/conventions/mxnet.hpp>

#include <algorithm>

#include <convmat/base/checked.hpp>

#include "common.hpp"

namespace convmat {
namespace {

// InferPad: `pad` and `adj` of the target shape.
void infer_padding(TransposedSpec& spec, const Shape& target) {
    const Shape reach = bridges::effective_kernels(spec.kernel, spec.dilation);
    for (std::size_t j = 0; j < reach.size(); ++j) {
        const auto axis = static_cast<Index>(j);
        const Quantity what = {"transposed output extent", "input", axis};
        require_at_least(spec.input[j], 1, input_extent, axis);
        require_at_least(spec.stride[j], 1, "stride", axis);
        const Index most = checked_add(checked_mul(spec.stride[j], spec.input[j] - 1, what), reach[j], what);
        if (target[j] < 1 || target[j] > most)
            throw GeometryError({.parameter = "output_size",
                                 .axis = axis,
                                 .value = concat(target[j]),
                                 .expected = concat("1 to ", most, ": MXNet's target_shape"),
                                 .found = value_in_words(output_size_values, target[j], axis)});
        const Index total = most - target[j];
        if (total % 2 > spec.stride[j] - 1)
            throw GeometryError({.parameter = "output_size",
                                 .axis = axis,
                                 .value = concat(target[j]),
                                 .expected = "an even number less with stride 1: MXNet's target_shape",
                                 .found = concat(value_in_words(output_size_values, target[j], axis), ", ", total,
                                                 " less than ", most)});
        spec.padding[j] = {total / 2 + total % 2, total / 2 + total % 2};
        spec.output_padding[j] = total % 2;
    }
}

void refuse_dilation_of_three_axes(const Shape& dilation, const char* system) {
    if (dilation.size() == 3 && std::ranges::any_of(dilation, [](Index d) { return d != 1; }))
        throw GeometryError({.parameter = "dilation",
                             .value = to_string(dilation),
                             .expected = concat("1 for three spatial axes: ", system)});
}

} // namespace

ConventionLayer from_mxnet(const MXNetConvolution& layer) {
    const char* system = "MXNet's Convolution";
    const Index rank = bridges::spatial_rank(layer.data, layer.kernel, 3, system);
    ConvSpec spec = {.input = layer.data,
                     .kernel = layer.kernel,
                     .in_channels = layer.in_channels,
                     .out_channels = layer.num_filter,
                     .groups = layer.num_group,
                     .stride = bridges::one_an_axis(layer.stride, rank, Index{1}, "stride"),
                     .dilation = bridges::one_an_axis(layer.dilate, rank, Index{1}, "dilation"),
                     .padding = bridges::at_both_ends(bridges::one_an_axis(layer.pad, rank, Index{0}, "padding"))};
    refuse_dilation_of_three_axes(spec.dilation, system);
    bridges::require_not_negative(spec.padding, system);
    ConvGeometry geometry(spec);
    WeightOrder weights = bridges::as_they_are("(num_filter, C/g, k...)", geometry);
    return bridges::finished(std::move(geometry), Form::matrix, std::move(weights), system);
}

ConventionLayer from_mxnet(const MXNetDeconvolution& layer) {
    const char* system = "MXNet's Deconvolution";
    const Index rank = bridges::spatial_rank(layer.data, layer.kernel, 3, system);
    TransposedSpec spec = {.input = layer.data,
                           .kernel = layer.kernel,
                           .in_channels = layer.in_channels,
                           .out_channels = layer.num_filter,
                           .groups = layer.num_group,
                           .stride = bridges::one_an_axis(layer.stride, rank, Index{1}, "stride"),
                           .dilation = bridges::one_an_axis(layer.dilate, rank, Index{1}, "dilation"),
                           .padding = bridges::at_both_ends(bridges::one_an_axis(layer.pad, rank, Index{0}, "padding")),
                           .output_padding = bridges::one_an_axis(layer.adj, rank, Index{0}, output_padding_values)};
    bridges::require_not_negative(spec.padding, system);
    refuse_dilation_of_three_axes(spec.dilation, system);
    const Shape target = bridges::one_an_axis(layer.target_shape, rank, Index{0}, output_size_values);
    const bool sized = std::ranges::any_of(target, [](Index t) { return t != 0; });
    if (sized) infer_padding(spec, target);
    ConvGeometry geometry = ConvGeometry::from_transposed(spec);
    bridges::require_remainder_below_stride(geometry, system);
    WeightOrder weights = bridges::as_they_are("(C, num_filter/g, k...)", geometry);
    return bridges::finished(
        std::move(geometry), Form::transpose, std::move(weights), system,
        sized ? concat("target_shape ", to_string(target), " is adj ", to_string(spec.output_padding)) : std::string());
}

} // namespace convmat
