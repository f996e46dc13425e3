#pragma once

#include <convmat/base/types.hpp>
#include <convmat/geometry/boundary.hpp>

namespace convmat {

/// Positions added before and after an axis; negative ones are taken away (a crop).
struct Padding {
    Index begin = 0;
    Index end = 0;
    friend bool operator==(const Padding&, const Padding&) = default;
};

/// One spatial axis of a convolution: Y[u] = sum_t K[t] X[s u + d t - p_begin],  0 <= u < m,  0 <= t < k,
/// where X outside 0..n-1 is what the boundary says. A ConvGeometry holds only axes it has checked.
struct Axis {
    Index input = 1;    ///< n, the input extent
    Index kernel = 1;   ///< k, the kernel extent
    Index output = 1;   ///< m, the output extent: formula_output(), or less (see ConvGeometry::from_transposed)
    Index stride = 1;   ///< s
    Index dilation = 1; ///< d; 1 is an ordinary kernel
    Padding padding;    ///< p_begin, p_end
    Boundary boundary = Boundary::zero;

    /// d (k - 1) + 1: how far the dilated kernel reaches.
    Index effective_kernel() const { return dilation * (kernel - 1) + 1; }

    /// n + p_begin + p_end: the extent after padding.
    Index padded_input() const { return input + padding.begin + padding.end; }

    /// floor((n + p_begin + p_end - k_eff) / s) + 1: every output position whose window lies in the padded input.
    Index formula_output() const { return (padded_input() - effective_kernel()) / stride + 1; }

    /// n + p_begin + p_end - k_eff - s (m - 1): padded input positions after the last window. The transposed
    /// convolution needs it as output padding to get back to n. Below s exactly when m == formula_output().
    Index remainder() const { return padded_input() - effective_kernel() - stride * (output - 1); }

    friend bool operator==(const Axis&, const Axis&) = default;
};

} // namespace convmat
