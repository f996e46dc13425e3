#include "group_triplets.hpp"

#include <algorithm>

#include <convmat/base/checked.hpp>
#include <convmat/base/rearrange.hpp>

#include "products.hpp"

namespace convmat::spectrum {
namespace {

using namespace numerics;

// The wanted triplets of A ⊗ B: those of the wanted ones of both.
template <class S>
FoundTriplets<S> kronecker_of(const FoundTriplets<S>& a, const FoundTriplets<S>& b, Index count, End end) {
    const std::vector<double> values = kronecker_values(a.values, b.values);
    FoundTriplets<S> found;
    for (const Index place : wanted_of(values, count, end)) {
        const auto i = static_cast<std::size_t>(place) / b.values.size(),
                   j = static_cast<std::size_t>(place) % b.values.size();
        found.values.push_back(values[static_cast<std::size_t>(place)]);
        found.errors.push_back(a.errors[i] * (b.values[j] + b.errors[j]) + a.values[i] * b.errors[j]);
        const Index column = std::ssize(found.values) - 1;
        const auto append = [&](Dense<S>& to, const Dense<S>& of_a, const Dense<S>& of_b) {
            to.conservativeResize(of_a.rows() * of_b.rows(), column + 1);
            for (Index row = 0; row < of_a.rows(); ++row)
                to.col(column).segment(row * of_b.rows(), of_b.rows()) =
                    of_a(row, static_cast<Index>(i)) * of_b.col(static_cast<Index>(j));
        };
        append(found.u, a.u, b.u);
        append(found.v, a.v, b.v);
    }
    found.steps = a.steps + b.steps;
    found.method = a.method == b.method ? a.method : concat(a.method, "; ", b.method);
    return found;
}

// A column of positions in the order of the pieces, as a tensor (channels, axes of the layer in order).
template <class S>
Tensor<S> in_order(const S* column, const std::vector<Piece<S>>& pieces, Side side) {
    Shape shape, order = {0}; // of the channels, then of every axis in the order of the pieces
    std::vector<Index> numbers;
    for (const Piece<S>& piece : pieces) {
        const Shape own = piece.shape(side);
        shape.insert(shape.end(), own.begin() + (shape.empty() ? 0 : 1), own.end());
        numbers.insert(numbers.end(), piece.numbers.begin(), piece.numbers.end());
    }
    for (Index axis = 0; axis < std::ssize(numbers); ++axis)
        order.push_back(1 + (std::ranges::find(numbers, axis) - numbers.begin()));
    const Index size = checked_product(shape, "a singular vector");
    return permute_axes(Tensor<S>(shape, std::vector<S>(column, column + size)), order);
}

} // namespace

template <class S>
FoundTriplets<S> triplets_of_group(const Product<S>& product, Index count, End end, const SpectrumOptions& options) {
    SpectrumOptions each = options; // errors of pieces add up
    if (product.pieces.size() > 1) each.tolerance *= 0.9 / static_cast<double>(product.pieces.size());
    FoundTriplets<S> found = triplets_of_piece(product.pieces.front(), count, end, each);
    for (std::size_t i = 1; i < product.pieces.size(); ++i)
        found = kronecker_of(found, triplets_of_piece(product.pieces[i], count, end, each), count, end);
    for (double& error : found.errors) error += product.residual;
    for (Index i = 0; i < found.u.cols(); ++i) {
        const Tensor<S> u = in_order(found.u.col(i).data(), product.pieces, Side::output);
        const Tensor<S> v = in_order(found.v.col(i).data(), product.pieces, Side::input);
        found.u.col(i) = u.vec();
        found.v.col(i) = v.vec();
    }
    found.method = words_of(product) + found.method;
    return found;
}

template FoundTriplets<double> triplets_of_group(const Product<double>&, Index, End, const SpectrumOptions&);
template FoundTriplets<Complex> triplets_of_group(const Product<Complex>&, Index, End, const SpectrumOptions&);

} // namespace convmat::spectrum
