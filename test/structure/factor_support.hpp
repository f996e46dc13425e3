#pragma once

#include <cstdint>
#include <numeric>

#include <boost/test/unit_test.hpp>

#include <convmat/structure/sparse.hpp>

#include "support/random_layer.hpp"

namespace convmat::test {

using Integer = std::int64_t;
using Matrix = Eigen::Matrix<Integer, Eigen::Dynamic, Eigen::Dynamic>;

template <class S>
bool same(const Sparse<S>& a, const Sparse<S>& b) {
    BOOST_TEST(a.isCompressed());
    using DenseS = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;
    return a.rows() == b.rows() && a.cols() == b.cols() && DenseS(a) == DenseS(b);
}

inline bool is(const Sparse<Integer>& matrix, const Matrix& expected) {
    BOOST_TEST(matrix.isCompressed());
    return matrix.rows() == expected.rows() && matrix.cols() == expected.cols() && Matrix(matrix) == expected;
}

inline Tensor<Integer> counting(const Shape& shape) {
    Tensor<Integer> tensor(shape);
    std::iota(tensor.values().begin(), tensor.values().end(), 1);
    return tensor;
}

// One hundred layers, or a share of them, of every rank from 1 to 4.
template <class Visit>
void for_random_layers(unsigned seed, const Visit& visit) {
    RandomLayers layers(seed);
    for (Index i = 0; i < share(100); ++i) {
        const ConvGeometry g = layers.geometry(1 + i % 4);
        BOOST_TEST_CONTEXT(describe(g)) visit(g, layers.integers<Integer>(g.kernel_shape()));
    }
}

} // namespace convmat::test
