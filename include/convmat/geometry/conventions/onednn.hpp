#pragma once

#include <optional>

#include <convmat/geometry/conventions/convention_layer.hpp>

namespace convmat {

/// oneDNN's convolution and deconvolution primitives. A list is empty or has one value for each spatial axis.
struct OneDnnConvolution {
    Shape src; ///< spatial extents, 1 to 3 axes
    Index ic = 1;
    Index oc = 1;
    Shape kernel;
    Shape strides = {};
    Shape dilates = {};               ///< from 0: an ordinary kernel has 0
    Shape padding_l = {};             ///< >= 0
    Shape padding_r = {};             ///< > -stride; empty is padding_l
    Shape dst = {};                   ///< spatial extents; empty is what the formula gives
    std::optional<Index> groups = {}; ///< given: weights have an axis of groups in front
};

/// As the convolution; dst chooses among the stride's extents that have this src, empty is the least.
struct OneDnnDeconvolution {
    Shape src;
    Index ic = 1;
    Index oc = 1;
    Shape kernel;
    Shape strides = {};
    Shape dilates = {};
    Shape padding_l = {};
    Shape padding_r = {};
    Shape dst = {};
    std::optional<Index> groups = {};
};

/// W; weights (oc, ic, k...), or (g, oc/g, ic/g, k...), as they are. Source: src/common/convolution.cpp.
ConventionLayer from_onednn(const OneDnnConvolution& layer);

/// W^T; weights (oc, ic, k...), or (g, oc/g, ic/g, k...), the channels of a group swapped, nothing flipped. Source:
/// src/common/deconvolution.cpp.
ConventionLayer from_onednn(const OneDnnDeconvolution& layer);

} // namespace convmat
