#pragma once

#include <algorithm>
#include <span>

#include <convmat/base/tensor.hpp>

namespace convmat {

namespace detail {

/// Values from one position of an axis to the next, row-major.
inline Shape steps_of(const Shape& shape) {
    Shape steps(shape.size(), 1);
    for (std::size_t j = shape.size(); j-- > 1;) steps[j - 1] = steps[j] * shape[j];
    return steps;
}

/// to[i] = from[first + sum_j steps[j] i_j] for every position i of `to`, in order.
template <ScalarType Scalar>
void gather(const Tensor<Scalar>& from, Index first, const Shape& steps, Tensor<Scalar>& to) {
    Shape at(steps.size(), 0);
    for (Index i = 0, source = first; i < to.size(); ++i) {
        to[i] = from[source];
        for (std::size_t j = steps.size(); j-- > 0;) {
            source += steps[j];
            if (++at[j] < to.shape()[j]) break;
            source -= steps[j] * at[j];
            at[j] = 0;
        }
    }
}

} // namespace detail

/// B[i_order[0], i_order[1], ...] = A[i_0, i_1, ...]: axis j of the result is axis order[j] of `array`, NumPy's
/// transpose. Throws ShapeError unless `order` names every axis once. Cost: a copy.
template <ScalarType Scalar>
Tensor<Scalar> permute_axes(const Tensor<Scalar>& array, std::span<const Index> order) {
    const Shape all = detail::steps_of(array.shape());
    Shape named(order.begin(), order.end());
    std::ranges::sort(named);
    bool each_once = std::ssize(named) == array.rank();
    for (std::size_t j = 0; each_once && j < named.size(); ++j) each_once = named[j] == static_cast<Index>(j);
    if (!each_once)
        throw ShapeError({.parameter = "order",
                          .value = to_string(Shape(order.begin(), order.end())),
                          .expected = concat("each axis of ", to_string(array.shape()), " once, from 0"),
                          .found = concat("permute_axes: order ", to_string(Shape(order.begin(), order.end())))});
    Shape shape, steps;
    for (const Index axis : order) {
        shape.push_back(array.shape()[static_cast<std::size_t>(axis)]);
        steps.push_back(all[static_cast<std::size_t>(axis)]);
    }
    Tensor<Scalar> result(std::move(shape));
    detail::gather(array, 0, steps, result);
    return result;
}

/// B[..., i_j, ...] = A[..., n_j - 1 - i_j, ...] for every axis j >= first_axis: the axes reversed, as NumPy's flip.
/// For weights (O, C/g, k...) first_axis = 2 flips the kernel. Throws ShapeError unless 0 <= first_axis <= rank.
template <ScalarType Scalar>
Tensor<Scalar> flip_axes(const Tensor<Scalar>& array, Index first_axis) {
    if (first_axis < 0 || first_axis > array.rank())
        throw ShapeError({.parameter = "first_axis",
                          .value = concat(first_axis),
                          .expected = concat("0 to ", array.rank()),
                          .found = concat("flip_axes: first axis ", first_axis)});
    Shape steps = detail::steps_of(array.shape());
    Index first = 0;
    for (auto j = static_cast<std::size_t>(first_axis); j < steps.size(); ++j) {
        first += steps[j] * (array.shape()[j] - 1);
        steps[j] = -steps[j];
    }
    Tensor<Scalar> result(array.shape());
    detail::gather(array, first, steps, result);
    return result;
}

} // namespace convmat
