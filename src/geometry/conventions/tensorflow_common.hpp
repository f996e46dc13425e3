#pragma once

#include "common.hpp"
#include <convmat/geometry/conventions/tensorflow.hpp>

// What TensorFlow's bridge and Keras' share.
namespace convmat::bridges {

/// spec.padding by TensorFlow's rule for the other numbers of `spec`.
std::vector<Padding> tensorflow_padding(const TensorFlowPaddings& padding, const ConvSpec& spec,
                                        std::string_view system);

/// W of the convolution `spec`, which must write `written`: the transposed layer is its transpose.
ConvGeometry tensorflow_transposed(const ConvSpec& spec, const Shape& written, std::string_view system);

/// Equal strides along all axes, and none with a dilation.
void require_depthwise(const Shape& stride, const Shape& dilation, std::string_view system);

} // namespace convmat::bridges
