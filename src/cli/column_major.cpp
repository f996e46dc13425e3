#include "column_major.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include <convmat/base/rearrange.hpp>

namespace convmat::cli {
namespace {

// Both extents of an axis are stated, as a transposed layer's are: the remainder is its output padding.
ConvGeometry reversed(const ConvGeometry& geometry) {
    TransposedSpec spec = {.input = {},
                           .kernel = {},
                           .in_channels = geometry.out_channels(),
                           .out_channels = geometry.in_channels(),
                           .groups = geometry.groups()};
    for (Index j = geometry.rank() - 1; j >= 0; --j) {
        const Axis& axis = geometry.axis(j);
        spec.input.push_back(axis.output);
        spec.kernel.push_back(axis.kernel);
        spec.stride.push_back(axis.stride);
        spec.dilation.push_back(axis.dilation);
        spec.padding.push_back(axis.padding);
        spec.boundary.push_back(axis.boundary);
        spec.output_size.push_back(axis.input);
    }
    return ConvGeometry::from_transposed(spec);
}

} // namespace

Layer in_column_major(const Layer& layer) {
    Layer result = {reversed(layer.geometry), layer.form, std::nullopt, layer.reading, layer.note};
    if (!layer.kernel) return result;
    std::vector<Index> order(static_cast<std::size_t>(layer.geometry.rank() + 2));
    std::iota(order.begin(), order.end(), Index{0});
    std::reverse(order.begin() + 2, order.end());
    result.kernel =
        std::visit([&](const auto& kernel) -> AnyTensor { return permute_axes(kernel, order); }, *layer.kernel);
    return result;
}

} // namespace convmat::cli
