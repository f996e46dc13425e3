#include <convmat/geometry/conventions/keras.hpp>

#include "systems.hpp"
#include "words.hpp"

namespace convmat::cli {
namespace {

KerasPadding keras_padding(const Words& words) {
    static const WordList<KerasPadding> rules = {
        {"valid", KerasPadding::valid}, {"same", KerasPadding::same}, {"causal", KerasPadding::causal}};
    return words.named("--padding", words.padding(), rules);
}

ConventionLayer read_keras(const Words& words) {
    const LayerDescription& d = words.description();
    return from_keras(KerasConv{.input = d.input,
                                .in_channels = *d.in_channels,
                                .filters = *d.out_channels,
                                .kernel_size = d.kernel,
                                .strides = d.stride,
                                .padding = keras_padding(words),
                                .dilation_rate = d.dilation,
                                .groups = *d.groups});
}

ConventionLayer read_keras_transposed(const Words& words) {
    const LayerDescription& d = words.description();
    words.refuse_groups();
    return from_keras(KerasConvTranspose{.input = d.input,
                                         .in_channels = *d.in_channels,
                                         .filters = *d.out_channels,
                                         .kernel_size = d.kernel,
                                         .strides = d.stride,
                                         .padding = keras_padding(words),
                                         .output_padding = d.output_padding,
                                         .dilation_rate = d.dilation});
}

ConventionLayer read_keras_depthwise(const Words& words) {
    const LayerDescription& d = words.description();
    return from_keras(KerasDepthwiseConv{.input = d.input,
                                         .in_channels = *d.in_channels,
                                         .kernel_size = d.kernel,
                                         .strides = d.stride,
                                         .padding = keras_padding(words),
                                         .depth_multiplier = words.multiplier(),
                                         .dilation_rate = d.dilation});
}

} // namespace

std::vector<Convention> keras_rows() {
    using enum Feature;
    return {{.name = "keras",
             .convolution =
                 {.weights = "kiO", .padding = "valid", .features = {stride, dilation, channels}, .read = read_keras},
             .transposed = {.weights = "koI",
                            .padding = "valid",
                            .features = {stride, dilation, channels, output_padding},
                            .read = read_keras_transposed}},
            {.name = "keras-depthwise",
             .convolution = {.weights = "kIM",
                             .padding = "valid",
                             .features = {stride, dilation, channels},
                             .read = read_keras_depthwise}}};
}

} // namespace convmat::cli
