#pragma once

#include <algorithm>
#include <vector>

#include <convmat/base/checked.hpp>
#include <convmat/base/error.hpp>
#include <convmat/base/types.hpp>
#include <convmat/geometry/axis.hpp>
#include <convmat/geometry/boundary.hpp>
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
/// Every function returns a compressed row-major Eigen::SparseMatrix<Scalar> and costs time and memory in proportion to
/// its rows and nonzeros. SizeError is thrown when the result fits neither int indices nor memory: before anything is
/// allocated, and where the result is a product over axes, before anything but the factors of the single axes is.
namespace convmat {

namespace detail {

/// An upper bound of the summands of `outputs` values, each at its own position of an extended axis of n values.
inline Index most_sources(Boundary boundary, Index n, Index outputs) {
    if (boundary == Boundary::zero) return std::min(n, outputs);
    return boundary == Boundary::antireflective ? checked_mul(3, outputs, "a sparse factor") : outputs;
}

/// The nonzeros of unfold_matrix on one axis: the summands that all taps of all outputs have.
inline Index unfold_entries(const Axis& axis) {
    Index count = 0;
    for (Index t = 0; t < axis.kernel; ++t)
        for (Index u = 0; u < axis.output; ++u) {
            const Index q = axis.stride * u + axis.dilation * t - axis.padding.begin;
            const Sources all = sources(axis.boundary, axis.input, q);
            count += all.end() - all.begin();
        }
    return count;
}

} // namespace detail

/// S[u, i] = 1 iff i = s u: every s-th of n values, the first m of them; shape m x n. Throws ShapeError unless
/// s (m - 1) < n.
template <ScalarType Scalar = double>
Sparse<Scalar> stride_selection(Index m, Index n, Index s, Index first = 0) {
    if (m < 0 || s < 1 || first < 0 || (m > 0 && checked_add(checked_mul(s, m - 1, "stride"), first, "stride") >= n))
        throw ShapeError({.parameter = "m",
                          .value = concat(m),
                          .expected = concat("values ", s, " apart from ", first, " on that lie in ", n),
                          .sentence = concat("stride_selection: ", m, " values ", s, " apart from ", first,
                                             " on do not lie in ", n)});
    return sparse_rows<Scalar>(m, n, m, [&](Index u, auto add) { add(first + s * u, 1); });
}

/// U_s[s u, u] = 1: s - 1 zeros between m values; shape (s (m - 1) + 1) x m. Throws ShapeError unless m >= 1 and s >=
/// 1.
template <ScalarType Scalar = double>
Sparse<Scalar> zero_stuffing(Index m, Index s) {
    if (m < 1 || s < 1)
        throw ShapeError({.parameter = m < 1 ? "m" : "s",
                          .value = concat(m < 1 ? m : s),
                          .expected = "at least 1 of each",
                          .found = concat("zero_stuffing: ", m, " values ", s, " apart")});
    return stride_selection<Scalar>(m, checked_add(checked_mul(s, m - 1, "zero stuffing"), 1, "zero stuffing"), s)
        .transpose();
}

/// Y[i] = X[i - by], with what the boundary says from outside; shape n x n. A shift by a positive number moves values
/// to higher positions. Throws ShapeError for n < 0, SizeError when a position i - by comes near the ends of an Index.
template <ScalarType Scalar = double>
Sparse<Scalar> shift_matrix(Index n, Index by, Boundary boundary = Boundary::periodic) {
    detail::require_extent(n, "shift_matrix");
    const Index twice = checked_mul(2, n, {"shift_matrix: extent", "n"});
    const Index back = checked_sub(0, by, {"shift_matrix: shift", "by"});
    checked_sub(back, twice, "shift_matrix: shift");
    checked_add(back, twice, {"shift_matrix: shift", "by"});
    return sparse_rows<Scalar>(n, n, detail::most_sources(boundary, n, n), [&](Index i, auto add) {
        for (const Source& source : sources(boundary, n, i - by)) add(source.position, source.coefficient);
    });
}

/// J[i, n - 1 - i] = 1: the exchange matrix, which reverses; shape n x n. For C channels of spatial extents n, the
/// reversal of all spatial axes is I_C ⊗ J_|n|. Throws ShapeError for n < 0.
template <ScalarType Scalar = double>
Sparse<Scalar> exchange_matrix(Index n) {
    detail::require_extent(n, "exchange_matrix");
    return sparse_rows<Scalar>(n, n, n, [&](Index i, auto add) { add(n - 1 - i, 1); });
}

/// P[q, i]: what X[i] contributes to position q - p_begin of the extended axis; shape (n + p_begin + p_end) x n. Zero
/// boundary: rows of zeros around an identity. P^T is the fold: it crops, adds what was wrapped or mirrored, or sums
/// into the edge.
template <ScalarType Scalar = double>
Sparse<Scalar> pad_matrix(const Axis& axis) {
    const Index rows = axis.padded_input(), most = detail::most_sources(axis.boundary, axis.input, rows);
    return sparse_rows<Scalar>(rows, axis.input, most, [&](Index q, auto add) {
        for (const Source& source : sources(axis.boundary, axis.input, q - axis.padding.begin))
            add(source.position, source.coefficient);
    });
}

/// Π_t[u, i]: the coefficient with which tap t of output u reads input i, s u + d t - p_begin = i where that lies
/// inside; shape m x n. W of one channel on one axis is Σ_t K[t] Π_t. Throws ShapeError unless 0 <= t < k.
template <ScalarType Scalar = double>
Sparse<Scalar> tap_matrix(const Axis& axis, Index t) {
    if (t < 0 || t >= axis.kernel)
        throw ShapeError({.parameter = "t",
                          .value = concat(t),
                          .expected = concat("0 to ", axis.kernel - 1),
                          .found = concat("tap_matrix: tap ", t)});
    const Index most = detail::most_sources(axis.boundary, axis.input, axis.output);
    return sparse_rows<Scalar>(axis.output, axis.input, most, [&](Index u, auto add) {
        const Index q = axis.stride * u + axis.dilation * t - axis.padding.begin;
        for (const Source& source : sources(axis.boundary, axis.input, q)) add(source.position, source.coefficient);
    });
}

/// Π_t = Π_t1 ⊗ ... ⊗ Π_tD, one tap of the whole kernel on one channel; shape |m| x |n|. Throws ShapeError unless t is
/// a position of the kernel.
template <ScalarType Scalar = double>
Sparse<Scalar> tap_matrix(const ConvGeometry& geometry, const Shape& t) {
    if (std::ssize(t) != geometry.rank())
        throw ShapeError({.parameter = "t",
                          .value = to_string(t),
                          .expected = concat(geometry.rank(), " numbers"),
                          .found = concat("tap_matrix: tap ", to_string(t))});
    std::vector<Sparse<Scalar>> factors;
    for (std::size_t j = 0; j < t.size(); ++j) factors.push_back(tap_matrix<Scalar>(geometry.axes()[j], t[j]));
    return kronecker<Scalar>(factors);
}

/// I_C ⊗ P_1 ⊗ ... ⊗ P_D: vec of the extended input from vec of the input.
template <ScalarType Scalar = double>
Sparse<Scalar> pad_matrix(const ConvGeometry& geometry) {
    std::vector<Sparse<Scalar>> factors = {identity_matrix<Scalar>(geometry.in_channels())};
    for (const Axis& axis : geometry.axes()) factors.push_back(pad_matrix<Scalar>(axis));
    return kronecker<Scalar>(factors);
}

/// I_O ⊗ S_1 ⊗ ... ⊗ S_D: from the outputs of the layer with stride 1, those of the layer. (On the grid of outputs, not
/// every s-th row of W.)
template <ScalarType Scalar = double>
Sparse<Scalar> stride_matrix(const ConvGeometry& geometry) {
    std::vector<Sparse<Scalar>> factors = {identity_matrix<Scalar>(geometry.out_channels())};
    for (const Axis& axis : geometry.axes())
        factors.push_back(
            stride_selection<Scalar>(axis.output, axis.padded_input() - axis.effective_kernel() + 1, axis.stride));
    return kronecker<Scalar>(factors);
}

/// I_O ⊗ U_s1 ⊗ ... ⊗ U_sD: zeros between the outputs, s (m - 1) + 1 positions an axis.
template <ScalarType Scalar = double>
Sparse<Scalar> zero_stuffing_matrix(const ConvGeometry& geometry) {
    std::vector<Sparse<Scalar>> factors = {identity_matrix<Scalar>(geometry.out_channels())};
    for (const Axis& axis : geometry.axes()) factors.push_back(zero_stuffing<Scalar>(axis.output, axis.stride));
    return kronecker<Scalar>(factors);
}

/// U with (U x)[c, t, u] = X[c, s∘u + d∘t - p]: im2col (unfold) as a matrix; shape (C |k| |m|) x (C |n|), channels
/// slowest, then taps, as torch.nn.Unfold. U^T is fold (col2im).
template <ScalarType Scalar = double>
Sparse<Scalar> unfold_matrix(const ConvGeometry& geometry) {
    const Index channels = geometry.in_channels(), outputs = geometry.output_size();
    const Index rows = checked_mul(geometry.kernel_size(), outputs, "unfold_matrix: rows");
    const Index all_rows = checked_mul(channels, rows, "unfold_matrix: rows");
    detail::require_sparse<Scalar>(all_rows, geometry.cols(), 0); // then counting is cheap
    Index nonzeros = 1;
    Shape extents;
    for (const Axis& axis : geometry.axes()) {
        extents.push_back(axis.kernel);
        nonzeros = checked_mul(nonzeros, detail::unfold_entries(axis), "unfold_matrix: nonzeros");
    }
    detail::require_sparse<Scalar>(all_rows, geometry.cols(),
                                   checked_mul(channels, nonzeros, "unfold_matrix: nonzeros"));
    Sparse<Scalar> one(rows, geometry.input_size()); // of one channel
    one.reserve(nonzeros);
    Index first = 0;
    for_each_position(extents, [&](const Shape& t) {
        detail::append_rows(one, first, 0, tap_matrix<Scalar>(geometry, t));
        first += outputs;
    });
    one.finalize();
    return channels == 1 ? one : kronecker(identity_matrix<Scalar>(channels), one);
}

/// The permutation from channels first to channels last: (i, c) of the result is (c, i) of the vector; shape
/// (C size) x (C size), 0 x 0 where one of the two is 0. W of NHWC arrays is channels_last(O, |m|) · W ·
/// channels_last(C, |n|)^T. Throws ShapeError for a negative number.
template <ScalarType Scalar = double>
Sparse<Scalar> channels_last(Index channels, Index size) {
    if (channels < 0 || size < 0)
        throw ShapeError({.parameter = channels < 0 ? "channels" : "size",
                          .value = concat(channels < 0 ? channels : size),
                          .expected = "at least 0 of each",
                          .found = concat("channels_last: ", channels, " channels of ", size, " values")});
    const Index all = checked_mul(channels, size, "channels_last");
    return sparse_rows<Scalar>(all, all, all,
                               [&](Index row, auto add) { add(row % channels * size + row / channels, 1); });
}

} // namespace convmat
