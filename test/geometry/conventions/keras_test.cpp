#include <convmat/geometry/conventions/keras.hpp>

#include <boost/test/unit_test.hpp>

#include "support/conventions.hpp"

namespace keras_test {

namespace {

using namespace convmat;
using test::applied;
using test::Integers;

const Integers powers({1, 5}, {1, 10, 100, 1000, 10000});

} // namespace

BOOST_AUTO_TEST_CASE(keras_causal_looks_back_alone) {
    const auto layer =
        from_keras(KerasConv{.input = {5}, .kernel_size = {2}, .padding = KerasPadding::causal, .dilation_rate = {2}});
    BOOST_TEST((applied(layer, Integers({2, 1, 1}, {1, 2}), powers) == Integers({1, 5}, {2, 20, 201, 2010, 20100})));
    BOOST_CHECK_THROW(from_keras(KerasConv{.input = {5, 5}, .kernel_size = {2, 2}, .padding = KerasPadding::causal}),
                      GeometryError);
}

BOOST_AUTO_TEST_CASE(keras_refuses_a_stride_with_a_dilation) {
    BOOST_CHECK_THROW(from_keras(KerasConv{.input = {9}, .kernel_size = {2}, .strides = {2}, .dilation_rate = {2}}),
                      GeometryError);
}

BOOST_AUTO_TEST_CASE(keras_transposed_layers_write_what_its_table_says) {
    const auto extent = [](KerasPadding padding, Index k, Shape output_padding) {
        return from_keras(KerasConvTranspose{.input = {4},
                                             .kernel_size = {k},
                                             .strides = {3},
                                             .padding = padding,
                                             .output_padding = std::move(output_padding)})
            .output_shape()[1];
    };
    BOOST_TEST(extent(KerasPadding::valid, 2, {}) == 12); // 9 + max(2, 3)
    BOOST_TEST(extent(KerasPadding::valid, 5, {}) == 14);
    BOOST_TEST(extent(KerasPadding::valid, 2, {0}) == 11);
    BOOST_TEST(extent(KerasPadding::valid, 5, {2}) == 16);
    BOOST_TEST(extent(KerasPadding::same, 5, {}) == 12);
    BOOST_TEST(extent(KerasPadding::same, 5, {0}) == 10); // 9 + 5 mod 2 + 0
    BOOST_TEST(extent(KerasPadding::same, 4, {2}) == 11);
    BOOST_CHECK_THROW(extent(KerasPadding::same, 4, {0}), GeometryError); // TensorFlow refuses the 9 it would be
    BOOST_CHECK_THROW(extent(KerasPadding::valid, 5, {3}), GeometryError);
}

BOOST_AUTO_TEST_CASE(keras_transposed_filters_have_the_output_channels_before_the_input_channels) {
    const auto layer = from_keras(KerasConvTranspose{.input = {1}, .in_channels = 2, .filters = 3, .kernel_size = {1}});
    const Integers filter({1, 3, 2}, {1, 2, 3, 4, 5, 6}); // (k, out, in)
    BOOST_TEST((applied(layer, filter, Integers({2, 1}, {1, 10})) == Integers({3, 1}, {21, 43, 65})));
}

} // namespace keras_test
