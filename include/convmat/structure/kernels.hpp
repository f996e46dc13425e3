#pragma once

#include <span>

#include <convmat/base/tensor.hpp>
#include <convmat/base/types.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/structure/sparse.hpp>

/// Operations on kernels (O, C/g, k...) that are operations on W. Each costs time and memory in proportion to the
/// values it reads and those of its result, unless it says otherwise. Each throws ShapeError for a kernel of fewer than
/// three axes, and SizeError when its result does not fit.
namespace convmat {

/// The spatial extents k of weights (O, C/g, k...). Throws ShapeError for fewer than three axes.
template <ScalarType Scalar>
Shape spatial_extents(const Tensor<Scalar>& kernel);

/// flip(K)[o, c, t] = K[o, c, k - 1 - t]: every spatial axis reversed.
template <ScalarType Scalar>
Tensor<Scalar> flipped(const Tensor<Scalar>& kernel);

/// swap(K)[c, o, t] = K[o, c, t] within each group: (O, C/g, k...) becomes (C, O/g, k...), the weights of a layer from
/// O to C channels. Throws ShapeError unless the groups divide O.
template <ScalarType Scalar>
Tensor<Scalar> channels_swapped(const Tensor<Scalar>& kernel, Index groups);

/// conj(K), value by value, of an array of any shape; real values as they are.
template <ScalarType Scalar>
Tensor<Scalar> conjugated(Tensor<Scalar> kernel);

/// The weights as one group: zero between channels of different groups; (O, C/g, k...) becomes (O, C, k...). Throws
/// ShapeError unless the groups divide O.
template <ScalarType Scalar>
Tensor<Scalar> ungrouped(const Tensor<Scalar>& kernel, Index groups);

/// (K↑d)[o, c, d∘t] = K[o, c, t], zero between: d - 1 zeros inserted on each axis; extents d (k - 1) + 1, 0 where
/// k is. Throws ShapeError unless there is a d >= 1 for each spatial axis.
template <ScalarType Scalar>
Tensor<Scalar> dilated(const Tensor<Scalar>& kernel, const Shape& dilation);

/// K[o, c, first + s∘t], the taps s apart: one phase of a stride. An axis with no such tap has extent 0. Throws
/// ShapeError unless there are an s >= 1 and a first >= 0 for each spatial axis.
template <ScalarType Scalar>
Tensor<Scalar> every(const Tensor<Scalar>& kernel, const Shape& stride, const Shape& first);

/// (K1 ★ K2)[o, c, t] = Σ_{μ, t1 + t2 = t} K2[o, μ, t2] K1[μ, c, t1]: the kernel of W(K2) W(K1), one group each;
/// extents k1 + k2 - 1. Cost: the product of both kernels' weights / M, for M channels between. Throws ShapeError
/// unless K1 is (M, C, k1...), K2 is (O, M, k2...) with as many axes, and no extent is 0.
template <ScalarType Scalar>
Tensor<Scalar> composed(const Tensor<Scalar>& first, const Tensor<Scalar>& second);

/// The matrix of (rows x cols) values, row-major, zeros left out. Throws ShapeError unless there are rows cols values.
template <ScalarType Scalar>
Sparse<Scalar> sparse_from(std::span<const Scalar> values, Index rows, Index cols);

/// K_t with K_t[o, c] = K[o, c, t]: the weights of one tap; shape O x C, block-diagonal where there are groups. `t`
/// counts the taps in row-major order. Reads the O C/g weights of that tap alone. Throws ShapeError unless the kernel
/// has the geometry's kernel_shape() and 0 <= t < |k|.
template <ScalarType Scalar>
Sparse<Scalar> kernel_tap(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, Index t);

/// K_mat: the kernel as a matrix, one row an output channel; shape O x (C |k|), block-diagonal where there are groups.
/// W = (K_mat ⊗ I_|m|) · unfold_matrix. Throws ShapeError unless the kernel has the geometry's kernel_shape().
template <ScalarType Scalar>
Sparse<Scalar> kernel_matrix(const ConvGeometry& geometry, const Tensor<Scalar>& kernel);

} // namespace convmat
