#pragma once

#include <convmat/geometry/axes.hpp>
#include <convmat/geometry/conv_geometry.hpp>

/// Layers that stand in a relation to a given one; the identities are equations between their matrices.
namespace convmat {

/// The same layer with stride 1: W = stride_matrix(g) · W_1.
ConvGeometry unit_stride(const ConvGeometry& geometry);

/// The same layer reading the padded input, p = 0: W = W_valid · pad_matrix(g).
ConvGeometry unpadded(const ConvGeometry& geometry);

/// The convolution with stride 1 whose matrix, after zero stuffing, is W^T of a layer with zero boundary:
/// W(K)^T = W(swap(flip K)) · zero_stuffing_matrix(g). It reads O channels of extents s (m - 1) + 1 with padding
/// k_eff - 1 - p_begin and k_eff - 1 - p_end + r, and writes C channels of extents n. (Dumoulin and Visin,
/// arXiv:1603.07285, relation 14, for any group, dilation and remainder.)
ConvGeometry transpose_as_convolution(const ConvGeometry& geometry);

} // namespace convmat
