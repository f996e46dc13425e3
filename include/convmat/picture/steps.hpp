#pragma once

#include <algorithm>
#include <string>

#include <Eigen/Core>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/picture/figure.hpp>

namespace convmat {

/// A scalar that has a sign, which these pictures show.
template <class Scalar>
concept RealScalar = ScalarType<Scalar> && !Eigen::NumTraits<Scalar>::IsComplex;

namespace detail {

template <RealScalar Scalar>
Tensor<double> as_double(const Tensor<Scalar>& array) {
    Tensor<double> result(array.shape());
    std::ranges::transform(array.values(), result.data(), [](Scalar value) { return static_cast<double>(value); });
    return result;
}

Figure row_figure(const ConvGeometry& geometry, const Tensor<double>& kernel, Index row);
Figure column_figure(const ConvGeometry& geometry, const Tensor<double>& kernel, Index col);
Figure stamps_figure(const ConvGeometry& geometry, const Tensor<double>& kernel, const Tensor<double>& y);

} // namespace detail

/// An array with its numbers in its cells, the larger the stronger the colour; zeros have none. All axes but the last
/// are stacked, with lines where one begins: shape (C, n...) or any other. Throws ShapeError for an array without
/// values or with more than 256 rows or columns of cells (a photograph goes into an ImagePanel), ArgumentError
/// for a value that is not finite.
Panel array_panel(const std::string& title, const Tensor<double>& array);

template <RealScalar Scalar>
Panel array_panel(const std::string& title, const Tensor<Scalar>& array) {
    return array_panel(title, detail::as_double(array));
}

/// Row `row` of W and what it means: the window of X that this output reads, with the weights it reads it with, in the
/// colours of the kernel; and where that row is, if W has at most 64 rows and columns. Throws ShapeError when there is
/// no such row, K does not fit, or X or Y has too many cells for array_panel(). Cost: one row of W.
template <RealScalar Scalar>
Figure row_figure(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, Index row) {
    return detail::row_figure(geometry, detail::as_double(kernel), row);
}

/// Column `col` of W and what it means: the outputs that this input feeds, which are what W^T collects into it. Throws
/// and costs as row_figure().
template <RealScalar Scalar>
Figure column_figure(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, Index col) {
    return detail::column_figure(geometry, detail::as_double(kernel), col);
}

/// Z = W^T y step by step: each value of y times the kernel, stamped where it belongs, then the sum of all stamps. `y`
/// has W's output shape (O, m...). Throws ShapeError when it has not, when there are more than 16 values, or as
/// row_figure(). Cost: as many rows of W.
template <RealScalar Scalar>
Figure stamps_figure(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, const Tensor<Scalar>& y) {
    return detail::stamps_figure(geometry, detail::as_double(kernel), detail::as_double(y));
}

} // namespace convmat
