#include <convmat/geometry/conventions/onednn.hpp>

#include <boost/test/unit_test.hpp>

#include "support/conventions.hpp"

namespace onednn_test {

namespace {

using namespace convmat;
using test::applied;
using test::Integers;

} // namespace

BOOST_AUTO_TEST_CASE(onednn_counts_dilation_from_zero) {
    OneDnnConvolution layer = {.src = {5}, .kernel = {3}, .padding_l = {1}};
    BOOST_TEST((from_onednn(layer).output_shape() == Shape{1, 5})); // padding_r is padding_l
    layer.dilates = {1};
    layer.padding_r = {0};
    const Integers powers({1, 5}, {1, 10, 100, 1000, 10000});
    BOOST_TEST(
        (applied(from_onednn(layer), Integers({1, 1, 3}, {1, 2, 3}), powers) == Integers({1, 2}, {3020, 30201})));
    layer.dilates = {-1};
    BOOST_CHECK_THROW(from_onednn(layer), GeometryError);
}

BOOST_AUTO_TEST_CASE(onednn_takes_negative_padding_at_the_end_alone_and_above_minus_the_stride) {
    OneDnnConvolution layer = {.src = {6}, .kernel = {3}, .strides = {2}, .padding_l = {0}, .padding_r = {-1}};
    BOOST_TEST((from_onednn(layer).output_shape() == Shape{1, 2}));
    layer.padding_r = {-2};
    BOOST_CHECK_THROW(from_onednn(layer), GeometryError);
    layer.padding_l = {-1};
    layer.padding_r = {0};
    BOOST_CHECK_THROW(from_onednn(layer), GeometryError);
    layer.padding_l = {0};
    layer.dst = {3};
    BOOST_CHECK_THROW(from_onednn(layer), GeometryError);
}

BOOST_AUTO_TEST_CASE(onednn_deconvolution_has_the_outputs_first_in_each_group) {
    OneDnnDeconvolution layer = {.src = {1}, .ic = 4, .oc = 2, .kernel = {1}, .groups = 2};
    const Integers x({4, 1}, {1, 10, 100, 1000});
    BOOST_TEST((applied(from_onednn(layer), Integers({2, 1, 2, 1}, {1, 2, 3, 4}), x) == Integers({2, 1}, {21, 4300})));
    layer.groups = {};
    BOOST_TEST((applied(from_onednn(layer), Integers({2, 4, 1}, {1, 2, 3, 4, 5, 6, 7, 8}), x) ==
                Integers({2, 1}, {4321, 8765})));
}

BOOST_AUTO_TEST_CASE(onednn_deconvolution_has_one_output_for_each_extent_below_the_stride) {
    OneDnnDeconvolution layer = {.src = {3}, .kernel = {3}, .strides = {2}, .dilates = {3}};
    BOOST_TEST((from_onednn(layer).output_shape() == Shape{1, 13}));
    layer.dst = {14};
    BOOST_TEST((from_onednn(layer).output_shape() == Shape{1, 14}));
    for (const Index dst : {12, 15}) {
        layer.dst = {dst};
        BOOST_CHECK_THROW(from_onednn(layer), GeometryError);
    }
}

} // namespace onednn_test
