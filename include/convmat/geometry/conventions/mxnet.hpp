#pragma once

#include <convmat/geometry/conventions/convention_layer.hpp>

namespace convmat {

/// MXNet's Convolution. A list is empty or has one value for each spatial axis.
struct MXNetConvolution {
    PerAxis<Index> data; ///< spatial extents, 1 to 3 axes
    Index in_channels = 1;
    Index num_filter = 1;
    PerAxis<Index> kernel;
    PerAxis<Index> stride = {};
    PerAxis<Index> dilate = {};
    PerAxis<Index> pad = {};
    Index num_group = 1;
};

/// MXNet's Deconvolution.
struct MXNetDeconvolution {
    PerAxis<Index> data;
    Index in_channels = 1;
    Index num_filter = 1;
    PerAxis<Index> kernel;
    PerAxis<Index> stride = {};
    PerAxis<Index> dilate = {};
    PerAxis<Index> pad = {};
    PerAxis<Index> adj = {};          ///< output padding, below the stride
    PerAxis<Index> target_shape = {}; ///< where any of it is not 0, pad and adj are computed
    Index num_group = 1;
};

/// W; weights (num_filter, C/g, k...) as they are (layouts NCW, NCHW, NCDHW). Three spatial axes only without
/// dilation. Source: src/operator/nn/convolution.cc.
ConventionLayer from_mxnet(const MXNetConvolution& layer);

/// W^T; weights (C, num_filter/g, k...) as they are. With a target_shape t:
///
///     total = s (m - 1) + k_eff - t >= 0,   pad = (total + 1) / 2 at both ends,   adj = total mod 2 <= s - 1
///
/// (an odd total with stride 1 is refused, as MXNet does). Three spatial axes only without dilation. Source:
/// src/operator/nn/deconvolution-inl.h, InferPad, and deconvolution.cc.
ConventionLayer from_mxnet(const MXNetDeconvolution& layer);

} // namespace convmat
