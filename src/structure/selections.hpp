#pragma once

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>

#include "effective_layer.hpp"

namespace convmat::detail {

/// Axes with more outputs are not searched for permutations.
inline constexpr Index most_permuted_outputs = Index{1} << 20;

/// Whether every output channel has one weight, that weight is 1, and W is square and reads every input once.
template <ScalarType Scalar>
bool is_permutation(const ConvGeometry& geometry, const Tensor<Scalar>& kernel);

/// Whether no two windows, nor two taps of one, read the same input, all of them inside (or around) it.
bool windows_apart(const EffectiveLayer& layer);

/// Whether, windows being apart, every input is read.
bool windows_cover(const EffectiveLayer& layer);

/// Which of K_mat's Gram matrices are I, in every group; K_mat is O/g x C/g |k| of the effective layer's taps.
struct Orthonormal {
    bool rows = false;    ///< K_mat K_mat^H = I
    bool columns = false; ///< K_mat^H K_mat = I
};

/// An entry of a Gram matrix may be off by `tolerance`, of integers by nothing.
template <ScalarType Scalar>
Orthonormal orthonormal_sides(const ConvGeometry& geometry, const EffectiveLayer& layer, const Tensor<Scalar>& kernel,
                              double tolerance);

} // namespace convmat::detail
