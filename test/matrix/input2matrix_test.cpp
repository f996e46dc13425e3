#include <convmat/matrix/input2matrix.hpp>

#include <boost/test/unit_test.hpp>

#include "support/throws_saying.hpp"

namespace input2matrix_test {

namespace {

using namespace convmat;
using Integers = Tensor<std::int64_t>;
using Matrix = Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic>;

} // namespace

BOOST_AUTO_TEST_SUITE(input_as_a_matrix)

BOOST_AUTO_TEST_CASE(a_row_is_the_window_that_its_output_reads) {
    const auto m = input2matrix(ConvGeometry({.input = {3}, .kernel = {2}}), Integers({1, 3}, {1, 10, 100}));
    BOOST_TEST((Matrix(m) == Matrix{{1, 10}, {10, 100}}));
}

BOOST_AUTO_TEST_CASE(taps_outside_are_not_stored_and_zeros_of_the_input_are) {
    const ConvGeometry geometry({.input = {3}, .kernel = {2}, .padding = {{1, 1}}});
    const auto m = input2matrix<std::int64_t>(geometry, Integers({1, 3}, {1, 0, 100}));
    BOOST_TEST((Matrix(m) == Matrix{{0, 1}, {1, 0}, {0, 100}, {100, 0}}));
    BOOST_TEST(m.nonZeros() == 6);
}

BOOST_AUTO_TEST_CASE(an_edge_that_is_repeated_is_read_twice) {
    const ConvGeometry geometry(
        {.input = {2}, .kernel = {3}, .padding = {{1, 1}}, .boundary = {Boundary::antireflective}});
    const auto m = input2matrix(geometry, Integers({1, 2}, {1, 10})); // 2 * 1 - 10 before, 2 * 10 - 1 behind
    BOOST_TEST((Matrix(m) == Matrix{{-8, 1, 10}, {1, 10, 19}}));
}

BOOST_AUTO_TEST_CASE(every_output_channel_has_the_unfolded_input_of_its_group) {
    const ConvGeometry one({.input = {1}, .kernel = {1}, .in_channels = 2, .out_channels = 2});
    const Integers x({2, 1}, {3, 5});
    BOOST_TEST((Matrix(input2matrix(one, x)) == Matrix{{3, 5, 0, 0}, {0, 0, 3, 5}}));
    const ConvGeometry two({.input = {1}, .kernel = {1}, .in_channels = 2, .out_channels = 2, .groups = 2});
    BOOST_TEST((Matrix(input2matrix(two, x)) == Matrix{{3, 0}, {0, 5}}));
}

BOOST_AUTO_TEST_CASE(an_input_of_another_shape_is_refused) {
    const ConvGeometry geometry({.input = {3}, .kernel = {2}});
    test::throws_saying<ShapeError>([&] { input2matrix(geometry, Integers({3})); },
                                    "input2matrix: input has shape 3, expected 1x3");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace input2matrix_test
