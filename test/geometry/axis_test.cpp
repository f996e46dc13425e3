#include <convmat/geometry/axis.hpp>

#include <boost/test/unit_test.hpp>

namespace axis_test {

using namespace convmat;

BOOST_AUTO_TEST_SUITE(axis)

BOOST_AUTO_TEST_CASE(a_default_axis_has_one_point) {
    const Axis point;
    BOOST_TEST(point.effective_kernel() == 1);
    BOOST_TEST(point.padded_input() == 1);
    BOOST_TEST(point.formula_output() == 1);
    BOOST_TEST(point.remainder() == 0);
    BOOST_TEST((point.boundary == Boundary::zero));
}

// n = 7, padding 1:2, k_eff = 2 * 2 + 1: windows begin at 0, 2, 4 of 10 positions and end at 9.
BOOST_AUTO_TEST_CASE(the_formula_counts_windows_and_the_remainder_what_they_leave) {
    Axis axis = {.input = 7, .kernel = 3, .output = 3, .stride = 2, .dilation = 2, .padding = {1, 2}};
    BOOST_TEST(axis.effective_kernel() == 5);
    BOOST_TEST(axis.padded_input() == 10);
    BOOST_TEST(axis.formula_output() == 3);
    BOOST_TEST(axis.remainder() == 1);
    axis.output = 2; // what a transposed layer may leave
    BOOST_TEST(axis.formula_output() == 3);
    BOOST_TEST(axis.remainder() == 3);
    axis.padding = {-1, -1}; // a crop to 5 positions
    BOOST_TEST(axis.formula_output() == 1);
}

BOOST_AUTO_TEST_CASE(axes_are_equal_when_every_number_is) {
    const Axis axis = {.input = 5, .kernel = 3, .output = 3, .padding = {}};
    Axis other = axis;
    BOOST_TEST((axis == other));
    other.padding.end = 1;
    BOOST_TEST((axis != other));
    other = axis;
    other.boundary = Boundary::periodic;
    BOOST_TEST((axis != other));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace axis_test
