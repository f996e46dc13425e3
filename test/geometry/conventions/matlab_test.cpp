#include <convmat/geometry/conventions/matlab.hpp>

#include <boost/test/unit_test.hpp>

#include "support/conventions.hpp"

namespace matlab_test {

namespace {

using namespace convmat;
using test::applied;
using test::counting;
using test::Integers;
using test::ones;

const Integers powers({1, 5}, {1, 10, 100, 1000, 10000});

Integers matlab(MatlabShape shape, const Integers& kernel) {
    return applied(from_matlab({.a = {5}, .b = kernel.shape(), .shape = shape}), kernel, powers);
}

} // namespace

BOOST_AUTO_TEST_CASE(matlab_convolves_and_same_begins_at_half_the_kernel) {
    BOOST_TEST(
        (matlab(MatlabShape::full, Integers({2}, {1, 2})) == Integers({1, 6}, {1, 12, 120, 1200, 12000, 20000})));
    BOOST_TEST((matlab(MatlabShape::same, Integers({2}, {1, 2})) == Integers({1, 5}, {12, 120, 1200, 12000, 20000})));
    BOOST_TEST(
        (matlab(MatlabShape::same, Integers({3}, {1, 2, 3})) == Integers({1, 5}, {12, 123, 1230, 12300, 23000})));
    BOOST_TEST((matlab(MatlabShape::valid, Integers({2}, {1, 2})) == Integers({1, 4}, {12, 120, 1200, 12000})));
    BOOST_CHECK_THROW(matlab(MatlabShape::valid, ones({6})), GeometryError);
}

// The page of convmtx2: conv2(magic(5), ones(3) / 9), times 9.
BOOST_AUTO_TEST_CASE(matlab_conv2_of_a_magic_square) {
    const Integers magic({1, 5, 5},
                         {17, 24, 1, 8, 15, 23, 5, 7, 14, 16, 4, 6, 13, 20, 22, 10, 12, 19, 21, 3, 11, 18, 25, 2, 9});
    const auto layer = from_matlab({.a = {5, 5}, .b = {3, 3}});
    const Integers y = applied(layer, ones({3, 3}), magic);
    BOOST_TEST((y.shape() == Shape{1, 7, 7}));
    BOOST_TEST(y[0] == 17);
    BOOST_TEST(y[1] == 41);
    BOOST_TEST(y[8] == 17 + 24 + 23 + 5);
    BOOST_TEST(y[24] == 5 + 7 + 14 + 6 + 13 + 20 + 12 + 19 + 21);
    BOOST_TEST(y[48] == 9);
}

BOOST_AUTO_TEST_CASE(matlabs_own_vector_goes_through_the_matrix_of_reversed_axes) {
    const auto layer = from_matlab({.a = {2, 3}, .b = {1, 2}, .vec = VecOrder::column_major});
    BOOST_TEST((layer.geometry.input_shape() == Shape{1, 3, 2}));
    // A = [1 3 5; 2 4 6], A(:) = 1..6; conv2(A, [1 10]) = [1 13 35 50; 2 24 46 60].
    BOOST_TEST((applied(layer, Integers({1, 2}, {1, 10}), counting({1, 6}, 1)) ==
                Integers({1, 4, 2}, {1, 2, 13, 24, 35, 46, 50, 60})));
}

} // namespace matlab_test
