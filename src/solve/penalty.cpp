#include <convmat/solve/penalty.hpp>

namespace convmat {
namespace {

// Of one channel of x; each axis periodic or not.
ConvSpec one_channel(const ConvGeometry& geometry, Form form) {
    ConvSpec spec;
    for (const Axis& axis : geometry.axes()) {
        spec.input.push_back(form == Form::matrix ? axis.input : axis.output);
        spec.kernel.push_back(1);
        spec.padding.emplace_back();
        spec.boundary.push_back(axis.boundary == Boundary::periodic ? Boundary::periodic : Boundary::half_symmetric);
    }
    return spec;
}

PenaltyLayer layer_of(const ConvSpec& spec) {
    const ConvGeometry geometry(spec);
    return {geometry, Tensor<double>(geometry.kernel_shape())};
}

std::vector<PenaltyLayer> gradient(const ConvSpec& spec) {
    std::vector<PenaltyLayer> layers;
    for (std::size_t j = 0; j < spec.input.size(); ++j) {
        if (spec.input[j] == 1) continue;
        ConvSpec along = spec;
        along.kernel[j] = 2;
        along.padding[j].end = spec.boundary[j] == Boundary::periodic ? 1 : 0;
        PenaltyLayer layer = layer_of(along);
        layer.kernel[0] = -1;
        layer.kernel[1] = 1;
        layers.push_back(std::move(layer));
    }
    return layers;
}

PenaltyLayer laplacian(ConvSpec spec) {
    for (std::size_t j = 0; j < spec.input.size(); ++j)
        if (spec.input[j] > 1) {
            spec.kernel[j] = 3;
            spec.padding[j] = {1, 1};
        }
    PenaltyLayer layer = layer_of(spec);
    const Index centre = layer.kernel.size() / 2;
    Index step = 1;
    for (std::size_t j = spec.kernel.size(); j-- > 0; step *= spec.kernel[j]) {
        if (spec.kernel[j] == 1) continue;
        layer.kernel[centre] += 2;
        layer.kernel[centre - step] = layer.kernel[centre + step] = -1;
    }
    return layer;
}

} // namespace

std::vector<PenaltyLayer> penalty_layers(const ConvGeometry& geometry, Form form, Penalty penalty) {
    const ConvSpec spec = one_channel(geometry, form);
    switch (penalty) {
    case Penalty::identity: {
        PenaltyLayer layer = layer_of(spec);
        layer.kernel[0] = 1;
        return {layer};
    }
    case Penalty::gradient:
        return gradient(spec);
    case Penalty::laplacian:
        return {laplacian(spec)};
    default:
        return {};
    }
}

} // namespace convmat
