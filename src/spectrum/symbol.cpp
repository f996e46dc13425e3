#include <convmat/spectrum/symbol.hpp>

#include <convmat/base/checked.hpp>
#include <convmat/base/error.hpp>
#include <convmat/structure/kernels.hpp>

#include "../numerics/blocks.hpp"
#include "../numerics/scaled_kernel.hpp"

namespace convmat::detail {

using namespace numerics;

template <class S>
Tensor<Complex> symbols(const ConvGeometry& geometry, const Tensor<S>& kernel) {
    const ScaledKernel<S> scaled(geometry, kernel, "symbols");
    Shape shape;
    for (Index j = 0; j < geometry.rank(); ++j) {
        const Axis& axis = geometry.axis(j);
        if (transform_of(axis, scaled.kernel, static_cast<std::size_t>(j + 2)) == AxisTransform::none)
            throw GeometryError({.parameter = "boundary",
                                 .axis = j,
                                 .value = concat(to_string(axis.boundary)),
                                 .expected = "periodic with n = s m, or mirrored taps about each position",
                                 .found = concat("symbols: no transform diagonalises axis ", j, ", of boundary ",
                                                 to_string(axis.boundary), ", ", axis.input, " -> ", axis.output,
                                                 " positions and stride ", axis.stride)});
        shape.push_back(axis.input);
    }
    shape.push_back(geometry.out_channels());
    shape.push_back(geometry.in_channels());
    Piece<S> piece{
        geometry.out_channels(), geometry.in_channels(), {}, {}, ungrouped(scaled.kernel, geometry.groups())};
    piece.axes.assign(geometry.axes().begin(), geometry.axes().end());
    const auto rows = Blocks<S>(piece).symbols(); // (frequencies, o c)
    Tensor<Complex> result(shape);
    std::copy_n(rows.data(), rows.size(), result.data());
    for (Complex& value : result.values()) value *= scaled.factor;
    return result;
}

template Tensor<Complex> symbols(const ConvGeometry&, const Tensor<double>&);
template Tensor<Complex> symbols(const ConvGeometry&, const Tensor<Complex>&);

} // namespace convmat::detail
