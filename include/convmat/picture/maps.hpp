#pragma once

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/picture/figure.hpp>
#include <convmat/picture/steps.hpp>

namespace convmat {

/// The pad matrix P of each axis, W = S · W_1 · P: which input stands at each position of the extended axis, with its
/// coefficient; blank rows are zeros. Its columns say what P^T folds back. Throws ShapeError when an axis has more than
/// 64 inputs or positions.
Figure pad_figure(const ConvGeometry& geometry);

/// How many taps of all windows of W read each input, that is how many of all stamps of the transposed layer land on
/// each position it writes, for one pair of channels: shape (1, n...). What a boundary folds back in counts too. Says
/// whether the numbers are even away from the border; if they are not, equal weights paint a checkerboard. Throws
/// ShapeError as array_panel(), and when an axis has more than 10^7 pairs of an output and a tap.
Figure overlap_figure(const ConvGeometry& geometry);

namespace detail {

Figure checkerboard_figure(const ConvGeometry& geometry, const Tensor<double>& kernel);

} // namespace detail

/// W^T 1, shape (C, n...): what the transposed layer paints of a constant, with the weights it has. A pattern in it
/// that repeats with the stride is one that the layer adds to every picture. Throws ShapeError when K does not fit or
/// as array_panel(), SizeError for more than 10^7 outputs. Cost: one product with W^T, which is not stored.
template <RealScalar Scalar>
Figure checkerboard_figure(const ConvGeometry& geometry, const Tensor<Scalar>& kernel) {
    return detail::checkerboard_figure(geometry, detail::as_double(kernel));
}

} // namespace convmat
