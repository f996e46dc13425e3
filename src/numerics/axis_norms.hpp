#pragma once

#include <vector>

#include <convmat/geometry/axis.hpp>

#include "dense_svd.hpp"

namespace convmat::numerics {

/// One axis as its tap matrices Π_t (m x n, t < k), in the numbers that norms of W are bounded by.
struct AxisNorms {
    explicit AxisNorms(const Axis& axis);

    Dense<double> rows;        ///< a row for each kind of output u, of the values sum_i |Π_t[u, i]|; kinds x k
    Dense<double> columns;     ///< a row for each kind of input i, of the values sum_u |Π_t[u, i]|; kinds x k
    Dense<double> products;    ///< <Π_t, Π_t'>_F; k x k
    std::vector<double> norms; ///< tap_norm_bounds()
    double unfold = 0;         ///< sqrt(||U||_1 ||U||_inf) >= ||U||_2, U = all Π_t one below the other
    bool apart = true;         ///< no two taps of an output read one input
    bool all_kinds = true;     ///< otherwise rows and columns hold one row, at least all kinds there are
};

/// sqrt(||Π_t||_1 ||Π_t||_inf) >= ||Π_t||_2 for every tap t.
std::vector<double> tap_norm_bounds(const Axis& axis);

/// The elementwise maximum of the rows, as one row.
Dense<double> largest_of_rows(const Dense<double>& kinds);

/// B[a, i, b] = sum_t matrix[i, t] A[a, t, b], row-major, `inner` the number of b.
template <class S>
std::vector<S> applied_to_axis(const Dense<double>& matrix, const std::vector<S>& values, Index inner) {
    const Index outer = std::ssize(values) / (matrix.cols() * inner);
    std::vector<S> result(static_cast<std::size_t>(outer * matrix.rows() * inner));
    multiply_axis<S>(matrix.cast<S>(), values.data(), outer, inner, result.data());
    return result;
}

} // namespace convmat::numerics
