#include <convmat/geometry/conventions/onnx.hpp>

#include "systems.hpp"
#include "words.hpp"

namespace convmat::cli {
namespace {

// pads as ONNX lists them, 1,1,2,2, or as convmat does.
template <class Layer>
void read_onnx_padding(const Words& words, Layer& layer) {
    static const WordList<OnnxAutoPad> rules = {{"same_upper", OnnxAutoPad::same_upper},
                                                {"same_lower", OnnxAutoPad::same_lower},
                                                {"valid", OnnxAutoPad::valid},
                                                {"notset", OnnxAutoPad::not_set}};
    const std::string text = words.padding();
    if (const auto* rule = find(rules, text)) {
        layer.auto_pad = *rule;
        return;
    }
    if (text.find(',') != std::string::npos) {
        for (const std::string_view piece : split(text, ',')) layer.pads.push_back(parse_integer("--padding", piece));
        return;
    }
    const auto pairs = words.padding_pairs(text, "pads such as 1,1,2,2, or " + listed(rules));
    for (const Padding& pair : pairs) layer.pads.push_back(pair.begin);
    for (const Padding& pair : pairs) layer.pads.push_back(pair.end);
}

ConventionLayer read_onnx(const Words& words) {
    const LayerDescription& d = words.description();
    OnnxConv layer = {.input = d.input,
                      .in_channels = *d.in_channels,
                      .out_channels = *d.out_channels,
                      .kernel_shape = d.kernel,
                      .strides = words.axes(d.stride),
                      .dilations = words.axes(d.dilation),
                      .group = *d.groups};
    read_onnx_padding(words, layer);
    return from_onnx(layer);
}

ConventionLayer read_onnx_transposed(const Words& words) {
    const LayerDescription& d = words.description();
    OnnxConvTranspose layer = {.input = d.input,
                               .in_channels = *d.in_channels,
                               .out_channels = *d.out_channels,
                               .kernel_shape = d.kernel,
                               .strides = words.axes(d.stride),
                               .dilations = words.axes(d.dilation),
                               .group = *d.groups,
                               .output_padding = words.axes(d.output_padding),
                               .output_shape = words.axes(d.output_size)};
    read_onnx_padding(words, layer);
    return from_onnx(layer);
}

} // namespace

std::vector<Convention> onnx_rows() {
    using enum Feature;
    return {{.name = "onnx",
             .convolution =
                 {.weights = "Oik", .padding = "notset", .features = {stride, dilation, channels}, .read = read_onnx},
             .transposed = {.weights = "Iok",
                            .padding = "notset",
                            .features = {stride, dilation, channels, output_padding, output_size},
                            .read = read_onnx_transposed}}};
}

} // namespace convmat::cli
