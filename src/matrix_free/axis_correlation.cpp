#include "axis_correlation.hpp"

#include <algorithm>
#include <unordered_map>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>

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

// Whether a tap of a dest phase reads a position of the source at all, for the boundary zero.
bool reads(const AxisCorrelation& axis, Index dest_phase, Index source_phase, Index shift) {
    const Index first = axis.source_step * shift + source_phase;
    const Index last = axis.source_step * (axis.count(dest_phase) - 1 + shift) + source_phase;
    return axis.boundary != Boundary::zero || (last >= 0 && first < axis.source_extent);
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
    std::unordered_map<Index, Index> numbers;
    for (Index t = 0; t < axis.kernel; ++t) {
        const Index position = axis.dilation * t - axis.padding.begin;
        const Index phase = floor_mod(position, axis.stride);
        const Index shift = floor_div(position, axis.stride);
        if (!reads(result, 0, phase, shift)) continue;
        const auto [number, is_new] = numbers.try_emplace(phase, std::ssize(result.source_phases));
        if (is_new) result.source_phases.push_back(phase);
        result.taps.front().push_back({t, number->second, shift});
    }
    if (result.source_phases.empty()) result.source_phases.push_back(0);
    measure(result);
    return result;
}

AxisCorrelation AxisCorrelation::transposed(const Axis& axis, Index first, Index extent) {
    AxisCorrelation result;
    result.source_extent = axis.output;
    result.dest_extent = extent;
    result.dest_step = axis.stride;
    const Index phases = std::min(axis.stride, extent);
    require_memory(checked_mul(phases, Index{sizeof(result.taps.front())}, "ConvOperator: phases of an axis"),
                   "ConvOperator: the phases of an axis");
    result.taps.assign(static_cast<std::size_t>(phases), {});
    // s u = first + (s i + r) + p - d t, so phase r has the taps for which s divides first + r + p - d t.
    for (Index t = 0; t < axis.kernel; ++t) {
        const Index position = axis.dilation * t - axis.padding.begin - first;
        const Index phase = floor_mod(position, axis.stride);
        if (phase >= result.dest_phases()) continue;
        const Index shift = (phase - position) / axis.stride;
        if (reads(result, phase, 0, shift)) result.taps[static_cast<std::size_t>(phase)].push_back({t, 0, shift});
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
