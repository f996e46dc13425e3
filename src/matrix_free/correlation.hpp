#pragma once

#include <vector>

#include <convmat/geometry/conv_geometry.hpp>

#include "axis_correlation.hpp"

namespace convmat::matrix_free {

/// A convolution or a transposed convolution as one and the same thing, a correlation from `source` to `dest`:
///
///     dest[o, ...] = sum over c and taps of  weight[o, c, tap] source[c, ...]      in each of the groups
///
/// Both arrays are channels first. Complex values count as two real ones that lie side by side (`parts` 2).
struct Correlation {
    std::vector<AxisCorrelation> axes;
    Index groups = 1;
    Index source_channels = 1; // in a group
    Index dest_channels = 1;   // in a group
    Index parts = 1;           // real numbers in a value
    Shape kernel;              // spatial extents
    bool backward = false;

    Index source_size() const; ///< positions in a source channel
    Index dest_size() const;   ///< positions in a dest channel

    /// Rows of real dest values that share one source: dest_channels * parts.
    Index rows() const { return dest_channels * parts; }

    /// The combinations of the axes' dest phases, row-major; phase_of gives one's phase on each axis.
    Index dest_phases() const;
    std::vector<Index> phase_of(Index number) const;

    /// The combinations of the axes' source phases.
    Index source_phases() const;
};

/// vec(Y) = W vec(X).
Correlation forward_correlation(const ConvGeometry& geometry, Index parts);

/// vec(Z) = W^T vec(Y), and where the boundary folds, the Z that is to be folded: extents n + p_begin + p_end.
Correlation backward_correlation(const ConvGeometry& geometry, Index parts);

/// Whether W^T folds positions outside the input back in.
bool folds(const ConvGeometry& geometry);

/// visit(kernel position, offset) for every tap of one combination of dest phases, kernel positions ascending. Offsets
/// are those of the taps in an array with these strides, whose source phases are phase_stride apart.
template <class Visit>
void for_each_tap(const Correlation& correlation, const std::vector<Index>& dest_phase,
                  const std::vector<Index>& strides, Index phase_stride, const Visit& visit) {
    struct Partial {
        Index kernel = 0, phase = 0, offset = 0;
    };
    const auto descend = [&](const auto& self, std::size_t j, const Partial& partial) -> void {
        if (j == correlation.axes.size()) {
            visit(partial.kernel, partial.offset + partial.phase * phase_stride);
            return;
        }
        const AxisCorrelation& axis = correlation.axes[j];
        for (const auto& tap : axis.taps[static_cast<std::size_t>(dest_phase[j])])
            self(self, j + 1,
                 {partial.kernel * correlation.kernel[j] + tap.kernel,
                  partial.phase * static_cast<Index>(axis.source_phases.size()) + tap.phase,
                  partial.offset + (tap.shift - axis.first_shift) * strides[j]});
    };
    descend(descend, 0, {});
}

} // namespace convmat::matrix_free
