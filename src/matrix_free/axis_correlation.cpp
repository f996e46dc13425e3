#include "axis_correlation.hpp"

#include <algorithm>

#include <convmat/base/checked.hpp>

namespace convmat::matrix_free {
namespace {

// Sets first_shift and last_shift from the taps.
void measure(AxisCorrelation& axis) {
    bool any = false;
    for (const auto& phase : axis.taps)
        for (const AxisCorrelation::Tap& tap : phase) {
            axis.first_shift = any ? std::min(axis.first_shift, tap.shift) : tap.shift;
            axis.last_shift = any ? std::max(axis.last_shift, tap.shift) : tap.shift;
            any = true;
        }
}

} // namespace

AxisCorrelation AxisCorrelation::forward(const Axis& axis) {
    AxisCorrelation result;
    result.source_extent = axis.input;
    result.source_step = axis.stride;
    result.boundary = axis.boundary;
    result.dest_extent = axis.output;
    result.source_phases.clear();
    result.taps = {{}};
    for (Index t = 0; t < axis.kernel; ++t) {
        const Index position = axis.dilation * t - axis.padding.begin;
        const Index phase = floor_mod(position, axis.stride);
        const auto found = std::ranges::find(result.source_phases, phase);
        const Index number = found - result.source_phases.begin();
        if (found == result.source_phases.end()) result.source_phases.push_back(phase);
        result.taps.front().push_back({t, number, floor_div(position, axis.stride)});
    }
    measure(result);
    return result;
}

AxisCorrelation AxisCorrelation::transposed(const Axis& axis, Index first, Index extent) {
    AxisCorrelation result;
    result.source_extent = axis.output;
    result.dest_extent = extent;
    result.dest_step = axis.stride;
    result.taps.assign(static_cast<std::size_t>(std::min(axis.stride, extent)), {});
    // s u = first + (s i + r) + p - d t, so phase r has the taps for which s divides first + r + p - d t.
    for (Index t = 0; t < axis.kernel; ++t) {
        const Index position = axis.dilation * t - axis.padding.begin - first;
        const Index phase = floor_mod(position, axis.stride);
        if (phase < result.dest_phases())
            result.taps[static_cast<std::size_t>(phase)].push_back({t, 0, (phase - position) / axis.stride});
    }
    measure(result);
    return result;
}

AxisCorrelation AxisCorrelation::identity(Index extent) {
    AxisCorrelation result;
    result.source_extent = extent;
    result.dest_extent = extent;
    return result;
}

} // namespace convmat::matrix_free
