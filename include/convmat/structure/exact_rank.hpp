#pragma once

#include <Eigen/SparseCore>

#include <convmat/base/error.hpp>
#include <convmat/base/types.hpp>

namespace convmat {

/// Matrices with more entries than this, zeros included, are refused by exact_rank().
inline constexpr Index most_rank_entries = Index{1} << 25;

namespace detail {

/// The rank modulo 2^64 - 2^32 + 1 of compressed rows; compiled for every ScalarType and StorageIndexType.
template <class Scalar, class StorageIndex>
Index rank_of_rows(Index rows, Index cols, const StorageIndex* offsets, const StorageIndex* indices,
                   const Scalar* values);

} // namespace detail

/// The rank over the rationals (of a complex matrix: over the Gaussian rationals), without rounding: every finite value
/// is taken as the exact number m 2^e that it is.
///
/// Gaussian elimination modulo the prime p = 2^64 - 2^32 + 1, in which 2 is invertible and 2^48 squares to -1, so that
/// each entry has an exact image. The result is never too large: "full rank" is a proof. It is the rank unless p
/// divides every nonzero minor of that size (for a complex matrix: unless both images of i, 2^48 and -2^48, make all of
/// them 0), which takes a coincidence, or powers of 2: modulo p the order of 2 is 192, and the circulant of
/// (1, -2, 0, ..., 0) of extent 192, whose determinant is 1 - 2^192, comes out one short.
///
/// A is compressed, rows x cols, in either storage order. Time at most O(rows cols rank), for a band of width b
/// O(rows b^2) beside the rows cols entries looked at; memory at most 8 s^2 + 32 s bytes for the shorter side s, and
/// where the stored rows (columns of a column-major A) are the longer ones, a transposed copy of A. Throws ShapeError
/// when A is not compressed, SizeError before allocating when rows cols exceeds most_rank_entries or memory,
/// ArgumentError when a value is infinite or not a number.
template <ScalarType Scalar, int Options, StorageIndexType StorageIndex>
Index exact_rank(const Eigen::SparseMatrix<Scalar, Options, StorageIndex>& matrix) {
    if (!matrix.isCompressed())
        throw ShapeError({.parameter = "matrix",
                          .value = "not compressed",
                          .expected = "makeCompressed()",
                          .sentence = concat("exact_rank: the ", matrix.rows(), "x", matrix.cols(),
                                             " matrix is not compressed: makeCompressed()")});
    // Columns of a column-major matrix are the rows of its transpose, which has the same rank.
    return detail::rank_of_rows(matrix.outerSize(), matrix.innerSize(), matrix.outerIndexPtr(), matrix.innerIndexPtr(),
                                matrix.valuePtr());
}

} // namespace convmat
