#pragma once

#include <functional>
#include <span>

#include <convmat/base/types.hpp>
#include <convmat/geometry/axis.hpp>
#include <convmat/geometry/conv_geometry.hpp>

/// Between a list of axes and lists of one value an axis.
namespace convmat {

/// (of(axis_1), ..., of(axis_D)); `of` is a number of an axis, as &Axis::kernel or &Axis::padded_input, or a function.
template <class Of>
Shape each_axis(std::span<const Axis> axes, const Of& of) {
    Shape values;
    values.reserve(axes.size());
    for (const Axis& axis : axes) values.push_back(std::invoke(of, axis));
    return values;
}

/// The description of a layer with these axes, of one channel. An axis's output extent is no part of it: where it is
/// below the formula's (see ConvGeometry::from_transposed), the formula's is described.
ConvSpec spec_of(std::span<const Axis> axes);

/// The description a geometry came from, for a layer that differs from it; outputs as above.
ConvSpec spec_of(const ConvGeometry& geometry);

} // namespace convmat
