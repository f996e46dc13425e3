#pragma once

#include <cstdint>
#include <vector>

#include <convmat/geometry/conv_geometry.hpp>

#include "compare.hpp"

namespace convmat::cli {

/// Compares everything W does with plain loops, for weights K, an input x of shape (C, n...) and y of (O, m...):
/// W x, W^T y both ways, M(x) k, the two storage orders, and <W x, y> = <x, W^T y>.
///
/// Exactly, when the scalar is int64 or every value is an integer small enough for that; else each value within
/// 4 n eps sum |k| |x|, n being the most terms one value has: twice what two orders of summing may differ by.
template <ScalarType S>
std::vector<Comparison> check_layer(const ConvGeometry& geometry, const Tensor<S>& kernel, const Tensor<S>& x,
                                    const Tensor<S>& y);

} // namespace convmat::cli
