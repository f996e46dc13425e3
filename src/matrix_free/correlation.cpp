#include "correlation.hpp"

#include <algorithm>

#include <convmat/base/checked.hpp>
#include <convmat/base/positions.hpp>

namespace convmat::matrix_free {
namespace {

// Joins the last axis to the one before it while both are only read along: their positions are one run in memory.
void join_trivial_axes(Correlation& correlation) {
    auto& axes = correlation.axes;
    const auto trivial = [&](std::size_t j) { return axes[j].trivial() && correlation.kernel[j] == 1; };
    while (axes.size() > 1 && trivial(axes.size() - 1) && trivial(axes.size() - 2)) {
        const Index extent = axes.back().dest_extent * axes[axes.size() - 2].dest_extent;
        axes.pop_back();
        correlation.kernel.pop_back();
        axes.back() = AxisCorrelation::identity(extent);
    }
}

bool folds(const Axis& axis) {
    return axis.boundary != Boundary::zero && (axis.padding.begin > 0 || axis.padding.end > 0);
}

} // namespace

Index Correlation::source_size() const {
    Index size = 1;
    for (const AxisCorrelation& axis : axes) size *= axis.source_extent;
    return size;
}

Index Correlation::dest_size() const {
    Index size = 1;
    for (const AxisCorrelation& axis : axes) size *= axis.dest_extent;
    return size;
}

Index Correlation::dest_phases() const {
    Index count = 1;
    for (const AxisCorrelation& axis : axes) count = checked_mul(count, axis.dest_phases(), "ConvOperator: phases");
    return count;
}

Index Correlation::source_phases() const {
    Index count = 1;
    for (const AxisCorrelation& axis : axes) count *= static_cast<Index>(axis.source_phases.size());
    return count;
}

std::vector<Index> Correlation::phase_of(Index number) const {
    Shape phases;
    for (const AxisCorrelation& axis : axes) phases.push_back(axis.dest_phases());
    return unravel(number, phases);
}

Correlation forward_correlation(const ConvGeometry& geometry, Index parts) {
    Correlation result;
    result.groups = geometry.groups();
    result.source_channels = geometry.in_channels_per_group();
    result.dest_channels = geometry.out_channels_per_group();
    result.parts = parts;
    for (const Axis& axis : geometry.axes()) {
        result.axes.push_back(AxisCorrelation::forward(axis));
        result.kernel.push_back(axis.kernel);
    }
    join_trivial_axes(result);
    return result;
}

Correlation backward_correlation(const ConvGeometry& geometry, Index parts) {
    Correlation result;
    result.groups = geometry.groups();
    result.source_channels = geometry.out_channels_per_group();
    result.dest_channels = geometry.in_channels_per_group();
    result.parts = parts;
    result.backward = true;
    const bool folded = folds(geometry);
    for (const Axis& axis : geometry.axes()) {
        result.axes.push_back(folded ? AxisCorrelation::transposed(axis, -axis.padding.begin, axis.padded_input())
                                     : AxisCorrelation::transposed(axis, 0, axis.input));
        result.kernel.push_back(axis.kernel);
    }
    join_trivial_axes(result);
    return result;
}

bool folds(const ConvGeometry& geometry) {
    return std::ranges::any_of(geometry.axes(), [](const Axis& axis) { return folds(axis); });
}

} // namespace convmat::matrix_free
