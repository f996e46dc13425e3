#include <algorithm>

#include <convmat/base/checked.hpp>
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

ConventionLayer tensorflow_transposed_of(const Words& words) {
    const LayerDescription& d = words.description();
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

// A list of the layer for every axis, 1 where it is not given; refuses what is no such list.
Shape positive_axes(const Words& words, const char* option, const Shape& list) {
    const std::size_t rank = words.description().input.size();
    const Shape axes = list.empty() ? Shape(rank, 1) : words.axes(list);
    if (axes.size() != rank || std::ranges::min(axes) < 1)
        words.refuse(option, to_string(list), concat("one value, or ", rank, ", each from 1"));
    return axes;
}

// The output extents from which the convolution writes the input: `73x73 to 74x74`.
std::string possible_sizes(const Words& words) {
    constexpr const char* what = "output size";
    const LayerDescription& d = words.description();
    const Shape strides = positive_axes(words, "--stride", d.stride);
    const Shape dilations = positive_axes(words, "--dilation", d.dilation);
    const TensorFlowPaddings padding = tensorflow_padding(words);
    const auto* rule = std::get_if<TensorFlowPadding>(&padding);
    const auto* pairs = std::get_if<PerAxis<Padding>>(&padding);
    Shape first, last;
    for (std::size_t j = 0; j < d.input.size(); ++j) {
        const bool same = rule != nullptr && *rule == TensorFlowPadding::same;
        const Index covered = same ? 1 : checked_add(checked_mul(dilations[j], d.kernel[j] - 1, what), 1, what);
        const Index padded = pairs == nullptr ? 0 : checked_add(pairs->at(j).begin, pairs->at(j).end, what);
        first.push_back(
            checked_add(checked_mul(d.input[j] - 1, strides[j], what), checked_add(covered, -padded, what), what));
        last.push_back(checked_add(first.back(), strides[j] - 1, what));
    }
    return first == last ? to_string(first) : concat(to_string(first), " to ", to_string(last));
}

ConventionLayer read_tensorflow_transposed(const Words& words) {
    const LayerDescription& d = words.description();
    if (d.output_size.empty())
        words.refuse("--output-size", "not given",
                     concat("the output's extents, which conv_transpose wants: ", possible_sizes(words), ','));
    try {
        return tensorflow_transposed_of(words);
    } catch (const GeometryError& error) {
        if (error.fault().parameter != "output_size" || d.output_size.size() != d.input.size()) throw;
        words.refuse("--output-size", to_string(d.output_size),
                     concat(possible_sizes(words), ", from which the convolution writes ", to_string(d.input), ','));
    }
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
