#include <convmat/geometry/conventions/mxnet.hpp>

#include <boost/test/unit_test.hpp>

#include "support/conventions.hpp"

namespace mxnet_test {

namespace {

using namespace convmat;
using test::applied;
using test::counting;
using test::Integers;

} // namespace

// apache/mxnet#13876, as its report says it should be.
BOOST_AUTO_TEST_CASE(mxnet_deconvolution_dilates_its_stamp) {
    const auto layer = from_mxnet(
        MXNetDeconvolution{.data = {3, 3}, .kernel = {3, 3}, .stride = {2, 2}, .dilate = {2, 2}, .pad = {2, 2}});
    BOOST_TEST((applied(layer, counting({1, 1, 3, 3}, 1), Integers({1, 3, 3}, {0, 0, 0, 0, 1, 0, 0, 0, 0})) ==
                Integers({1, 5, 5}, {1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 4, 0, 5, 0, 6, 0, 0, 0, 0, 0, 7, 0, 8, 0, 9})));
}

// apache/mxnet#11629: Caffe's answer.
BOOST_AUTO_TEST_CASE(mxnet_deconvolution_adds_stamps_that_overlap) {
    const auto layer =
        from_mxnet(MXNetDeconvolution{.data = {3, 3}, .kernel = {2, 2}, .stride = {2, 2}, .dilate = {2, 2}});
    const Integers y = applied(layer, counting({1, 1, 2, 2}), counting({1, 3, 3}));
    BOOST_TEST((y.shape() == Shape{1, 7, 7}));
    const auto row = [&](Index r) { return std::vector<std::int64_t>(y.data() + r * 7, y.data() + r * 7 + 7); };
    using Row = std::vector<std::int64_t>;
    BOOST_TEST(row(0) == (Row{0, 0, 0, 0, 1, 0, 2}));
    BOOST_TEST(row(1) == (Row{0, 0, 0, 0, 0, 0, 0}));
    BOOST_TEST(row(2) == (Row{0, 0, 5, 0, 11, 0, 11}));
    BOOST_TEST(row(4) == (Row{6, 0, 23, 0, 29, 0, 23}));
    BOOST_TEST(row(6) == (Row{12, 0, 32, 0, 37, 0, 24}));
}

// Stride 2, kernel 3, 4 inputs reach 9: 6 is 3 less, pad 2 and adj 1.
BOOST_AUTO_TEST_CASE(mxnet_target_shape_replaces_pad_and_adj) {
    MXNetDeconvolution layer = {.data = {4}, .kernel = {3}, .stride = {2}, .pad = {1}, .adj = {1}, .target_shape = {6}};
    const ConventionLayer read = from_mxnet(layer);
    BOOST_TEST((read.output_shape() == Shape{1, 6}));
    BOOST_TEST((read.geometry.axis(0).padding == Padding{2, 2}));
    BOOST_TEST(read.geometry.axis(0).remainder() == 1);
    layer.target_shape = {0}; // none
    BOOST_TEST((from_mxnet(layer).output_shape() == Shape{1, 8}));
    layer.target_shape = {10};
    BOOST_CHECK_THROW(from_mxnet(layer), GeometryError);
}

BOOST_AUTO_TEST_CASE(mxnet_refuses_adj_of_a_stride_and_an_odd_target_without_one) {
    MXNetDeconvolution layer = {.data = {4}, .kernel = {3}, .stride = {2}, .dilate = {3}, .adj = {2}};
    BOOST_CHECK_THROW(from_mxnet(layer), GeometryError);
    layer = {.data = {4}, .kernel = {3}, .target_shape = {5}};
    BOOST_CHECK_THROW(from_mxnet(layer), GeometryError);
    layer.target_shape = {4};
    BOOST_TEST((from_mxnet(layer).output_shape() == Shape{1, 4}));
    BOOST_CHECK_THROW(from_mxnet(MXNetDeconvolution{.data = {3, 3, 3}, .kernel = {2, 2, 2}, .dilate = {1, 2, 1}}),
                      GeometryError);
}

BOOST_AUTO_TEST_CASE(mxnet_refuses_a_dilation_of_three_axes_also_forward) {
    MXNetConvolution layer = {.data = {5, 5, 5}, .kernel = {2, 2, 2}, .dilate = {1, 1, 2}};
    BOOST_CHECK_THROW(from_mxnet(layer), GeometryError);
    layer.dilate = {};
    BOOST_TEST((from_mxnet(layer).output_shape() == Shape{1, 4, 4, 4}));
}

} // namespace mxnet_test
