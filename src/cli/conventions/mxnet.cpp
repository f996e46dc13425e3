#include <convmat/geometry/conventions/mxnet.hpp>

#include "systems.hpp"
#include "words.hpp"

namespace convmat::cli {
namespace {

ConventionLayer read_mxnet(const Words& words) {
    const LayerDescription& d = words.description();
    return from_mxnet(MXNetConvolution{.data = d.input,
                                       .in_channels = *d.in_channels,
                                       .num_filter = *d.out_channels,
                                       .kernel = d.kernel,
                                       .stride = words.axes(d.stride),
                                       .dilate = words.axes(d.dilation),
                                       .pad = words.padding_numbers(words.padding()),
                                       .num_group = *d.groups});
}

ConventionLayer read_mxnet_transposed(const Words& words) {
    const LayerDescription& d = words.description();
    return from_mxnet(MXNetDeconvolution{.data = d.input,
                                         .in_channels = *d.in_channels,
                                         .num_filter = *d.out_channels,
                                         .kernel = d.kernel,
                                         .stride = words.axes(d.stride),
                                         .dilate = words.axes(d.dilation),
                                         .pad = words.padding_numbers(words.padding()),
                                         .adj = words.axes(d.output_padding),
                                         .target_shape = words.axes(d.output_size),
                                         .num_group = *d.groups});
}

} // namespace

std::vector<Convention> mxnet_rows() {
    using enum Feature;
    return {{.name = "mxnet",
             .convolution =
                 {.weights = "Oik", .padding = "0", .features = {stride, dilation, channels}, .read = read_mxnet},
             .transposed = {.weights = "Iok",
                            .padding = "0",
                            .features = {stride, dilation, channels, output_padding, output_size},
                            .read = read_mxnet_transposed}}};
}

} // namespace convmat::cli
