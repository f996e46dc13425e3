#pragma once

#include <optional>
#include <string>

#include <Eigen/SparseCore>

#include <convmat/spectrum/singular_values.hpp>
#include <convmat/structure/sparse.hpp>

namespace convmat {

struct RankOptions {
    /// Singular values up to this are zero; default: max(rows, cols) eps ||W||_2, as NumPy's and MATLAB's rank.
    std::optional<double> tolerance = {};
    SpectrumOptions spectrum = {};
};

/// The rank of W, or of a matrix near it.
struct NumericalRank {
    Index rank = 0;
    Index most = 0;       ///< min(rows, cols): full rank
    double tolerance = 0; ///< what counted as zero; 0 where `exact`
    bool exact = false;   ///< of integer weights by exact_rank(), see there: no rounding
    std::string method;   ///< how it was found
};

namespace detail {

template <class S>
NumericalRank numerical_rank(const ConvGeometry& geometry, const Tensor<S>& kernel, const RankOptions& options);

template <class S>
Eigen::SparseMatrix<S> null_space(const ConvGeometry& geometry, const Tensor<S>& kernel, const RankOptions& options);

/// Of integer weights, where W is small enough for exact elimination.
std::optional<NumericalRank> rank_of_integers(const ConvGeometry& geometry, const Tensor<std::int64_t>& kernel);

} // namespace detail

/// rank W = #{i : σ_i > tolerance}.
///
/// Of integer weights exactly, where W is small (and no tolerance is asked for). Otherwise from all singular values
/// where these can be had (see singular_values()), otherwise by SPQR, which drops the columns of a sparse QR
/// factorisation that are nearly dependent on those before them (T. Davis, 2011), again with a larger threshold until
/// the smallest singular value of what it kept is above the tolerance: it may still count too few or too many where
/// singular values lie near the tolerance. Cost: that of the singular values, or of a sparse QR of W. Throws SizeError
/// before factoring when the factor would have more entries than the options allow, or memory.
template <ScalarType Scalar>
NumericalRank numerical_rank(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                             const RankOptions& options = {}) {
    if constexpr (std::same_as<Scalar, std::int64_t>) {
        if (!options.tolerance)
            if (const auto exact = detail::rank_of_integers(geometry, kernel)) return *exact;
    }
    return detail::numerical_rank(geometry, detail::widened<Spectral<Scalar>>(kernel), options);
}

/// N with W N = 0: a basis of W's null space as sparse columns, cols(W) x nullity; column j, as an image of shape
/// (C, n...), is an input that the layer does not see. From SPQR's W E = Q [R1 R2]: N = E [-R1^{-1} R2; I], so that the
/// columns are independent but not orthogonal; there are as many as numerical_rank() says, where it could be reached.
/// Entries below eps times the largest of their column are left out. Throws as numerical_rank().
template <ScalarType Scalar>
Eigen::SparseMatrix<Spectral<Scalar>> null_space(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                                                 const RankOptions& options = {}) {
    return detail::null_space(geometry, detail::widened<Spectral<Scalar>>(kernel), options);
}

} // namespace convmat
