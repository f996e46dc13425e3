#include <convmat/geometry/conventions/keras.hpp>

#include <algorithm>

#include <convmat/base/checked.hpp>

#include "tensorflow_common.hpp"

namespace convmat {
namespace {

const char* name_of(KerasPadding padding) {
    switch (padding) {
    case KerasPadding::same:
        return "padding 'same'";
    case KerasPadding::causal:
        return "padding 'causal'";
    default:
        return "padding 'valid'";
    }
}

std::vector<Padding> padding_of(KerasPadding padding, const ConvSpec& spec, std::string_view system) {
    if (padding != KerasPadding::causal)
        return bridges::tensorflow_padding(
            padding == KerasPadding::same ? TensorFlowPadding::same : TensorFlowPadding::valid, spec, system);
    if (spec.kernel.size() != 1)
        throw GeometryError({.parameter = "padding",
                             .value = "causal",
                             .expected = "1: only Keras' Conv1D has it",
                             .found = concat("padding is 'causal' for ", spec.kernel.size(), " spatial axes")});
    return {{bridges::effective_kernels(spec.kernel, expand(spec.dilation, 1, Index{1}, "dilation")).front() - 1, 0}};
}

void refuse_causal(KerasPadding padding, std::string_view system) {
    if (padding == KerasPadding::causal)
        throw GeometryError({.parameter = "padding",
                             .value = "causal",
                             .expected = concat("'valid' or 'same': ", system),
                             .found = "padding is 'causal'"});
}

// The extent an axis of a transposed layer has, from the other numbers; output_padding < 0 is Keras' None.
Index written_extent(KerasPadding padding, Index input, Index stride, Index reach, Index output_padding) {
    const Quantity what = {"transposed output extent", "input"};
    const Index last = checked_mul(stride, input - 1, what);
    if (padding == KerasPadding::valid) {
        const Index more = output_padding < 0 ? std::max(reach, stride) : checked_add(reach, output_padding, what);
        return checked_add(last, more, what);
    }
    return checked_add(last, output_padding < 0 ? stride : reach % 2 + output_padding, what);
}

Shape written(const KerasConvTranspose& layer, const ConvSpec& spec) {
    const Shape reach = bridges::effective_kernels(spec.kernel, spec.dilation);
    const auto a = expand(layer.output_padding, std::ssize(reach), Index{-1}, output_padding_values);
    Shape output;
    for (std::size_t j = 0; j < reach.size(); ++j) {
        const auto axis = static_cast<Index>(j);
        require_at_least(layer.input[j], 1, input_extent, axis);
        require_at_least(spec.stride[j], 1, "stride", axis);
        if (!layer.output_padding.empty() && (a[j] < 0 || a[j] >= spec.stride[j]))
            throw GeometryError({.parameter = "output_padding",
                                 .axis = axis,
                                 .value = concat(a[j]),
                                 .expected = concat("0 to ", spec.stride[j] - 1, " = stride - 1: Keras"),
                                 .found = value_in_words(output_padding_values, a[j], axis)});
        output.push_back(written_extent(layer.padding, layer.input[j], spec.stride[j], reach[j], a[j]));
    }
    return output;
}

} // namespace

ConventionLayer from_keras(const KerasConv& layer) {
    const char* system = "Keras' Conv";
    const Shape kernel = kernel_on(layer.input, layer.kernel_size);
    bridges::spatial_rank(layer.input, kernel, 3, system);
    ConvSpec spec = {.input = layer.input,
                     .kernel = kernel,
                     .in_channels = layer.in_channels,
                     .out_channels = layer.filters,
                     .groups = layer.groups,
                     .stride = layer.strides,
                     .dilation = layer.dilation_rate};
    bridges::refuse_stride_with_dilation(spec.stride, spec.dilation, system);
    spec.padding = padding_of(layer.padding, spec, system);
    ConvGeometry geometry(spec);
    WeightOrder weights = bridges::channels_last("(k..., C/g, filters)", geometry);
    return bridges::finished(std::move(geometry), Form::matrix, std::move(weights), system, name_of(layer.padding));
}

ConventionLayer from_keras(const KerasDepthwiseConv& layer) {
    const char* system = "Keras' DepthwiseConv";
    const Shape kernel = kernel_on(layer.input, layer.kernel_size);
    bridges::spatial_rank(layer.input, kernel, 2, system);
    ConvSpec spec = {.input = layer.input,
                     .kernel = kernel,
                     .in_channels = layer.in_channels,
                     .out_channels =
                         checked_mul(layer.in_channels, layer.depth_multiplier, {"output channels", "out_channels"}),
                     .groups = layer.in_channels,
                     .stride = layer.strides,
                     .dilation = layer.dilation_rate};
    bridges::require_depthwise(spec.stride, spec.dilation, system);
    refuse_causal(layer.padding, system);
    spec.padding = padding_of(layer.padding, spec, system);
    ConvGeometry geometry(spec);
    WeightOrder weights = bridges::depthwise_channels_last("(k..., C, depth_multiplier)", geometry);
    return bridges::finished(std::move(geometry), Form::matrix, std::move(weights), system, name_of(layer.padding));
}

ConventionLayer from_keras(const KerasConvTranspose& layer) {
    const char* system = "Keras' ConvTranspose";
    const Shape kernel = kernel_on(layer.input, layer.kernel_size);
    const Index rank = bridges::spatial_rank(layer.input, kernel, 3, system);
    ConvSpec spec = {.input = {},
                     .kernel = kernel,
                     .in_channels = layer.filters,
                     .out_channels = layer.in_channels,
                     .stride = expand(layer.strides, rank, Index{1}, "stride"),
                     .dilation = expand(layer.dilation_rate, rank, Index{1}, "dilation")};
    bridges::refuse_stride_with_dilation(spec.stride, spec.dilation, system);
    refuse_causal(layer.padding, system);
    spec.input = written(layer, spec);
    spec.padding = padding_of(layer.padding, spec, system);
    ConvGeometry geometry = bridges::tensorflow_transposed(spec, layer.input, system);
    WeightOrder weights = bridges::channels_last("(k..., filters, C)", geometry);
    return bridges::finished(std::move(geometry), Form::transpose, std::move(weights), system, name_of(layer.padding));
}

} // namespace convmat
