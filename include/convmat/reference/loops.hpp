#pragma once

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>

/// The oracle: direct loops, slow by design, that share no index code with the tap tables the matrices are built from.
namespace convmat::reference {

/// Y[o, u] = sum_{c, t} K[o, c, t] X[c, s∘u + d∘t - p], gathered from the extended input.
/// X has shape (C, n...), K (O, C/g, k...), the result (O, m...). Throws ShapeError otherwise. Cost: m_1 ... m_D O
/// (C/g) k_1 ... k_D multiplications and a copy of the extended input.
template <ScalarType Scalar>
Tensor<Scalar> convolve(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, const Tensor<Scalar>& input);

/// Z = W^T Y: every Y[o, u] scatters its stamp, Z_extended[c, s∘u + d∘t - p] += K[o, c, t] Y[o, u], and the extension
/// is folded back. The chapter's trans_conv, for any geometry. Y has shape (O, m...), K (O, C/g, k...), the result (C,
/// n...). No conjugation.
template <ScalarType Scalar>
Tensor<Scalar> transpose(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, const Tensor<Scalar>& output);

/// X extended by its boundary on every axis and cropped where padding is negative: shape (C, n + p_begin + p_end ...).
template <ScalarType Scalar>
Tensor<Scalar> extend(const ConvGeometry& geometry, const Tensor<Scalar>& input);

/// The transpose of extend: (C, n + p_begin + p_end ...) back to (C, n...).
template <ScalarType Scalar>
Tensor<Scalar> fold(const ConvGeometry& geometry, const Tensor<Scalar>& extended);

} // namespace convmat::reference
