#pragma once

#include <vector>

#include <convmat/base/types.hpp>
#include <convmat/geometry/axis.hpp>

namespace convmat::matrix_free {

/// One axis of a correlation. With the destination taken apart into g phases and the source into h, the convolution
/// and its transpose are the same sum without stuffed zeros (polyphase):
///
///     dest[g i + r] = sum over the taps (t, phase, shift) of phase r of  K[t] source[h (i + shift) +
///     source_phases[phase]]
///
/// Forward has h = s and g = 1, the transpose h = 1 and g = s. Source positions outside are what the boundary says.
struct AxisCorrelation {
    struct Tap {
        Index kernel = 0; // t
        Index phase = 0;
        Index shift = 0;
    };

    Index source_extent = 1;
    Index source_step = 1; // h
    Boundary boundary = Boundary::zero;
    Index dest_extent = 1;
    Index dest_step = 1;                            // g
    std::vector<Index> source_phases = {0};         // those that a tap reads
    std::vector<std::vector<Tap>> taps = {{Tap{}}}; // of each dest phase that has a position
    Index first_shift = 0;                          // the least of any tap
    Index last_shift = 0;                           // the largest

    /// Y[u] = sum_t K[t] X[s u + d t - p] under the axis's boundary.
    static AxisCorrelation forward(const Axis& axis);

    /// Z[i] = sum over s u + d t - p = i of K[t] Y[u], for the inputs i in [first, first + extent): what the transpose
    /// gives before positions outside the input are folded back.
    static AxisCorrelation transposed(const Axis& axis, Index first, Index extent);

    /// An axis that is only copied along, as the images of a batch are.
    static AxisCorrelation identity(Index extent);

    Index dest_phases() const { return static_cast<Index>(taps.size()); }

    /// The number of dest positions of a phase.
    Index count(Index phase) const { return (dest_extent - phase + dest_step - 1) / dest_step; }

    /// How many more source positions than dest positions a run of dest positions reads, per phase.
    Index reach() const { return last_shift - first_shift; }

    /// Whether every source position that is read exists.
    bool reads_inside() const {
        return source_step == 1 && first_shift + source_phases.front() >= 0 &&
               count(0) + last_shift + source_phases.back() <= source_extent;
    }

    /// Whether it is the identity.
    bool trivial() const {
        return source_step == 1 && dest_step == 1 && taps.front().size() == 1 && first_shift == 0 && last_shift == 0 &&
               source_extent == dest_extent;
    }
};

} // namespace convmat::matrix_free
