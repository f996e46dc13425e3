#pragma once

#include <algorithm>
#include <complex>
#include <optional>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <Eigen/Core>

#include <convmat/base/rearrange.hpp>
#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/spectrum/singular_values.hpp>

#include "../support/dense_oracles.hpp"
#include "../support/random_layer.hpp"

namespace convmat::test {

template <class S>
DenseMatrix<Spectral<S>> dense_w(const ConvGeometry& geometry, const Tensor<S>& kernel) {
    return DenseMatrix<Spectral<S>>(kernel2matrix(geometry, detail::widened<Spectral<S>>(kernel)));
}

/// Checks that `call` throws an Error about this: the parameter, the axis where it is about one, and the value.
template <class Error, class Call>
void refuses(const Call& call, const std::string& parameter, std::optional<Index> axis, const std::string& value) {
    try {
        call();
        BOOST_ERROR("nothing was thrown; expected an error about " << parameter);
    } catch (const Error& error) {
        BOOST_TEST(error.fault().parameter == parameter, error.what());
        BOOST_TEST((error.fault().axis == axis), error.what());
        BOOST_TEST(error.fault().value == value, "value " << error.fault().value << " of: " << error.what());
        BOOST_TEST(!error.fault().expected.empty(), error.what());
    }
}

/// What rounding may have made of a value of dense_singular_values.
inline double dense_rounding(Index rows, Index cols, double largest) {
    return 4 * static_cast<double>(rows + cols) * std::numeric_limits<double>::epsilon() * largest;
}

} // namespace convmat::test
