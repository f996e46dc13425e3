#pragma once

#include <convmat/base/tensor.hpp>

namespace convmat::detail {

/// K[..., t, ...] = K[..., first + last - t, ...] for the taps t from first to last of an axis, and whatever the others
/// are. `axis` is its number among K's axes (O, C, k...).
template <class S>
bool is_mirrored(const Tensor<S>& kernel, std::size_t axis, Index first, Index last) {
    Index step = 1;
    for (std::size_t j = axis + 1; j < kernel.shape().size(); ++j) step *= kernel.shape()[j];
    for (Index i = 0; i < kernel.size(); ++i) {
        const Index t = i / step % kernel.shape()[axis];
        if (t >= first && t <= last && kernel[i] != kernel[i + (first + last - 2 * t) * step]) return false;
    }
    return true;
}

} // namespace convmat::detail
