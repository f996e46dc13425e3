#pragma once

#include <vector>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/solve/options.hpp>

namespace convmat {

/// A convolution of one channel.
struct PenaltyLayer {
    ConvGeometry geometry;
    Tensor<double> kernel; ///< (1, 1, k...)
};

/// L as convolutions: L x is the outputs of all of them, for every channel of x alone, one after the other.
///
/// x has the shape of W's input for Form::matrix, of its output for Form::transpose; an axis of it is periodic where
/// W's is. `gradient` is one layer an axis, K = (-1, 1), `laplacian` one layer, K = (-1, 2, -1) summed over the axes
/// with half-symmetric (or periodic) boundaries, `identity` K = 1. `none`, and a gradient without neighbours: no layer.
std::vector<PenaltyLayer> penalty_layers(const ConvGeometry& geometry, Form form, Penalty penalty);

} // namespace convmat
