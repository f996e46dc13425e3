#include <convmat/geometry/conventions/tensorflow.hpp>

#include "systems.hpp"
#include "words.hpp"

namespace convmat::cli {
namespace {

TensorFlowPaddings tensorflow_padding(const Words& words) {
    static const WordList<TensorFlowPadding> rules = {{"same", TensorFlowPadding::same},
                                                      {"valid", TensorFlowPadding::valid}};
    if (const auto* rule = find(rules, words.padding())) return *rule;
    return words.padding_pairs(words.padding(), "SAME, VALID, or begin:end of both axes");
}

ConventionLayer read_tensorflow(const Words& words) {
    const LayerDescription& d = words.description();
    return from_tensorflow(TensorFlowConv{.input = d.input,
                                          .in_channels = *d.in_channels,
                                          .out_channels = *d.out_channels,
                                          .filter_size = d.kernel,
                                          .strides = d.stride,
                                          .padding = tensorflow_padding(words),
                                          .dilations = d.dilation,
                                          .groups = *d.groups});
}

ConventionLayer read_tensorflow_transposed(const Words& words) {
    const LayerDescription& d = words.description();
    if (d.output_size.empty())
        words.refuse("--output-size", "not given", "the output's extents, which conv_transpose wants,");
    return from_tensorflow(TensorFlowConvTranspose{.input = d.input,
                                                   .in_channels = *d.in_channels,
                                                   .out_channels = *d.out_channels,
                                                   .filter_size = d.kernel,
                                                   .output_shape = words.axes(d.output_size),
                                                   .strides = d.stride,
                                                   .padding = tensorflow_padding(words),
                                                   .dilations = d.dilation,
                                                   .groups = *d.groups});
}

ConventionLayer read_tensorflow_depthwise(const Words& words) {
    const LayerDescription& d = words.description();
    return from_tensorflow(TensorFlowDepthwiseConv{.input = d.input,
                                                   .in_channels = *d.in_channels,
                                                   .filter_size = d.kernel,
                                                   .channel_multiplier = words.multiplier(),
                                                   .strides = d.stride,
                                                   .padding = tensorflow_padding(words),
                                                   .dilations = d.dilation});
}

} // namespace

std::vector<Convention> tensorflow_rows() {
    using enum Feature;
    return {{.name = "tensorflow",
             .convolution = {.weights = "kiO",
                             .padding = "valid",
                             .features = {stride, dilation, channels},
                             .read = read_tensorflow},
             .transposed = {.weights = "koI",
                            .padding = "same",
                            .features = {stride, dilation, channels, output_size},
                            .read = read_tensorflow_transposed}},
            {.name = "tensorflow-depthwise",
             .convolution = {.weights = "kIM",
                             .padding = "valid",
                             .features = {stride, dilation, channels},
                             .read = read_tensorflow_depthwise}}};
}

} // namespace convmat::cli
