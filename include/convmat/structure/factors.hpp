#pragma once

#include <vector>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/structure/sparse.hpp>
#include <convmat/taps/source_index.hpp>

/// The factors of W as explicit sparse matrices, to be looked at and multiplied out:
///
///     W = S · W_1 · P            stride_matrix · kernel2matrix(unit_stride(unpadded(g)), K) · pad_matrix
///     W = Σ_t K_t ⊗ Π_t          kernel_tap, tap_matrix
///     W = (K_mat ⊗ I_|m|) · U    kernel_matrix, unfold_matrix
///     W^T = W' · U_s             zero_stuffing_matrix (boundary zero)
///
/// Every function returns a row-major Eigen::SparseMatrix<Scalar> and costs time and memory in proportion to its
/// nonzeros; SizeError is thrown, before anything is allocated, when it fits neither int indices nor memory.
namespace convmat {

/// S[u, i] = 1 iff i = s u: every s-th of n values, the first m of them; shape m x n. Throws ShapeError unless
/// s (m - 1) < n.
template <ScalarType Scalar = double>
Sparse<Scalar> stride_selection(Index m, Index n, Index s, Index first = 0) {
    if (m < 0 || s < 1 || first < 0 || (m > 0 && checked_add(checked_mul(s, m - 1, "stride"), first, "stride") >= n))
        throw ShapeError(
            concat("stride_selection: ", m, " values ", s, " apart from ", first, " on do not lie in ", n));
    return sparse_rows<Scalar>(m, n, m, [&](Index u, auto add) { add(first + s * u, 1); });
}

/// U_s[s u, u] = 1: s - 1 zeros between m values; shape (s (m - 1) + 1) x m.
template <ScalarType Scalar = double>
Sparse<Scalar> zero_stuffing(Index m, Index s) {
    return stride_selection<Scalar>(m, checked_add(checked_mul(s, m - 1, "zero stuffing"), 1, "zero stuffing"), s)
        .transpose();
}

/// Y[i] = X[i - by], with what the boundary says from outside; shape n x n. A shift by a positive number moves values to
/// higher positions.
template <ScalarType Scalar = double>
Sparse<Scalar> shift_matrix(Index n, Index by, Boundary boundary = Boundary::periodic) {
    return sparse_rows<Scalar>(n, n, 3 * n, [&](Index i, auto add) {
        for (const Source& source : sources(boundary, n, i - by)) add(source.position, source.coefficient);
    });
}

/// J[i, n - 1 - i] = 1: the exchange matrix, which reverses; shape n x n. For C channels of spatial extents n, the
/// reversal of all spatial axes is I_C ⊗ J_|n|.
template <ScalarType Scalar = double>
Sparse<Scalar> exchange_matrix(Index n) {
    return sparse_rows<Scalar>(n, n, n, [&](Index i, auto add) { add(n - 1 - i, 1); });
}

/// P[q, i]: what X[i] contributes to position q - p_begin of the extended axis; shape (n + p_begin + p_end) x n. Zero
/// boundary: rows of zeros around an identity. P^T is the fold: it crops, adds what was wrapped or mirrored, or sums
/// into the edge.
template <ScalarType Scalar = double>
Sparse<Scalar> pad_matrix(const Axis& axis) {
    return sparse_rows<Scalar>(axis.padded_input(), axis.input, 3 * axis.padded_input(), [&](Index q, auto add) {
        for (const Source& source : sources(axis.boundary, axis.input, q - axis.padding.begin))
            add(source.position, source.coefficient);
    });
}

/// Π_t[u, i]: the coefficient with which tap t of output u reads input i, s u + d t - p_begin = i where that lies
/// inside; shape m x n. W of one channel on one axis is Σ_t K[t] Π_t.
template <ScalarType Scalar = double>
Sparse<Scalar> tap_matrix(const Axis& axis, Index t) {
    if (t < 0 || t >= axis.kernel) throw ShapeError(concat("tap_matrix: tap ", t, ", expected 0 to ", axis.kernel - 1));
    return sparse_rows<Scalar>(axis.output, axis.input, 3 * axis.output, [&](Index u, auto add) {
        const Index q = axis.stride * u + axis.dilation * t - axis.padding.begin;
        for (const Source& source : sources(axis.boundary, axis.input, q)) add(source.position, source.coefficient);
    });
}

/// Π_t = Π_t1 ⊗ ... ⊗ Π_tD, one tap of the whole kernel on one channel; shape |m| x |n|.
template <ScalarType Scalar = double>
Sparse<Scalar> tap_matrix(const ConvGeometry& geometry, const Shape& t) {
    if (std::ssize(t) != geometry.rank())
        throw ShapeError(concat("tap_matrix: tap ", to_string(t), ", expected ", geometry.rank(), " numbers"));
    Sparse<Scalar> product = tap_matrix<Scalar>(geometry.axis(0), t[0]);
    for (Index j = 1; j < geometry.rank(); ++j)
        product = kronecker(product, tap_matrix<Scalar>(geometry.axis(j), t[static_cast<std::size_t>(j)]));
    return product;
}

/// I_C ⊗ P_1 ⊗ ... ⊗ P_D: vec of the extended input from vec of the input.
template <ScalarType Scalar = double>
Sparse<Scalar> pad_matrix(const ConvGeometry& geometry) {
    auto product = identity_matrix<Scalar>(geometry.in_channels());
    for (const Axis& axis : geometry.axes()) product = kronecker(product, pad_matrix<Scalar>(axis));
    return product;
}

/// I_O ⊗ S_1 ⊗ ... ⊗ S_D: from the outputs of the layer with stride 1, those of the layer. (On the grid of outputs, not
/// every s-th row of W.)
template <ScalarType Scalar = double>
Sparse<Scalar> stride_matrix(const ConvGeometry& geometry) {
    auto product = identity_matrix<Scalar>(geometry.out_channels());
    for (const Axis& axis : geometry.axes())
        product = kronecker(product, stride_selection<Scalar>(
                                         axis.output, axis.padded_input() - axis.effective_kernel() + 1, axis.stride));
    return product;
}

/// I_O ⊗ U_s1 ⊗ ... ⊗ U_sD: zeros between the outputs, s (m - 1) + 1 positions an axis.
template <ScalarType Scalar = double>
Sparse<Scalar> zero_stuffing_matrix(const ConvGeometry& geometry) {
    auto product = identity_matrix<Scalar>(geometry.out_channels());
    for (const Axis& axis : geometry.axes())
        product = kronecker(product, zero_stuffing<Scalar>(axis.output, axis.stride));
    return product;
}

/// U with (U x)[c, t, u] = X[c, s∘u + d∘t - p]: im2col (unfold) as a matrix; shape (C |k| |m|) x (C |n|), channels
/// slowest, then taps, as torch.nn.Unfold. U^T is fold (col2im).
template <ScalarType Scalar = double>
Sparse<Scalar> unfold_matrix(const ConvGeometry& geometry) {
    const Shape weights = geometry.kernel_shape();
    std::vector<Sparse<Scalar>> taps;
    for_each_position(Shape(weights.begin() + 2, weights.end()),
                      [&](const Shape& t) { taps.push_back(tap_matrix<Scalar>(geometry, t)); });
    return kronecker(identity_matrix<Scalar>(geometry.in_channels()), stacked<Scalar>(taps));
}

/// The permutation from channels first to channels last: (i, c) of the result is (c, i) of the vector; shape
/// (C size) x (C size). W of NHWC arrays is channels_last(O, |m|) · W · channels_last(C, |n|)^T.
template <ScalarType Scalar = double>
Sparse<Scalar> channels_last(Index channels, Index size) {
    const Index all = checked_mul(channels, size, "channels_last");
    return sparse_rows<Scalar>(all, all, all,
                               [&](Index row, auto add) { add(row % channels * size + row / channels, 1); });
}

} // namespace convmat
