#include "decomposition.hpp"

#include <algorithm>
#include <cmath>

#include <convmat/base/checked.hpp>
#include <convmat/base/rearrange.hpp>

#include "axis_norms.hpp"

namespace convmat::numerics {
namespace {

// Axis j of the kernel first, as the rows of a matrix.
template <class S>
Dense<S> unfolded(const Tensor<S>& kernel, std::size_t j) {
    Shape order = {static_cast<Index>(j)};
    for (Index i = 0; i < kernel.rank(); ++i)
        if (i != order.front()) order.push_back(i);
    const Tensor<S> first = permute_axes(kernel, order);
    const Index rows = kernel.shape()[j], cols = kernel.size() / rows;
    return Eigen::Map<const DenseRows<S>>(first.data(), rows, cols);
}

double most_tap_norms(const std::vector<Axis>& axes) {
    double product = 1;
    for (const Axis& axis : axes) // a tap of zero padding reads an input once at most
        if (axis.boundary != Boundary::zero) product *= std::ranges::max(tap_norm_bounds(axis));
    return product;
}

template <class S>
using Column = Eigen::Matrix<S, Eigen::Dynamic, 1>;

// The unit vector a of the nearest K = a ⊗ K', as good as: from the column of the largest norm, by two power steps.
template <class S>
Column<S> nearest_factor(const Dense<S>& k) {
    Index largest = 0;
    double most = 0;
    for (Index i = 0; i < k.cols(); ++i)
        if (const double square = k.col(i).squaredNorm(); square > most) {
            most = square;
            largest = i;
        }
    Column<S> a = k.col(largest);
    if (a.norm() == 0) return Column<S>::Unit(k.rows(), 0);
    for (int step = 0; step < 2; ++step) {
        a /= a.norm();
        Column<S> next = Column<S>::Zero(k.rows()); // K K^H a
        for (Index i = 0; i < k.cols(); ++i) next += k.col(i) * k.col(i).dot(a);
        a = next / next.norm();
    }
    return a;
}

// K = a ⊗ K' on axis j of the piece, with the best a and K' there are: takes it off when what is left is small enough.
template <class S>
bool take_off(Product<S>& product, std::size_t j, double tolerance, double& left) {
    Piece<S>& from = product.pieces.front();
    const Dense<S> k = unfolded(from.kernel, j + 2);
    const Column<S> a = nearest_factor(k);
    Column<S> rest(k.cols()); // a^H K
    double square = 0;
    for (Index i = 0; i < k.cols(); ++i) {
        rest(i) = a.dot(k.col(i));
        square += (k.col(i) - rest(i) * a).squaredNorm();
    }
    const double residual = std::sqrt(square);
    if (!(residual <= tolerance * k.norm())) return false;
    left += residual;
    Piece<S> axis{1, 1, {from.numbers[j]}, {from.axes[j]}, Tensor<S>({1, 1, from.axes[j].kernel})};
    axis.kernel.vec() = a;
    Shape shape = from.kernel.shape();
    shape.erase(shape.begin() + static_cast<std::ptrdiff_t>(j + 2));
    from.kernel = Tensor<S>(shape);
    from.kernel.vec() = rest;
    from.axes.erase(from.axes.begin() + static_cast<std::ptrdiff_t>(j));
    from.numbers.erase(from.numbers.begin() + static_cast<std::ptrdiff_t>(j));
    product.pieces.push_back(std::move(axis));
    return true;
}

template <class S>
Piece<S> of_group(const ConvGeometry& geometry, const Tensor<S>& kernel, Index group) {
    Piece<S> piece{geometry.out_channels_per_group(), geometry.in_channels_per_group(), {}, {}, {}};
    Shape shape = geometry.kernel_shape();
    shape.front() = piece.outs;
    piece.kernel = Tensor<S>(shape);
    std::copy_n(kernel.data() + group * piece.kernel.size(), piece.kernel.size(), piece.kernel.data());
    for (Index j = 0; j < geometry.rank(); ++j) {
        piece.numbers.push_back(j);
        piece.axes.push_back(geometry.axis(j));
    }
    return piece;
}

} // namespace

template <class S>
std::vector<Product<S>> decomposed(const ConvGeometry& geometry, const Tensor<S>& kernel, double separability) {
    std::vector<Product<S>> products;
    for (Index group = 0; group < geometry.groups(); ++group) {
        Product<S> product{{of_group(geometry, kernel, group)}, 0};
        const std::vector<Axis> axes = product.pieces.front().axes;
        double left = 0;
        for (std::size_t j = axes.size(); j-- > 0;) {
            const Piece<S>& first = product.pieces.front();
            if (first.outs * first.ins == 1 && first.axes.size() == 1) break; // nothing to separate it from
            take_off(product, j, separability, left);
        }
        if (left > 0)
            product.residual = left * std::sqrt(static_cast<double>(geometry.kernel_size())) * most_tap_norms(axes);
        products.push_back(std::move(product));
    }
    return products;
}

template <class S>
Piece<S> whole(const ConvGeometry& geometry, const Tensor<S>& kernel, Index group) {
    return of_group(geometry, kernel, group);
}

template <class S>
bool of_both_orientations(const Product<S>& product) {
    const auto wide = [](const Piece<S>& piece) { return piece.rows() < piece.cols(); };
    const auto tall = [](const Piece<S>& piece) { return piece.rows() > piece.cols(); };
    return std::ranges::any_of(product.pieces, wide) && std::ranges::any_of(product.pieces, tall);
}

template std::vector<Product<double>> decomposed(const ConvGeometry&, const Tensor<double>&, double);
template std::vector<Product<Complex>> decomposed(const ConvGeometry&, const Tensor<Complex>&, double);
template Piece<double> whole(const ConvGeometry&, const Tensor<double>&, Index);
template Piece<Complex> whole(const ConvGeometry&, const Tensor<Complex>&, Index);
template bool of_both_orientations(const Product<double>&);
template bool of_both_orientations(const Product<Complex>&);

} // namespace convmat::numerics
