#pragma once

#include <Eigen/SparseCore>

#include <convmat/base/error.hpp>
#include <convmat/base/types.hpp>

namespace convmat {

/// Matrices with more entries than this, zeros included, are refused by exact_rank().
inline constexpr Index most_rank_entries = Index{1} << 25;

/// A rank over the rationals (of a complex matrix: over the Gaussian rationals), and what is known of it.
struct RationalRank {
    Index rank = 0;     ///< the rank is at least this, without doubt
    bool proved = true; ///< it is no more
    Index primes = 0;   ///< how many it was computed modulo; 0 where rows or columns of zeros say it all
};

namespace detail {

/// Of compressed rows; compiled for every ScalarType and StorageIndexType.
template <class Scalar, class StorageIndex>
RationalRank rank_of_rows(Index rows, Index cols, const StorageIndex* offsets, const StorageIndex* indices,
                          const Scalar* values);

} // namespace detail

/// The rank without rounding: every finite value is taken as the exact number m 2^e that it is.
///
/// Gaussian elimination modulo primes p just below 2^63 in which -1 has a root, so that each entry has an exact image.
/// A minor that is not 0 modulo a prime is not 0: the largest of these ranks is never too large, and where it is full
/// (as many as there are rows, or columns, that are not 0) one prime proves it. Otherwise a larger minor would have to
/// be divided by every prime that was taken, and Hadamard bounds what it can be: once their product is larger, that is
/// a proof, too. Primes are added until then, but no further than about 3e8 multiplications; two at least. With that
/// the rank is most likely right, but `proved` is false.
///
/// A is compressed, rows x cols, in either storage order. Time for each prime at most O(rows cols rank), for a band of
/// width b O(rows b^2) beside the rows cols entries looked at; memory at most 8 s^2 + 32 s bytes for the shorter side
/// s, and where the stored rows (columns of a column-major A) are the longer ones, a transposed copy of A. Throws
/// ShapeError when A is not compressed, SizeError before allocating when rows cols exceeds most_rank_entries or memory,
/// ArgumentError when a value is infinite or not a number.
template <ScalarType Scalar, int Options, StorageIndexType StorageIndex>
RationalRank rational_rank(const Eigen::SparseMatrix<Scalar, Options, StorageIndex>& matrix) {
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

/// rational_rank(A).rank, for those who do not ask whether it is proved.
template <ScalarType Scalar, int Options, StorageIndexType StorageIndex>
Index exact_rank(const Eigen::SparseMatrix<Scalar, Options, StorageIndex>& matrix) {
    return rational_rank(matrix).rank;
}

} // namespace convmat
