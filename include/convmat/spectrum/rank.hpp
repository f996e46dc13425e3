#pragma once

#include <optional>
#include <string>

#include <Eigen/SparseCore>

#include <convmat/spectrum/singular_values.hpp>
#include <convmat/structure/sparse.hpp>

namespace convmat {

struct RankOptions {
    /// Singular values up to this are zero; default: max(rows, cols) eps ||W||_2, as NumPy's and MATLAB's rank, or what
    /// rounding may make of a zero, where that is more.
    std::optional<double> tolerance = {};
    SpectrumOptions spectrum = {};
    std::optional<Index> rank = {}; ///< known already: null_space() then makes cols(W) - rank vectors
};

/// The rank of W, or of a matrix near it.
struct NumericalRank {
    Index rank = 0;
    Index most = 0;       ///< min(rows, cols): full rank
    double tolerance = 0; ///< what counted as zero; 0 where nothing did that is not zero, by rational_rank()
    bool exact = false;   ///< it is the rank of W itself, over the rationals, and that is proved
    std::string method;   ///< how it was found, and what that says
};

namespace detail {

template <class S>
NumericalRank numerical_rank(const ConvGeometry& geometry, const Tensor<S>& kernel, const RankOptions& options);

template <class S>
Eigen::SparseMatrix<S> null_space(const ConvGeometry& geometry, const Tensor<S>& kernel, const RankOptions& options);

/// Of integer weights, where W is small enough for exact elimination.
std::optional<NumericalRank> rank_of_integers(const ConvGeometry& geometry, const Tensor<std::int64_t>& kernel);

} // namespace detail

/// rank W = #{i : σ_i > tolerance}; where no tolerance is asked for, of integer weights and a small W: rank W itself.
///
/// Of integer weights by rational_rank(), which says whether that is proved. Otherwise from all singular values where
/// these can be had (see singular_values()), otherwise by SPQR, which drops the columns of a sparse QR factorisation
/// that are nearly dependent on those before them (T. Davis, 2011), and of what it kept the singular values up to the
/// tolerance are counted by an iteration and taken off: it may still count too few or too many where
/// singular values lie near the tolerance. The two ranks differ where a singular value is tiny and not 0: the causal
/// layer (-3, 1) on 64 points is invertible, and singular to working precision. Cost: that of the singular values, or
/// of a sparse QR of W. Throws SizeError before factoring when the factor would have more entries than the options
/// allow, or memory.
template <ScalarType Scalar>
NumericalRank numerical_rank(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                             const RankOptions& options = {}) {
    if constexpr (std::same_as<Scalar, std::int64_t>) {
        if (!options.tolerance)
            if (const auto exact = detail::rank_of_integers(geometry, kernel)) return *exact;
    }
    return detail::numerical_rank(geometry, detail::widened<Spectral<Scalar>>(kernel), options);
}

/// N with W N = 0: a basis of W's null space as sparse columns, cols(W) x nullity; column n, as an image of shape
/// (C, n...), is an input that the layer does not see. From SPQR's W E = Q [R1 R2]: N = E [-R1^{-1} R2; I], so that the
/// columns are independent but not orthogonal; where SPQR finds no such basis, from a dense SVD, then they are
/// orthonormal. There are as many as numerical_rank() (or RankOptions::rank) says, and each was checked:
/// ||W n|| <= tolerance ||n||, of a dense SVD at most its rounding, 4 (rows + cols) eps ||W||_2. Entries below eps
/// times the largest of their column are left out. Throws as numerical_rank(); a std::runtime_error where there is no
/// such basis within reach, ArgumentError for a rank that W cannot have.
template <ScalarType Scalar>
Eigen::SparseMatrix<Spectral<Scalar>> null_space(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                                                 const RankOptions& options = {}) {
    RankOptions known = options;
    if constexpr (std::same_as<Scalar, std::int64_t>) {
        if (!options.tolerance && !options.rank)
            if (const auto of_integers = detail::rank_of_integers(geometry, kernel)) known.rank = of_integers->rank;
    }
    return detail::null_space(geometry, detail::widened<Spectral<Scalar>>(kernel), known);
}

} // namespace convmat
