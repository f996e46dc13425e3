#pragma once

#include <vector>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>

namespace convmat::detail {

/// The layer as W shows it: each axis cut to the taps from the first to the last that touch W, its padding moved along,
/// and under the simplest boundary with the same W. Extents, stride and dilation stay, so W does.
struct EffectiveLayer {
    std::vector<Axis> axes;
    Shape first_tap;                ///< on each axis, the first tap kept
    std::vector<bool> was_periodic; ///< on each axis, before it was cut
    Shape least;                    ///< d t - p of the taps that touch W, the first in lexicographic order; on an axis
                                    ///< of one position that is not zero outside, 0
    Shape most;                     ///< the last
    bool is_zero = false;           ///< W = 0: the rest is empty
};

/// Of a kernel without zeros.
EffectiveLayer effective_layer(const ConvGeometry& geometry);

template <ScalarType Scalar>
EffectiveLayer effective_layer(const ConvGeometry& geometry, const Tensor<Scalar>& kernel);

/// One position in and out: whatever is done there is a number.
inline bool is_scalar(const Axis& axis) { return axis.input == 1 && axis.output == 1; }

/// Every window lies inside the input.
inline bool is_inside(const Axis& axis) {
    return axis.padding.begin <= 0 &&
           axis.stride * (axis.output - 1) + axis.effective_kernel() - 1 - axis.padding.begin < axis.input;
}

} // namespace convmat::detail
