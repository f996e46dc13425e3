#pragma once

#include <variant>

#include <convmat/geometry/conventions/convention_layer.hpp>

namespace convmat {

enum class PyTorchPadding { valid, same };
enum class PyTorchPaddingMode { zeros, reflect, replicate, circular };

/// torch.nn.Conv1d, 2d, 3d: Y[o, u] = sum W[o, c, t] X[c, s u + d t - p]. One value in a list stands for all axes.
struct PyTorchConv {
    PerAxis<Index> input; ///< spatial extents, 1 to 3 axes
    Index in_channels = 1;
    Index out_channels = 1;
    PerAxis<Index> kernel_size;
    PerAxis<Index> stride = {};
    PerAxisOr<Index, PyTorchPadding> padding = {}; ///< both ends alike, or by name
    PerAxis<Index> dilation = {};
    Index groups = 1;
    PyTorchPaddingMode padding_mode = PyTorchPaddingMode::zeros;
};

/// torch.nn.ConvTranspose1d, 2d, 3d, with the output_size its forward() may be given (which then replaces
/// output_padding).
struct PyTorchConvTranspose {
    PerAxis<Index> input;
    Index in_channels = 1;
    Index out_channels = 1;
    PerAxis<Index> kernel_size;
    PerAxis<Index> stride = {};
    PerAxis<Index> padding = {};
    PerAxis<Index> output_padding = {};
    Index groups = 1;
    PerAxis<Index> dilation = {};
    PerAxis<Index> output_size = {};
};

/// | PyTorch                | W                                                                                |
/// |------------------------|----------------------------------------------------------------------------------|
/// | padding 'same'         | d(k-1) in all, the odd one at the end; refused with a stride                     |
/// | padding_mode           | zeros, reflect = whole_symmetric (p < n), replicate, circular = periodic (p <= n) |
/// | negative padding       | refused for zeros; crops otherwise                                               |
/// | weights                | (O, C/g, k...) as they are                                                       |
///
/// Source: torch/nn/modules/conv.py and what PyTorch 1.13 does.
ConventionLayer from_pytorch(const PyTorchConv& layer);

/// W^T with weights (in, out/g, k...) as they are. output_padding < max(stride, dilation), output_size from the least
/// to stride - 1 more, as PyTorch checks them.
ConventionLayer from_pytorch(const PyTorchConvTranspose& layer);

} // namespace convmat
