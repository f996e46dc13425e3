#include <convmat/base/rearrange.hpp>

#include <numeric>

#include <boost/test/unit_test.hpp>

#include "support/throws_saying.hpp"

namespace rearrange_test {

using namespace convmat;

namespace {

Tensor<double> counting(Shape shape) {
    Tensor<double> tensor(std::move(shape));
    std::iota(tensor.values().begin(), tensor.values().end(), 0.0);
    return tensor;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rearrange)

BOOST_AUTO_TEST_CASE(permute_moves_each_axis_to_its_place) {
    BOOST_TEST((permute_axes(counting({2, 3}), Shape{1, 0}) == Tensor<double>({3, 2}, {0, 3, 1, 4, 2, 5})));
    const auto cube = counting({2, 3, 4});
    const auto moved = permute_axes(cube, Shape{2, 0, 1});
    BOOST_TEST((moved.shape() == Shape{4, 2, 3}));
    for (Index a = 0; a < 2; ++a)
        for (Index b = 0; b < 3; ++b)
            for (Index c = 0; c < 4; ++c) BOOST_TEST(moved[(c * 2 + a) * 3 + b] == cube[(a * 3 + b) * 4 + c]);
    BOOST_TEST((permute_axes(moved, Shape{1, 2, 0}) == cube));
}

BOOST_AUTO_TEST_CASE(flip_reverses_the_axes_from_the_first_named) {
    BOOST_TEST((flip_axes(counting({2, 3}), 1) == Tensor<double>({2, 3}, {2, 1, 0, 5, 4, 3})));
    BOOST_TEST((flip_axes(counting({2, 3}), 0) == Tensor<double>({2, 3}, {5, 4, 3, 2, 1, 0})));
    BOOST_TEST((flip_axes(counting({2, 3}), 2) == counting({2, 3})));
    BOOST_TEST((flip_axes(counting({1, 1, 4}), 2) == Tensor<double>({1, 1, 4}, {3, 2, 1, 0})));
}

BOOST_AUTO_TEST_CASE(empty_arrays_stay_empty) {
    BOOST_TEST((permute_axes(Tensor<double>({0, 3}), Shape{1, 0}).shape() == Shape{3, 0}));
    BOOST_TEST((flip_axes(Tensor<double>({2, 0}), 0).shape() == Shape{2, 0}));
}

BOOST_AUTO_TEST_CASE(what_names_no_axis_is_refused) {
    test::throws_saying<ShapeError>([] { permute_axes(counting({2, 3}), Shape{0, 0}); }, "order 0x0");
    test::throws_saying<ShapeError>([] { permute_axes(counting({2, 3}), Shape{0}); }, "expected each axis of 2x3");
    test::throws_saying<ShapeError>([] { flip_axes(counting({2, 3}), 3); }, "first axis 3, expected 0 to 2");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace rearrange_test
