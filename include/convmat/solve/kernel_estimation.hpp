#pragma once

#include <optional>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/geometry/form.hpp>
#include <convmat/spectrum/singular_values.hpp>

namespace convmat {

struct KernelEstimationOptions {
    double lambda = 0;                    ///< of sum ||Y - M(x) k||² + λ² ||k||²
    std::optional<double> tolerance = {}; ///< singular values of a group's design D up to this count as zero; default
                                          ///< 4 (rows + cols) eps ||D||_2
    Form form = Form::matrix;             ///< whether the layer is y = W x or y = W^T x
};

/// Weights, how well they explain the data, and how far they are to be trusted.
template <class Scalar>
struct KernelEstimate {
    Tensor<Scalar> kernel;      ///< shape (O, C/g, k...); of least norm where the data do not determine it
    double residual_norm = 0;   ///< ||M(x) vec(K) - vec(Y)|| over all samples, as measured
    double normal_residual = 0; ///< ||M(x)^H (vec(Y) - M(x) vec(K)) - λ² vec(K)||, as measured; 0 but for rounding
    Index rank = 0;             ///< of the designs of all groups together
    Index most = 0;             ///< their columns: the data determine the kernel where rank == most
    double noise_variance = 0;  ///< residual_norm² / degrees of freedom: values of Y less the rank of M(x); or 0
    Tensor<Scalar> covariance;  ///< shape (g, q, q): of the weights of any one output channel of the group
    Tensor<double> standard_errors; ///< of kernel's shape: roots of the covariance's diagonal
};

namespace detail {

/// Throws ArgumentError or ShapeError unless options and shapes fit.
void require_estimable(const ConvGeometry& geometry, const Shape& xs, const Shape& ys,
                       const KernelEstimationOptions& options);

template <class S>
KernelEstimate<S> estimate_kernel(const ConvGeometry& geometry, const Tensor<S>& xs, const Tensor<S>& ys,
                                  const KernelEstimationOptions& options);

} // namespace detail

/// K = argmin sum_b ||vec(Y_b) - M(x_b) vec(K)||² + λ² ||K||²: the weights from inputs and what the layer made of them.
///
/// xs has shape (C, n...) or, of several samples, (N, C, n...); ys (O, m...) or (N, O, m...). M(x) is input2matrix():
/// one design D of a group for each of its output channels, N m_1 ... m_D x q with q = (C/g) k_1 ... k_D (I-31b), where
/// D[(b, u), (c, t)] is what tap t reads of channel c at u. With Form::transpose y = W^T x: xs is (N, O, m...), ys (N,
/// C, n...); the design of the weights K[:, c, :] of each of the group's channels c is N n_1 ... n_D x q, q = (O/g) k,
/// and D[(b, i), (o, t)] is the sum of X[o, u] over all u whose tap t reads i.
///
/// QR of D by blocks of rows, D^H D is not formed; then an SVD of R = U Σ V^H: K = V F U^H Q^H Y, F = Σ / (Σ² + λ²),
/// and
///
///     covariance = noise_variance V F² V^H:  (D^H D)^+ or, with N = D^H D + λ² I,  N^{-1} D^H D N^{-1}
///
/// of weights in the order of (c, t), or (o, t) of the transposed layer: entry (a, b) is E[δk_a conj(δk_b)] for
/// independent noise of one variance in Y, without the bias of λ or of what the data do not determine. Data are scaled
/// by powers of 2. Of residuals, variance, covariance and standard errors what exceeds the range of double is infinite,
/// what is below it 0. A singular value below 1e-150 of the largest input counts as zero whatever the tolerance.
///
/// Cost: O(q (q + O/g)) operations a row of D and O(q³) a group; memory for max(q, 1024) + q rows of D and Y, and O(g
/// q²). Throws ShapeError for shapes that do not fit, other numbers of samples or none; ArgumentError for
/// options that mean nothing, and naming the array, the index and the value where a value is not finite; SizeError
/// before it starts when q > 20000 or memory does not suffice, and when the weights are outside the range of double.
template <ScalarType Scalar>
KernelEstimate<Spectral<Scalar>> estimate_kernel(const ConvGeometry& geometry, const Tensor<Scalar>& xs,
                                                 const Tensor<Scalar>& ys,
                                                 const KernelEstimationOptions& options = {}) {
    using S = Spectral<Scalar>;
    detail::require_estimable(geometry, xs.shape(), ys.shape(), options);
    if constexpr (std::same_as<S, Scalar>)
        return detail::estimate_kernel(geometry, xs, ys, options);
    else
        return detail::estimate_kernel(geometry, detail::widened<S>(xs), detail::widened<S>(ys), options);
}

} // namespace convmat
