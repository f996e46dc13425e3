#include <convmat/geometry/axes.hpp>

#include <boost/test/unit_test.hpp>

namespace axes_test {

using namespace convmat;

BOOST_AUTO_TEST_SUITE(axes)

BOOST_AUTO_TEST_CASE(each_axis_gives_a_number_an_axis) {
    const ConvGeometry g({.input = {5, 7}, .kernel = {2, 3}, .stride = {1, 2}, .padding = {{1, 0}, {0, 2}}});
    BOOST_TEST((each_axis(g.axes(), &Axis::kernel) == Shape{2, 3}));
    BOOST_TEST((each_axis(g.axes(), &Axis::padded_input) == Shape{6, 9}));
    BOOST_TEST((each_axis(g.axes(), [](const Axis& axis) { return axis.stride + 1; }) == Shape{2, 3}));
    BOOST_TEST(each_axis({}, &Axis::kernel).empty());
}

BOOST_AUTO_TEST_CASE(a_geometry_comes_from_its_description) {
    const ConvGeometry g({.input = {5, 7},
                          .kernel = {2, 3},
                          .in_channels = 4,
                          .out_channels = 6,
                          .groups = 2,
                          .stride = {1, 2},
                          .dilation = {2, 1},
                          .padding = {{1, 0}, {0, 2}},
                          .boundary = {Boundary::periodic, Boundary::replicate}});
    BOOST_TEST((ConvGeometry(spec_of(g)) == g));
}

BOOST_AUTO_TEST_CASE(axes_alone_describe_one_channel) {
    const ConvGeometry g({.input = {5, 7}, .kernel = {2, 3}, .in_channels = 4, .out_channels = 6, .stride = {1, 2}});
    const ConvGeometry last(spec_of(g.axes().last(1)));
    BOOST_TEST(last.in_channels() == 1);
    BOOST_TEST(last.out_channels() == 1);
    BOOST_TEST((last.axis(0) == g.axis(1)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace axes_test
