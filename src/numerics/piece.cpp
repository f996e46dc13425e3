#include "piece.hpp"

#include <convmat/base/checked.hpp>

#include "scalars.hpp"

namespace convmat::numerics {

Index positions_of(const std::vector<Axis>& axes, Side side) {
    Index product = 1;
    for (const Axis& axis : axes) product = checked_mul(product, extent_of(axis, side), "a piece of W");
    return product;
}

template <class S>
Index Piece<S>::rows() const {
    return checked_mul(outs, positions_of(axes, Side::output), "rows of a piece of W");
}

template <class S>
Index Piece<S>::cols() const {
    return checked_mul(ins, positions_of(axes, Side::input), "columns of a piece of W");
}

template <class S>
Shape Piece<S>::shape(Side side) const {
    Shape shape = {side == Side::output ? outs : ins};
    for (const Axis& axis : axes) shape.push_back(extent_of(axis, side));
    return shape;
}

template <class S>
Shape Piece<S>::output_shape() const {
    return shape(Side::output);
}

template <class S>
Shape Piece<S>::input_shape() const {
    return shape(Side::input);
}

template <class S>
ConvGeometry Piece<S>::geometry() const {
    return geometry_of(outs, ins, axes);
}

ConvGeometry geometry_of(Index outs, Index ins, const std::vector<Axis>& axes) {
    ConvSpec spec{.input = {}, .kernel = {}, .in_channels = ins, .out_channels = outs};
    for (const Axis& axis : axes) {
        // Padding that no window reads is left out, so that there are m outputs where a transposed layer stated fewer.
        const Index end = axis.padding.end - axis.remainder();
        spec.input.push_back(axis.input);
        spec.kernel.push_back(axis.kernel);
        spec.stride.push_back(axis.stride);
        spec.dilation.push_back(axis.dilation);
        spec.padding.push_back({axis.padding.begin, end});
        spec.boundary.push_back(axis.boundary);
    }
    return ConvGeometry(spec);
}

template struct Piece<double>;
template struct Piece<Complex>;

} // namespace convmat::numerics
