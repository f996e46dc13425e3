#pragma once

#include <convmat/geometry/conventions/convention_layer.hpp>

namespace convmat {

enum class KerasPadding { valid, same, causal };

/// keras.layers.Conv1D, 2D, 3D. One value in a list stands for all axes.
struct KerasConv {
    PerAxis<Index> input; ///< spatial extents, 1 to 3 axes
    Index in_channels = 1;
    Index filters = 1;
    PerAxis<Index> kernel_size;
    PerAxis<Index> strides = {};
    KerasPadding padding = KerasPadding::valid; ///< causal: d(k-1) at the beginning, of a Conv1D alone
    PerAxis<Index> dilation_rate = {};          ///< above 1 only without a stride
    Index groups = 1;
};

/// keras.layers.DepthwiseConv1D, 2D.
struct KerasDepthwiseConv {
    PerAxis<Index> input;
    Index in_channels = 1;
    PerAxis<Index> kernel_size;
    PerAxis<Index> strides = {};
    KerasPadding padding = KerasPadding::valid;
    Index depth_multiplier = 1;
    PerAxis<Index> dilation_rate = {};
};

/// keras.layers.Conv1DTranspose, 2D, 3D.
struct KerasConvTranspose {
    PerAxis<Index> input;
    Index in_channels = 1;
    Index filters = 1;
    PerAxis<Index> kernel_size;
    PerAxis<Index> strides = {};
    KerasPadding padding = KerasPadding::valid;
    PerAxis<Index> output_padding = {}; ///< empty is Keras' None, which is not 0
    PerAxis<Index> dilation_rate = {};
};

/// W; weights (k..., C/g, filters), permuted. Source: keras/src/layers/convolutional/base_conv.py.
ConventionLayer from_keras(const KerasConv& layer);

/// W with g = C; weights (k..., C, depth_multiplier), permuted and reshaped.
ConventionLayer from_keras(const KerasDepthwiseConv& layer);

/// W^T of the TensorFlow convolution that reads
///
/// | padding | output_padding None   | output_padding a < s     |
/// |---------|-----------------------|--------------------------|
/// | valid   | s (m-1) + max(k_eff, s) | s (m-1) + k_eff + a      |
/// | same    | s m                   | s (m-1) + k_eff mod 2 + a |
///
/// positions; 'same' with an even k_eff and a = 0 is refused, as by TensorFlow. Weights (k..., filters, C), permuted.
/// Source: keras/src/backend/common/backend_utils.py, base_conv_transpose.py.
ConventionLayer from_keras(const KerasConvTranspose& layer);

} // namespace convmat
