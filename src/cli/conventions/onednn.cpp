#include <convmat/geometry/conventions/onednn.hpp>

#include "systems.hpp"
#include "words.hpp"

namespace convmat::cli {
namespace {

template <class Primitive>
ConventionLayer read_onednn(const Words& words) {
    const LayerDescription& d = words.description();
    Primitive layer = {.src = d.input,
                       .ic = *d.in_channels,
                       .oc = *d.out_channels,
                       .kernel = d.kernel,
                       .strides = words.axes(d.stride),
                       .dilates = words.axes(d.dilation),
                       .dst = words.axes(d.output_size)};
    for (const Padding& pair : words.padding_pairs(words.padding())) {
        layer.padding_l.push_back(pair.begin);
        layer.padding_r.push_back(pair.end);
    }
    if (*d.groups != 1 || d.groups_axis) layer.groups = d.groups;
    return from_onednn(layer);
}

} // namespace

std::vector<Convention> onednn_rows() {
    using enum Feature;
    return {{.name = "onednn",
             .convolution = {.weights = "Oik",
                             .weights_with_groups = "goik",
                             .padding = "0",
                             .features = {stride, dilation, channels},
                             .read = read_onednn<OneDnnConvolution>},
             .transposed = {.weights = "OIk",
                            .weights_with_groups = "goik",
                            .padding = "0",
                            .features = {stride, dilation, channels, output_size},
                            .read = read_onednn<OneDnnDeconvolution>}}};
}

} // namespace convmat::cli
