#pragma once

#include <variant>
#include <vector>

#include <convmat/geometry/conventions/convention_layer.hpp>

namespace convmat {

enum class TensorFlowPadding { valid, same };

/// 'SAME', 'VALID', or explicit pairs for the spatial axes (of a 2-D convolution alone).
using TensorFlowPaddings = PerAxisOr<Padding, TensorFlowPadding>;

/// tf.nn.conv1d, conv2d, conv3d. One value in a list stands for all axes.
struct TensorFlowConv {
    PerAxis<Index> input; ///< spatial extents, 1 to 3 axes
    Index in_channels = 1;
    Index out_channels = 1;
    PerAxis<Index> filter_size; ///< spatial extents of the filter
    PerAxis<Index> strides = {};
    TensorFlowPaddings padding = TensorFlowPadding::valid;
    PerAxis<Index> dilations = {};
    Index groups = 1; ///< in_channels over the filter's; TensorFlow reads it from the shapes
};

/// tf.nn.depthwise_conv2d: output channel c M + q is input channel c under filter[..., c, q].
struct TensorFlowDepthwiseConv {
    PerAxis<Index> input; ///< 2 axes
    Index in_channels = 1;
    PerAxis<Index> filter_size;
    Index channel_multiplier = 1; ///< M
    PerAxis<Index> strides = {};  ///< equal along both axes
    TensorFlowPaddings padding = TensorFlowPadding::valid;
    PerAxis<Index> dilations = {}; ///< above 1 only without a stride
};

/// tf.nn.conv1d_transpose, conv2d_transpose, conv3d_transpose.
struct TensorFlowConvTranspose {
    PerAxis<Index> input;
    Index in_channels = 1;
    Index out_channels = 1;
    PerAxis<Index> filter_size;
    PerAxis<Index> output_shape; ///< spatial extents of the output, required
    PerAxis<Index> strides = {};
    TensorFlowPaddings padding = TensorFlowPadding::same;
    PerAxis<Index> dilations = {};
    Index groups = 1;
};

/// W; weights (k..., C/g, O), HWIO, permuted. SAME: ceil(n / s) outputs, the odd position at the end. Source:
/// tensorflow/core/framework/kernel_shape_util.cc and util/padding.cc.
ConventionLayer from_tensorflow(const TensorFlowConv& layer);

/// W with g = C; weights (k..., C, M), permuted and reshaped.
ConventionLayer from_tensorflow(const TensorFlowDepthwiseConv& layer);

/// W^T of the convolution that reads output_shape, with that convolution's own padding; refused unless it writes
/// `input`. Weights (k..., out/g, in), permuted. Source: tensorflow/core/kernels/conv_grad_shape_utils.cc.
ConventionLayer from_tensorflow(const TensorFlowConvTranspose& layer);

} // namespace convmat
