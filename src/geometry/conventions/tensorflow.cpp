#include <convmat/geometry/conventions/tensorflow.hpp>

#include <algorithm>

#include <convmat/base/checked.hpp>
#include <convmat/geometry/padding.hpp>

#include "tensorflow_common.hpp"

namespace convmat {

std::vector<Padding> bridges::tensorflow_padding(const TensorFlowPaddings& padding, const ConvSpec& spec,
                                                 std::string_view system) {
    if (const auto* pairs = std::get_if<PerAxis<Padding>>(&padding)) {
        if (spec.kernel.size() != 2)
            throw GeometryError({.parameter = "padding",
                                 .value = "explicit",
                                 .expected = concat("SAME or VALID, or 2 axes: ", system),
                                 .found = concat("padding is explicit for ", spec.kernel.size(), " spatial axes")});
        require_not_negative(*pairs, system);
        return *pairs;
    }
    return std::get<TensorFlowPadding>(padding) == TensorFlowPadding::same ? same_padding(spec) : valid_padding(spec);
}

ConvGeometry bridges::tensorflow_transposed(const ConvSpec& spec, const Shape& written, std::string_view system) {
    ConvGeometry geometry(spec);
    const Shape found = without_channels(geometry.output_shape());
    if (found != written)
        throw GeometryError({.parameter = "output_size",
                             .value = to_string(spec.input),
                             .expected = concat(to_string(written), ", the transposed layer's input: ", system),
                             .found = concat("output size is ", to_string(spec.input),
                                             ", from which the convolution writes ", to_string(found))});
    return geometry;
}

void bridges::require_depthwise(const Shape& stride, const Shape& dilation, std::string_view system) {
    if (std::ranges::any_of(stride, [&](Index s) { return s != stride.front(); }))
        throw GeometryError({.parameter = "stride",
                             .value = to_string(stride),
                             .expected = concat("the same along all axes: ", system)});
    refuse_stride_with_dilation(stride, dilation, system);
}

namespace {

const char* name_of(const TensorFlowPaddings& padding) {
    const auto* name = std::get_if<TensorFlowPadding>(&padding);
    if (name == nullptr) return "explicit padding";
    return *name == TensorFlowPadding::same ? "padding SAME" : "padding VALID";
}

} // namespace

ConventionLayer from_tensorflow(const TensorFlowConv& layer) {
    const char* system = "TensorFlow's tf.nn.conv";
    const Shape kernel = kernel_on(layer.input, layer.filter_size);
    bridges::spatial_rank(layer.input, kernel, 3, system);
    ConvSpec spec = {.input = layer.input,
                     .kernel = kernel,
                     .in_channels = layer.in_channels,
                     .out_channels = layer.out_channels,
                     .groups = layer.groups,
                     .stride = layer.strides,
                     .dilation = layer.dilations};
    spec.padding = bridges::tensorflow_padding(layer.padding, spec, system);
    ConvGeometry geometry(spec);
    WeightOrder weights = bridges::channels_last("(k..., C/g, O)", geometry);
    return bridges::finished(std::move(geometry), Form::matrix, std::move(weights), system, name_of(layer.padding));
}

ConventionLayer from_tensorflow(const TensorFlowDepthwiseConv& layer) {
    const char* system = "TensorFlow's tf.nn.depthwise_conv2d";
    const Shape kernel = kernel_on(layer.input, layer.filter_size);
    if (bridges::spatial_rank(layer.input, kernel, 2, system) != 2)
        throw GeometryError({.parameter = "kernel",
                             .value = to_string(layer.filter_size),
                             .expected = concat("2: ", system),
                             .found = "kernel has 1 spatial axis"});
    ConvSpec spec = {.input = layer.input,
                     .kernel = kernel,
                     .in_channels = layer.in_channels,
                     .out_channels =
                         checked_mul(layer.in_channels, layer.channel_multiplier, {"output channels", "out_channels"}),
                     .groups = layer.in_channels,
                     .stride = layer.strides,
                     .dilation = layer.dilations};
    bridges::require_depthwise(spec.stride, spec.dilation, system);
    spec.padding = bridges::tensorflow_padding(layer.padding, spec, system);
    ConvGeometry geometry(spec);
    WeightOrder weights = bridges::depthwise_channels_last("(k..., C, M)", geometry);
    return bridges::finished(std::move(geometry), Form::matrix, std::move(weights), system, name_of(layer.padding));
}

ConventionLayer from_tensorflow(const TensorFlowConvTranspose& layer) {
    const char* system = "TensorFlow's tf.nn.conv_transpose";
    const Shape kernel = kernel_on(layer.input, layer.filter_size);
    const Index rank = bridges::spatial_rank(layer.input, kernel, 3, system);
    if (std::ssize(layer.output_shape) != rank)
        throw GeometryError({.parameter = "output_size",
                             .value = concat(layer.output_shape.size(), " values"),
                             .expected = concat(rank, ", one for each spatial axis: ", system),
                             .found = concat("output size has ", layer.output_shape.size(), " values")});
    ConvSpec spec = {.input = layer.output_shape,
                     .kernel = kernel,
                     .in_channels = layer.out_channels,
                     .out_channels = layer.in_channels,
                     .groups = layer.groups,
                     .stride = layer.strides,
                     .dilation = layer.dilations};
    spec.padding = bridges::tensorflow_padding(layer.padding, spec, system);
    ConvGeometry geometry = bridges::tensorflow_transposed(spec, layer.input, system);
    WeightOrder weights = bridges::channels_last("(k..., out/g, in)", geometry);
    return bridges::finished(std::move(geometry), Form::transpose, std::move(weights), system, name_of(layer.padding));
}

} // namespace convmat
