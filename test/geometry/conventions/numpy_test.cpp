#include <convmat/geometry/conventions/numpy.hpp>

#include <boost/test/unit_test.hpp>

#include "support/conventions.hpp"

namespace numpy_test {

namespace {

using namespace convmat;
using test::applied;
using test::Integers;

Integers numpy(NumpyFunction function, NumpyMode mode, const Integers& kernel, const Integers& x) {
    return applied(from_numpy({.n = x.shape()[1], .k = kernel.shape()[0], .function = function, .mode = mode}), kernel,
                   x);
}

const Integers powers({1, 3}, {1, 10, 100});
const Integers kernel({5}, {1, 2, 3, 4, 5});

} // namespace

// np.convolve([1, 10, 100], [1, 2, 3, 4, 5], mode): scipy.signal.convolve would keep three values of 'same'.
BOOST_AUTO_TEST_CASE(u4_numpys_same_is_as_long_as_the_longer_one) {
    using enum NumpyMode;
    const auto of = [](NumpyMode mode) { return numpy(NumpyFunction::convolve, mode, kernel, powers); };
    BOOST_TEST((of(full) == Integers({1, 7}, {1, 12, 123, 234, 345, 450, 500})));
    BOOST_TEST((of(same) == Integers({1, 5}, {12, 123, 234, 345, 450})));
    BOOST_TEST((of(valid) == Integers({1, 3}, {123, 234, 345})));
}

// np.correlate([1, 10, 100], [1, 2, 3, 4], mode).
BOOST_AUTO_TEST_CASE(u4_numpys_correlate_is_reversed_where_the_kernel_is_longer) {
    using enum NumpyMode;
    const Integers four({4}, {1, 2, 3, 4});
    const auto of = [&](NumpyMode mode) { return numpy(NumpyFunction::correlate, mode, four, powers); };
    BOOST_TEST((of(full) == Integers({1, 6}, {4, 43, 432, 321, 210, 100})));
    BOOST_TEST((of(same) == Integers({1, 4}, {43, 432, 321, 210})));
    BOOST_TEST((of(valid) == Integers({1, 2}, {432, 321})));
}

BOOST_AUTO_TEST_CASE(numpys_arrays_have_a_value_at_least) {
    BOOST_CHECK_THROW(from_numpy({.n = 0, .k = 1}), GeometryError);
    BOOST_CHECK_THROW(from_numpy({.n = 1, .k = 0}), GeometryError);
}

} // namespace numpy_test
