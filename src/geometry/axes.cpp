#include <convmat/geometry/axes.hpp>

namespace convmat {

ConvSpec spec_of(std::span<const Axis> axes) {
    ConvSpec spec;
    for (const Axis& axis : axes) {
        spec.input.push_back(axis.input);
        spec.kernel.push_back(axis.kernel);
        spec.stride.push_back(axis.stride);
        spec.dilation.push_back(axis.dilation);
        spec.padding.push_back(axis.padding);
        spec.boundary.push_back(axis.boundary);
    }
    return spec;
}

ConvSpec spec_of(const ConvGeometry& geometry) {
    ConvSpec spec = spec_of(geometry.axes());
    spec.in_channels = geometry.in_channels();
    spec.out_channels = geometry.out_channels();
    spec.groups = geometry.groups();
    return spec;
}

} // namespace convmat
