#pragma once

#include <numeric>

#include <convmat/geometry/conventions.hpp>
#include <convmat/matrix/kernel2matrix.hpp>

namespace convmat::test {

using Integers = Tensor<std::int64_t>;

/// 0, 1, 2, ... as an array of that shape.
inline Integers counting(Shape shape, std::int64_t first = 0) {
    Integers array(std::move(shape));
    std::iota(array.values().begin(), array.values().end(), first);
    return array;
}

inline Integers ones(Shape shape) {
    Integers array(std::move(shape));
    for (std::int64_t& value : array.values()) value = 1;
    return array;
}

/// What the layer makes of x with these weights, both in the other system's order, by its matrix.
template <ScalarType S>
Tensor<S> applied(const ConventionLayer& layer, const Tensor<S>& weights, const Tensor<S>& x) {
    const auto w = kernel2matrix(layer.geometry, layer.weights.to_convmat(weights));
    const Tensor<S> input = x.reshaped(layer.input_shape());
    Tensor<S> y(layer.output_shape());
    if (layer.form == Form::matrix)
        y.vec() = w * input.vec();
    else
        y.vec() = w.transpose() * input.vec();
    return y;
}

} // namespace convmat::test
