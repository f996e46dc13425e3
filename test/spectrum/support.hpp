#pragma once

#include <algorithm>
#include <complex>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <Eigen/Core>

#include <convmat/base/rearrange.hpp>
#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/spectrum/singular_values.hpp>

#include "../support/dense_oracles.hpp"
#include "../support/random_layer.hpp"
#include "../support/throws_saying.hpp"

namespace convmat::test {

template <class S>
DenseMatrix<Spectral<S>> dense_w(const ConvGeometry& geometry, const Tensor<S>& kernel) {
    return DenseMatrix<Spectral<S>>(kernel2matrix(geometry, detail::widened<Spectral<S>>(kernel)));
}

/// What rounding may have made of a value of dense_singular_values.
inline double dense_rounding(Index rows, Index cols, double largest) {
    return 4 * static_cast<double>(rows + cols) * std::numeric_limits<double>::epsilon() * largest;
}

} // namespace convmat::test
