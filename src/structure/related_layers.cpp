#include <convmat/structure/related_layers.hpp>

namespace convmat {

ConvGeometry unit_stride(const ConvGeometry& geometry) {
    ConvSpec spec = spec_of(geometry);
    spec.stride.clear();
    return ConvGeometry(spec);
}

ConvGeometry unpadded(const ConvGeometry& geometry) {
    ConvSpec spec = spec_of(geometry);
    spec.input = each_axis(geometry.axes(), &Axis::padded_input);
    spec.padding.clear();
    spec.boundary.clear();
    return ConvGeometry(spec);
}

ConvGeometry transpose_as_convolution(const ConvGeometry& geometry) {
    ConvSpec spec = spec_of(geometry);
    std::swap(spec.in_channels, spec.out_channels);
    spec.stride.clear();
    spec.boundary.clear();
    for (std::size_t j = 0; j < spec.input.size(); ++j) {
        const Axis& axis = geometry.axes()[j];
        const Index reach = axis.effective_kernel() - 1;
        spec.input[j] = axis.stride * (axis.output - 1) + 1;
        spec.padding[j] = {reach - axis.padding.begin, reach - axis.padding.end + axis.remainder()};
    }
    return ConvGeometry(spec);
}

} // namespace convmat
