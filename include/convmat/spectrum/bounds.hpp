#pragma once

#include <string>
#include <vector>

#include <convmat/spectrum/singular_values.hpp>

namespace convmat {

/// An upper bound of ||W||_2.
struct NormBound {
    std::string name;           ///< "Schur"
    std::string formula;        ///< "sqrt(||W||_1 ||W||_inf)"
    bool applies = false;       ///< whether its condition holds of this layer
    std::string condition = {}; ///< what it needs; where it does not apply, what is in the way
    double value = 0;           ///< at least ||W||_2 up to rounding, where it applies
    std::string source = {};    ///< the identity of the catalogue, or the paper
};

namespace detail {

template <class S>
std::vector<NormBound> norm_bounds(const ConvGeometry& geometry, const Tensor<S>& kernel);

template <class S>
double frobenius_norm(const ConvGeometry& geometry, const Tensor<S>& kernel);

} // namespace detail

/// ||W||_2 <= each of these, where it applies; one list for all layers, always in one order.
///
/// | name                          | bound, the largest of the groups g                                 | applies  |
/// |-------------------------------|--------------------------------------------------------------------|----------|
/// | Frobenius                     | ||W||_F                                                            | always   |
/// | Schur                         | sqrt(||W||_1 ||W||_inf)                                            | always   |
/// | taps                          | sum_t ||K_t||_2 prod_j ||Π_tj||                                    | always   |
/// | reshaped kernel               | sqrt(prod_j ceil(k_j / s'_j)) ||K_mat||_2,  s' = s / gcd(s, d)     | zero     |
/// | reshaped kernel, crude        | sqrt|k| ||K_mat||_2                                                | zero     |
/// | reshaped kernel, any boundary | ||K_mat||_2 prod_j sqrt(||U_j||_1 ||U_j||_inf)                     | always   |
/// | Young                         | ||N||_2,  N[o,c] = sum_t |K[o,c,t]| prod_j ||Π_tj||                | always   |
/// | circulant embedding           | max_w ||K̂(w)||_2 on N points, strided: of the aliases side by side | always   |
/// | Gram iteration                | the same with ||(K̂^H K̂)^(2^6)||_F^(1/2^7) in place of ||K̂||_2      | always   |
/// | symbol (exact)                | max_w ||K̂(w)||_2 on n points: ||W||_2 itself                       | periodic |
///
/// ||Π|| is sqrt(||Π||_1 ||Π||_inf), 1 for boundary zero. Bounds whose cost is too high say so and do not apply: those
/// of a kernel that is too large for dense decompositions, and those by symbols of many channels. W is not built: the
/// cost is that of small SVDs of the weights, of the tap tables of single axes, and of symbols, at most 10^9 complex
/// multiplications; where a circulant around W would take more, angles are sampled (I-47d), for which a little is
/// added. Throws ShapeError when K does not fit the geometry, ArgumentError when a weight is not finite,
/// SizeError when a table of an axis does not fit memory.
template <ScalarType Scalar>
std::vector<NormBound> norm_bounds(const ConvGeometry& geometry, const Tensor<Scalar>& kernel) {
    return detail::norm_bounds(geometry, detail::widened<Spectral<Scalar>>(kernel));
}

/// ||W||_F = sqrt(<K, (G_1 ⊗ ... ⊗ G_D) K>), G_j[t, t'] = <Π_t, Π_t'>_F on axis j: of any layer, without W, to
/// rounding. Where no two taps of an output read one input, the G_j are diagonal, and it is sum_t ω_t ||K_t||_F^2
/// (I-34). Where taps cancel, the square is rounded up by a few eps of what cancels. Cost: O(weights sum_j k_j). Throws
/// as norm_bounds.
template <ScalarType Scalar>
double frobenius_norm(const ConvGeometry& geometry, const Tensor<Scalar>& kernel) {
    return detail::frobenius_norm(geometry, detail::widened<Spectral<Scalar>>(kernel));
}

} // namespace convmat
