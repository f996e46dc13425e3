#pragma once

#include <optional>

#include <convmat/geometry/conventions/convention_layer.hpp>

namespace convmat {

/// oneDNN's convolution and deconvolution primitives. A list is empty or has one value for each spatial axis.
struct OneDnnConvolution {
    PerAxis<Index> src; ///< spatial extents, 1 to 3 axes
    Index ic = 1;
    Index oc = 1;
    PerAxis<Index> kernel;
    PerAxis<Index> strides = {};
    PerAxis<Index> dilates = {};      ///< from 0: an ordinary kernel has 0
    PerAxis<Index> padding_l = {};    ///< >= 0
    PerAxis<Index> padding_r = {};    ///< > -stride; empty is padding_l
    PerAxis<Index> dst = {};          ///< spatial extents; empty is what the formula gives
    std::optional<Index> groups = {}; ///< given: weights have an axis of groups in front
};

/// As the convolution; dst chooses among the stride's extents that have this src, empty is the least.
struct OneDnnDeconvolution {
    PerAxis<Index> src;
    Index ic = 1;
    Index oc = 1;
    PerAxis<Index> kernel;
    PerAxis<Index> strides = {};
    PerAxis<Index> dilates = {};
    PerAxis<Index> padding_l = {};
    PerAxis<Index> padding_r = {};
    PerAxis<Index> dst = {};
    std::optional<Index> groups = {};
};

/// W; weights (oc, ic, k...), or (g, oc/g, ic/g, k...), as they are. Source: src/common/convolution.cpp.
ConventionLayer from_onednn(const OneDnnConvolution& layer);

/// W^T; weights (oc, ic, k...), or (g, oc/g, ic/g, k...), the channels of a group swapped, nothing flipped. Source:
/// src/common/deconvolution.cpp.
ConventionLayer from_onednn(const OneDnnDeconvolution& layer);

} // namespace convmat
