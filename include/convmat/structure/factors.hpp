#pragma once

#include <convmat/base/types.hpp>
#include <convmat/geometry/axis.hpp>
#include <convmat/geometry/boundary.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/structure/sparse.hpp>

/// The factors of W as explicit sparse matrices, to be looked at and multiplied out:
///
///     W = S · W_1 · P            stride_matrix · kernel2matrix(unit_stride(unpadded(g)), K) · pad_matrix
///     W = Σ_t K_t ⊗ Π_t          kernel_tap, tap_matrix
///     W = (K_mat ⊗ I_|m|) · U    kernel_matrix, unfold_matrix
///     W^T = W' · U_s             zero_stuffing_matrix (boundary zero)
///
/// Every function returns a compressed row-major Eigen::SparseMatrix<Scalar> and costs time and memory in proportion to
/// its rows and nonzeros. SizeError is thrown when the result fits neither int indices nor memory: before anything is
/// allocated, and where the result is a product over axes, before anything but the factors of the single axes is.
namespace convmat {

/// S[u, i] = 1 iff i = s u: every s-th of n values, the first m of them; shape m x n. Throws ShapeError unless
/// s (m - 1) < n.
template <ScalarType Scalar = double>
Sparse<Scalar> stride_selection(Index m, Index n, Index s, Index first = 0);

/// U_s[s u, u] = 1: s - 1 zeros between m values; shape (s (m - 1) + 1) x m. Throws ShapeError unless m >= 1 and s >=
/// 1.
template <ScalarType Scalar = double>
Sparse<Scalar> zero_stuffing(Index m, Index s);

/// Y[i] = X[i - by], with what the boundary says from outside; shape n x n. A shift by a positive number moves values
/// to higher positions. Throws ShapeError for n < 0, SizeError when a position i - by comes near the ends of an Index.
template <ScalarType Scalar = double>
Sparse<Scalar> shift_matrix(Index n, Index by, Boundary boundary = Boundary::periodic);

/// J[i, n - 1 - i] = 1: the exchange matrix, which reverses; shape n x n. For C channels of spatial extents n, the
/// reversal of all spatial axes is I_C ⊗ J_|n|. Throws ShapeError for n < 0.
template <ScalarType Scalar = double>
Sparse<Scalar> exchange_matrix(Index n);

/// P[q, i]: what X[i] contributes to position q - p_begin of the extended axis; shape (n + p_begin + p_end) x n. Zero
/// boundary: rows of zeros around an identity. P^T is the fold: it crops, adds what was wrapped or mirrored, or sums
/// into the edge.
template <ScalarType Scalar = double>
Sparse<Scalar> pad_matrix(const Axis& axis);

/// Π_t[u, i]: the coefficient with which tap t of output u reads input i, s u + d t - p_begin = i where that lies
/// inside; shape m x n. W of one channel on one axis is Σ_t K[t] Π_t. Throws ShapeError unless 0 <= t < k.
template <ScalarType Scalar = double>
Sparse<Scalar> tap_matrix(const Axis& axis, Index t);

/// Π_t = Π_t1 ⊗ ... ⊗ Π_tD, one tap of the whole kernel on one channel; shape |m| x |n|. Throws ShapeError unless t is
/// a position of the kernel.
template <ScalarType Scalar = double>
Sparse<Scalar> tap_matrix(const ConvGeometry& geometry, const Shape& t);

/// I_C ⊗ P_1 ⊗ ... ⊗ P_D: vec of the extended input from vec of the input.
template <ScalarType Scalar = double>
Sparse<Scalar> pad_matrix(const ConvGeometry& geometry);

/// I_O ⊗ S_1 ⊗ ... ⊗ S_D: from the outputs of the layer with stride 1, those of the layer. (On the grid of outputs, not
/// every s-th row of W.)
template <ScalarType Scalar = double>
Sparse<Scalar> stride_matrix(const ConvGeometry& geometry);

/// I_O ⊗ U_s1 ⊗ ... ⊗ U_sD: zeros between the outputs, s (m - 1) + 1 positions an axis.
template <ScalarType Scalar = double>
Sparse<Scalar> zero_stuffing_matrix(const ConvGeometry& geometry);

/// U with (U x)[c, t, u] = X[c, s∘u + d∘t - p]: im2col (unfold) as a matrix; shape (C |k| |m|) x (C |n|), channels
/// slowest, then taps, as torch.nn.Unfold. U^T is fold (col2im).
template <ScalarType Scalar = double>
Sparse<Scalar> unfold_matrix(const ConvGeometry& geometry);

/// The permutation from channels first to channels last: (i, c) of the result is (c, i) of the vector; shape
/// (C size) x (C size), 0 x 0 where one of the two is 0. W of NHWC arrays is channels_last(O, |m|) · W ·
/// channels_last(C, |n|)^T. Throws ShapeError for a negative number.
template <ScalarType Scalar = double>
Sparse<Scalar> channels_last(Index channels, Index size);

} // namespace convmat
