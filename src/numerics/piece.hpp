#pragma once

#include <vector>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>

namespace convmat::numerics {

/// Where a vector lives: W maps from the input to the output.
enum class Side { output, input };

/// One factor of the Kronecker product that W, or one group of it, is: a layer without groups on some of the axes.
template <class S>
struct Piece {
    Index outs = 1;
    Index ins = 1;
    std::vector<Index> numbers; ///< which axes of the layer
    std::vector<Axis> axes;     ///< these axes; none: the matrix of weights alone
    Tensor<S> kernel;           ///< (outs, ins, k...)

    Index rows() const;
    Index cols() const;
    Shape output_shape() const;   ///< (outs, m...)
    Shape input_shape() const;    ///< (ins, n...)
    Shape shape(Side side) const; ///< one of both
    ConvGeometry geometry() const;
};

/// The layer of the given channels and axes, of which there is at least one.
ConvGeometry geometry_of(Index outs, Index ins, const std::vector<Axis>& axes);

/// Outputs (inputs) of all axes together. Throws SizeError when they do not fit an Index.
Index positions_of(const std::vector<Axis>& axes, Side side);

inline Index extent_of(const Axis& axis, Side side) { return side == Side::output ? axis.output : axis.input; }

} // namespace convmat::numerics
