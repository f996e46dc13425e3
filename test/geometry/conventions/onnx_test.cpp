#include <convmat/geometry/conventions/onnx.hpp>

#include <boost/test/unit_test.hpp>

#include "support/conventions.hpp"

namespace onnx_test {

// The numbers are those of ONNX's Operators.md, of its tests of the same names.
namespace {

using namespace convmat;
using test::applied;
using test::counting;
using test::Integers;
using test::ones;

const Integers x33 = counting({1, 3, 3});

} // namespace

BOOST_AUTO_TEST_CASE(onnx_convtranspose_1d) {
    const auto layer = from_onnx(OnnxConvTranspose{.input = {3}, .out_channels = 2, .kernel_shape = {3}});
    BOOST_TEST((applied(layer, ones({1, 2, 3}), counting({1, 3})) == Integers({2, 5}, {0, 1, 3, 3, 2, 0, 1, 3, 3, 2})));
}

BOOST_AUTO_TEST_CASE(onnx_convtranspose_output_shape_and_pad_are_one_layer) {
    const auto by_shape = from_onnx(
        OnnxConvTranspose{.input = {3, 3}, .kernel_shape = {3, 3}, .strides = {3, 2}, .output_shape = {10, 8}});
    const auto by_padding = from_onnx(
        OnnxConvTranspose{.input = {3, 3}, .kernel_shape = {3, 3}, .strides = {3, 2}, .output_padding = {1, 1}});
    const Integers y = applied(by_shape, ones({1, 1, 3, 3}), x33);
    BOOST_TEST((y == applied(by_padding, ones({1, 1, 3, 3}), x33)));
    BOOST_TEST((y == Integers({1, 10, 8},
                              {0, 0, 1, 1, 3,  2, 2,  0, 0, 0, 1, 1, 3,  2, 2,  0, 0, 0, 1, 1, 3, 2, 2, 0,  3, 3,  7,
                               4, 9, 5, 5, 0,  3, 3,  7, 4, 9, 5, 5, 0,  3, 3,  7, 4, 9, 5, 5, 0, 6, 6, 13, 7, 15, 8,
                               8, 0, 6, 6, 13, 7, 15, 8, 8, 0, 6, 6, 13, 7, 15, 8, 8, 0, 0, 0, 0, 0, 0, 0,  0, 0})));
}

BOOST_AUTO_TEST_CASE(onnx_convtranspose_pads) {
    const auto layer =
        from_onnx(OnnxConvTranspose{.input = {3, 3}, .kernel_shape = {3, 3}, .pads = {1, 2, 1, 2}, .strides = {3, 2}});
    BOOST_TEST((applied(layer, ones({1, 1, 3, 3}), x33) ==
                Integers({1, 7, 3}, {1, 1, 3, 1, 1, 3, 7, 4, 9, 7, 4, 9, 7, 4, 9, 13, 7, 15, 13, 7, 15})));
}

BOOST_AUTO_TEST_CASE(onnx_convtranspose_dilations) {
    const auto layer = from_onnx(OnnxConvTranspose{.input = {3, 3}, .kernel_shape = {2, 2}, .dilations = {2, 2}});
    BOOST_TEST(
        (applied(layer, Integers({1, 1, 2, 2}, {7, 2, 1, 9}), Integers({1, 3, 3}, {3, 8, 1, 9, 5, 7, 3, 2, 6})) ==
         Integers({1, 5, 5},
                  {21, 56, 13, 16, 2, 63, 35, 67, 10, 14, 24, 22, 76, 76, 21, 9, 5, 88, 45, 63, 3, 2, 33, 18, 54})));
}

BOOST_AUTO_TEST_CASE(onnx_convtranspose_autopad_same) {
    const auto layer = from_onnx(OnnxConvTranspose{
        .input = {3, 3}, .kernel_shape = {3, 3}, .auto_pad = OnnxAutoPad::same_upper, .strides = {2, 2}});
    BOOST_TEST((applied(layer, ones({1, 1, 3, 3}), x33) ==
                Integers({1, 6, 6}, {0, 0, 1, 1, 3, 2, 0, 0, 1,  1,  3,  2,  3, 3, 8,  5, 12, 7,
                                     3, 3, 7, 4, 9, 5, 9, 9, 20, 11, 24, 13, 6, 6, 13, 7, 15, 8})));
}

// total = 3 - 2 = 1: SAME_UPPER crops it at the end, everything else at the beginning.
BOOST_AUTO_TEST_CASE(onnx_output_shape_crops_the_odd_position_by_auto_pad) {
    const auto written = [](OnnxAutoPad auto_pad) {
        const auto layer =
            from_onnx(OnnxConvTranspose{.input = {1}, .kernel_shape = {3}, .auto_pad = auto_pad, .output_shape = {2}});
        return applied(layer, Integers({1, 1, 3}, {1, 2, 3}), ones({1, 1}));
    };
    BOOST_TEST((written(OnnxAutoPad::same_upper) == Integers({1, 2}, {1, 2})));
    BOOST_TEST((written(OnnxAutoPad::same_lower) == Integers({1, 2}, {2, 3})));
    BOOST_TEST((written(OnnxAutoPad::not_set) == Integers({1, 2}, {2, 3})));
}

BOOST_AUTO_TEST_CASE(onnx_conv_auto_pad_chooses_the_end_of_the_odd_position) {
    const Integers powers({1, 5}, {1, 10, 100, 1000, 10000});
    const auto read = [&](OnnxAutoPad auto_pad) {
        const auto layer = from_onnx(OnnxConv{.input = {5}, .kernel_shape = {2}, .auto_pad = auto_pad, .strides = {1}});
        return applied(layer, Integers({1, 1, 2}, {1, 2}), powers);
    };
    BOOST_TEST((read(OnnxAutoPad::same_upper) == Integers({1, 5}, {21, 210, 2100, 21000, 10000})));
    BOOST_TEST((read(OnnxAutoPad::same_lower) == Integers({1, 5}, {2, 21, 210, 2100, 21000})));
    BOOST_TEST((read(OnnxAutoPad::valid) == Integers({1, 4}, {21, 210, 2100, 21000})));
}

BOOST_AUTO_TEST_CASE(onnx_refuses_lists_of_other_lengths_and_pads_beside_auto_pad) {
    BOOST_CHECK_THROW(from_onnx(OnnxConv{.input = {5, 5}, .kernel_shape = {2, 2}, .strides = {2}}), GeometryError);
    BOOST_CHECK_THROW(from_onnx(OnnxConv{.input = {5, 5}, .kernel_shape = {2, 2}, .pads = {1, 1}}), GeometryError);
    BOOST_CHECK_THROW(from_onnx(OnnxConv{.input = {5}, .kernel_shape = {2}, .pads = {-1, 0}}), GeometryError);
    BOOST_CHECK_THROW(
        from_onnx(OnnxConv{.input = {5}, .kernel_shape = {2}, .auto_pad = OnnxAutoPad::same_upper, .pads = {0, 1}}),
        GeometryError);
}

BOOST_AUTO_TEST_CASE(onnx_auto_pad_of_a_kernel_shorter_than_the_stride_is_refused) {
    OnnxConvTranspose layer = {.input = {3}, .kernel_shape = {2}, .auto_pad = OnnxAutoPad::same_upper, .strides = {3}};
    BOOST_CHECK_THROW(from_onnx(layer), GeometryError);
    layer.output_padding = {1};
    BOOST_TEST((from_onnx(layer).output_shape() == Shape{1, 9}));
}

} // namespace onnx_test
