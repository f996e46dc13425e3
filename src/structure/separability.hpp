#pragma once

#include <optional>
#include <vector>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>

namespace convmat::detail {

/// Which parts of an array separate off. Part 0 is the channels (all pairs of them), part j + 1 the spatial axis j:
///
///     part 0:      K[o, c, t] = A[o, c] K'[t]
///     part j + 1:  K[o, c, t] = a[t_j] K'[o, c, the other t]
struct Separability {
    std::vector<bool> parts;        ///< an extent of 1 always does
    bool all = false;               ///< K[o, c, t] = A[o, c] a_0[t_0] a_1[t_1] ...
    std::optional<double> residual; ///< of that, relative to ||K||_F; unknown for values that are not finite
};

/// Of `kernel`, or, where `group` is given, of the output channels of that group alone. Exact for integers.
template <ScalarType Scalar>
Separability separability(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, double tolerance,
                          std::optional<Index> group = {});

/// The rank of the matrix that a kernel of one channel with two axes of several taps is; 0 when it is no such, not
/// finite, or more than 64 taps in both directions. Singular values up to tolerance times the largest are taken for 0;
/// integers are exact.
template <ScalarType Scalar>
Index rank_on_two_axes(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, double tolerance);

} // namespace convmat::detail
