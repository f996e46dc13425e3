#include <convmat/geometry/conventions/tensorflow.hpp>

#include <boost/test/unit_test.hpp>

#include "support/conventions.hpp"

namespace tensorflow_test {

namespace {

using namespace convmat;
using test::applied;
using test::counting;
using test::Integers;

const Integers powers({1, 5}, {1, 10, 100, 1000, 10000});

} // namespace

BOOST_AUTO_TEST_CASE(tensorflow_filters_have_their_channels_last) {
    const auto layer = from_tensorflow(
        TensorFlowConv{.input = {4, 4}, .in_channels = 4, .out_channels = 6, .filter_size = {2, 3}, .groups = 2});
    const Integers filter = counting({2, 3, 2, 6}); // (H, W, C/g, O)
    const Integers kernel = layer.weights.to_convmat(filter);
    BOOST_TEST((kernel.shape() == Shape{6, 2, 2, 3}));
    for (Index o = 0; o < 6; ++o)
        for (Index c = 0; c < 2; ++c)
            for (Index h = 0; h < 2; ++h)
                for (Index w = 0; w < 3; ++w)
                    BOOST_TEST(kernel[((o * 2 + c) * 2 + h) * 3 + w] == filter[((h * 3 + w) * 2 + c) * 6 + o]);
}

BOOST_AUTO_TEST_CASE(tensorflow_same_depends_on_the_stride) {
    const auto layer = from_tensorflow(
        TensorFlowConv{.input = {5}, .filter_size = {3}, .strides = {2}, .padding = TensorFlowPadding::same});
    BOOST_TEST((applied(layer, Integers({3, 1, 1}, {1, 2, 3}), powers) == Integers({1, 3}, {32, 3210, 21000})));
    const auto even = from_tensorflow(
        TensorFlowConv{.input = {4}, .filter_size = {3}, .strides = {2}, .padding = TensorFlowPadding::same});
    BOOST_TEST((even.geometry.axis(0).padding == Padding{0, 1}));
}

BOOST_AUTO_TEST_CASE(tensorflow_depthwise_writes_its_multiples_of_a_channel_side_by_side) {
    const auto layer = from_tensorflow(
        TensorFlowDepthwiseConv{.input = {1, 1}, .in_channels = 2, .filter_size = {1, 1}, .channel_multiplier = 3});
    const Integers filter({1, 1, 2, 3}, {1, 2, 3, 4, 5, 6});
    BOOST_TEST((applied(layer, filter, Integers({2, 1, 1}, {1, 10})) == Integers({6, 1, 1}, {1, 2, 3, 40, 50, 60})));
}

BOOST_AUTO_TEST_CASE(tensorflow_refuses_explicit_padding_but_in_two_dimensions) {
    using Pairs = std::vector<Padding>;
    BOOST_CHECK_THROW(from_tensorflow(TensorFlowConv{.input = {5}, .filter_size = {3}, .padding = Pairs{{1, 1}}}),
                      GeometryError);
    BOOST_CHECK_THROW(
        from_tensorflow(TensorFlowConv{.input = {5, 5}, .filter_size = {3, 3}, .padding = Pairs{{1, 1}, {-1, 0}}}),
        GeometryError);
    const auto layer =
        from_tensorflow(TensorFlowConv{.input = {5, 5}, .filter_size = {3, 3}, .padding = Pairs{{1, 2}, {0, 0}}});
    BOOST_TEST((layer.output_shape() == Shape{1, 6, 3}));
}

// The kernel of 3 stamped with stride 2: the convolution of 4 pads (0, 1), of 3 it pads (1, 1).
BOOST_AUTO_TEST_CASE(tensorflow_transposes_the_convolution_that_reads_the_output_shape) {
    const auto written = [](Index output) {
        const auto layer = from_tensorflow(
            TensorFlowConvTranspose{.input = {2}, .filter_size = {3}, .output_shape = {output}, .strides = {2}});
        return applied(layer, Integers({3, 1, 1}, {1, 2, 3}), Integers({1, 2}, {1, 10}));
    };
    BOOST_TEST((written(4) == Integers({1, 4}, {1, 2, 13, 20})));
    BOOST_TEST((written(3) == Integers({1, 3}, {2, 13, 20})));
    BOOST_CHECK_THROW(written(5), GeometryError);
    BOOST_CHECK_THROW(written(2), GeometryError);
}

} // namespace tensorflow_test
