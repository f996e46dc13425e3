#pragma once

#include <algorithm>
#include <complex>
#include <string>
#include <type_traits>
#include <vector>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/spectrum/options.hpp>

namespace convmat {

/// All singular values of W.
struct SingularValues {
    std::vector<double> values; ///< min(rows, cols) of them, the largest first
    double error = 0;           ///< each is within this of the singular value of the same number
    std::string method;         ///< how they were found, and why that is allowed
};

/// Triplets with W v = σ u and W^H u = σ v.
template <class Scalar>
struct SingularTriplets {
    std::vector<double> values;    ///< σ; from largest_singular_triplets the largest first, else the smallest first
    std::vector<double> errors;    ///< a singular value lies within errors[i] of values[i]
    std::vector<double> residuals; ///< sqrt((||W v - σ u||² + ||W^H u - σ v||²) / 2), as measured
    Tensor<Scalar> left;           ///< u, of unit norm: shape (count, O, m...)
    Tensor<Scalar> right;          ///< v, of unit norm: shape (count, C, n...)
    /// As many as were asked for, every error and residual at most tolerance ||W||_2, or the rounding of the weights.
    bool converged = false;
    Index steps = 0;    ///< products with W, or solutions with its Cholesky factor; 0 for direct methods
    std::string method; ///< how they were found, and why that is allowed
};

/// What spectra are computed in: double, or complex double where the weights are complex.
template <ScalarType Scalar>
using Spectral = std::conditional_t<Eigen::NumTraits<Scalar>::IsComplex, std::complex<double>, double>;

namespace detail {

template <class To, ScalarType From>
Tensor<To> widened(const Tensor<From>& from) {
    Tensor<To> to(from.shape());
    std::ranges::transform(from.values(), to.values().begin(), [](const From& value) {
        if constexpr (Eigen::NumTraits<From>::IsComplex)
            return To(static_cast<double>(value.real()), static_cast<double>(value.imag()));
        else
            return To(static_cast<double>(value));
    });
    return to;
}

template <class S>
SingularValues singular_values(const ConvGeometry& geometry, const Tensor<S>& kernel, const SpectrumOptions& options);

enum class End { largest, smallest };

template <class S>
SingularTriplets<S> singular_triplets(const ConvGeometry& geometry, const Tensor<S>& kernel, Index count, End end,
                                      const SpectrumOptions& options);

} // namespace detail

/// σ_1 >= σ_2 >= ...: all min(rows, cols) singular values of W, those of W^T too.
///
/// W is taken apart as far as it goes, then the pieces are decomposed as dense matrices by LAPACK:
///   - groups are blocks on the diagonal: σ(W) = ∪ σ(W_g);
///   - an axis that separates, K = K' ⊗ a, under any boundary: σ(W) = {σ(W') σ(W_a)};
///   - an axis that a transform diagonalises leaves one smaller layer a frequency, the symbol K̂(ω) where all axes are:
///     the Fourier transform where it is periodic with stride s and n = s m, the cosine transform (DCT-II) where it is
///     half-symmetric with mirrored taps, the sine transform (DST-I) where at most 3 mirrored taps reach into zeros. Of
///     a pair of conjugate frequencies of real weights one is computed.
/// Threads share the frequencies. Cost: of a dense SVD for each block. Throws SizeError, before it starts, when a block
/// or the sum of all is larger than the options allow, or memory; ShapeError when K does not fit the geometry,
/// ArgumentError when a weight is not finite.
template <ScalarType Scalar>
SingularValues singular_values(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                               const SpectrumOptions& options = {}) {
    return detail::singular_values(geometry, detail::widened<Spectral<Scalar>>(kernel), options);
}

/// The `count` largest singular values with their vectors (all where there are fewer): of any layer, W is not stored.
///
/// By structure as singular_values() where the blocks are small enough, otherwise by a block Golub-Kahan process with
/// thick restarts on the matrix-free operator (G. Golub and W. Kahan, 1965; J. Baglama and L. Reichel, 2005). The error
/// is the residual: a singular value lies within it. That no larger value was missed cannot be proved by an iteration;
/// for count > 1 it is started again with random vectors orthogonal to all that was found. Throws as singular_values(),
/// ShapeError for count < 1.
template <ScalarType Scalar>
SingularTriplets<Spectral<Scalar>> largest_singular_triplets(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                                                             Index count = 1, const SpectrumOptions& options = {}) {
    return detail::singular_triplets(geometry, detail::widened<Spectral<Scalar>>(kernel), count, detail::End::largest,
                                     options);
}

/// The `count` smallest of the min(rows, cols) singular values with their vectors.
///
/// By structure where the blocks are small enough, otherwise by the same process on the inverse of W^H W + μ I (or
/// W W^H + μ I, whichever is smaller), which CHOLMOD factors, followed by Rayleigh and Ritz on W itself; μ is
/// 1e-13 ||W||_1 ||W||_inf, or more where the factor needs it. At most 200 solutions are tried. Throws SizeError when
/// the factor would have more entries than the options allow, or memory.
template <ScalarType Scalar>
SingularTriplets<Spectral<Scalar>> smallest_singular_triplets(const ConvGeometry& geometry,
                                                              const Tensor<Scalar>& kernel, Index count = 1,
                                                              const SpectrumOptions& options = {}) {
    return detail::singular_triplets(geometry, detail::widened<Spectral<Scalar>>(kernel), count, detail::End::smallest,
                                     options);
}

} // namespace convmat
