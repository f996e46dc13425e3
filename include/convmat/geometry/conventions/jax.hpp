#pragma once

#include <string>
#include <variant>
#include <vector>

#include <convmat/geometry/conventions/convention_layer.hpp>

namespace convmat {

enum class JaxPadding { valid, same, same_lower };
using JaxPaddings = PerAxisOr<Padding, JaxPadding>;

/// jax.lax.conv_general_dilated. A list is empty or has one value for each spatial axis.
struct JaxConv {
    PerAxis<Index> input;  ///< spatial extents of lhs
    Index in_features = 1; ///< channels of lhs
    Index out_features = 1;
    PerAxis<Index> kernel; ///< spatial extents of rhs
    PerAxis<Index> window_strides = {};
    JaxPaddings padding = JaxPadding::valid; ///< pairs may be negative
    PerAxis<Index> lhs_dilation = {};
    PerAxis<Index> rhs_dilation = {};
    Index feature_group_count = 1;
    std::string rhs_spec = {}; ///< the order of rhs' axes, as in "HWIO"; empty is (O, I, spatial...)
};

/// jax.lax.conv_transpose.
struct JaxConvTranspose {
    PerAxis<Index> input;
    Index in_features = 1;
    Index out_features = 1;
    PerAxis<Index> kernel;
    PerAxis<Index> strides = {};
    JaxPaddings padding = JaxPadding::valid; ///< pairs pad the lhs_dilated input
    PerAxis<Index> rhs_dilation = {};
    bool transpose_kernel = false;       ///< JAX's own flag: the kernel is that of the forward convolution
    bool use_consistent_padding = false; ///< JAX's own flag: pairs are those of the forward convolution
    std::string rhs_spec = {};           ///< empty is (spatial..., I, O)
};

/// y[u] = sum_t rhs[t] x~[s u + d t - low], where x~ has L - 1 zeros between the input's positions:
///
/// | L = lhs_dilation      | map                                                                                    |
/// |-----------------------|----------------------------------------------------------------------------------------|
/// | all 1                 | W with stride s and padding (low, high)                                                |
/// | some > 1, all s = 1   | W^T with stride L and padding (d(k-1) - low, d(k-1) - high), the kernel flipped         |
/// | some > 1 and some s > 1 | neither a W nor a W^T, but a product: refused, see product_from_jax()                  |
///
/// Padding by name with an lhs_dilation is refused by JAX. Source: jax/_src/lax/convolution.py.
ConventionLayer from_jax(const JaxConv& layer);

/// conv_general_dilated with lhs_dilation = strides and, by name, the padding of _conv_transpose_padding. Without
/// transpose_kernel the kernel is *not* that of a forward convolution: as weights of W^T it is flipped. With it the
/// kernel has the forward convolution's axes, I and O swapped for this layer, and is taken unflipped.
ConventionLayer from_jax(const JaxConvTranspose& layer);

/// y = W U^T x: U^T puts the L - 1 zeros between the input's positions, W is the layer without lhs_dilation on them.
struct JaxProduct {
    ConvGeometry spread;   ///< U, depthwise with one weight, 1, a channel: U^T = kernel2matrix_transpose(spread, ones)
    ConventionLayer layer; ///< W, which reads what U^T writes
};

/// conv_general_dilated of any lhs_dilation and window_strides as such a product; rows of W U^T that from_jax() takes
/// are its own. Throws as from_jax() does, but where both are above 1.
JaxProduct product_from_jax(const JaxConv& layer);

} // namespace convmat
