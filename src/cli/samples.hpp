#pragma once

#include <convmat/base/tensor.hpp>

namespace convmat::cli {

/// How an array holds what a layer reads: (C, n...), a batch of them (N, C, n...), or (n...) when there is one channel.
struct Samples {
    enum class Layout { bare, single, batch };
    Layout layout = Layout::single;
    Index count = 1;

    /// The shape of as many results, each of the given (C, n...), in the same layout; bare only while C = 1.
    Shape shape_of_all(const Shape& one) const;

    /// Sample i of an array, under its own shape (C, n...).
    template <ScalarType S>
    Tensor<S> sample(const Tensor<S>& all, Index i, const Shape& one) const {
        const Index size = checked_product(one, "sample");
        const auto first = all.values().begin() + i * size;
        return Tensor<S>(one, std::vector<S>(first, first + size));
    }
};

/// Reads `x` as samples of shape `one`; throws InputError blaming the option when it is none of the three.
Samples samples_of(const Shape& x, const Shape& one, const char* option = "--x");

} // namespace convmat::cli
