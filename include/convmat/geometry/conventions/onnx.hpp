#pragma once

#include <convmat/geometry/conventions/convention_layer.hpp>

namespace convmat {

enum class OnnxAutoPad { not_set, same_upper, same_lower, valid };

/// ONNX Conv. A list is empty, or has one value for each spatial axis (pads two).
struct OnnxConv {
    PerAxis<Index> input; ///< spatial extents of X
    Index in_channels = 1;
    Index out_channels = 1;
    PerAxis<Index> kernel_shape;
    OnnxAutoPad auto_pad = OnnxAutoPad::not_set;
    Shape pads = {}; ///< begin of each axis, then end of each axis: {b1, ..., bD, e1, ..., eD}
    PerAxis<Index> strides = {};
    PerAxis<Index> dilations = {};
    Index group = 1;
};

/// ONNX ConvTranspose.
struct OnnxConvTranspose {
    PerAxis<Index> input;
    Index in_channels = 1;
    Index out_channels = 1;
    PerAxis<Index> kernel_shape;
    OnnxAutoPad auto_pad = OnnxAutoPad::not_set;
    Shape pads = {};
    PerAxis<Index> strides = {};
    PerAxis<Index> dilations = {};
    Index group = 1;
    PerAxis<Index> output_padding = {};
    PerAxis<Index> output_shape = {}; ///< spatial extents of Y; `pads` are then computed
};

/// auto_pad SAME_UPPER/SAME_LOWER: ceil(n / s) outputs, the odd position at the end/beginning. Negative pads, and pads
/// beside an auto_pad, are refused. Weights (M, C/group, k...) as they are. Source: onnx/defs/nn/defs.cc.
ConventionLayer from_onnx(const OnnxConv& layer);

/// W^T. Where the output is stated (output_shape, or s n by auto_pad SAME_*), with a = output_padding:
///
///     total = s (n - 1) + a + k_eff - output,   SAME_UPPER: begin = total / 2, else: end = total / 2
///
/// the rule of operator set 11 onward; a negative total adds that many positions at the end, as onnxruntime and the
/// standard's own test convtranspose_output_shape do. Refused is auto_pad SAME_* with k_eff + a < s, of which the
/// standard's text, its shape inference and its reference implementation make three different layers.
/// Weights (C, M/group, k...) as they are.
ConventionLayer from_onnx(const OnnxConvTranspose& layer);

} // namespace convmat
