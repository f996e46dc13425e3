#include <convmat/geometry/conventions/pytorch.hpp>

#include <boost/test/unit_test.hpp>

#include "support/conventions.hpp"

namespace pytorch_test {

namespace {

using namespace convmat;
using test::applied;
using test::counting;
using test::Integers;

const Integers powers({1, 5}, {1, 10, 100, 1000, 10000});

} // namespace

BOOST_AUTO_TEST_CASE(pytorch_same_pads_an_even_kernel_at_the_end) {
    const auto layer = from_pytorch(PyTorchConv{.input = {5}, .kernel_size = {2}, .padding = PyTorchPadding::same});
    const Integers y = applied(layer, Integers({1, 1, 2}, {1, 2}), powers);
    BOOST_TEST((y == Integers({1, 5}, {21, 210, 2100, 21000, 10000})));
    BOOST_TEST(layer.reading == "Read as PyTorch's torch.nn.Conv: padding='same', padding 0:1, weights (O, C/g, k...) "
                                "of shape 1x1x2 are taken as they are.");
}

BOOST_AUTO_TEST_CASE(pytorch_same_is_refused_with_a_stride_and_valid_is_not) {
    PyTorchConv layer = {.input = {5}, .kernel_size = {2}, .stride = {2}, .padding = PyTorchPadding::same};
    BOOST_CHECK_THROW(from_pytorch(layer), GeometryError);
    layer.padding = PyTorchPadding::valid;
    BOOST_TEST((from_pytorch(layer).output_shape() == Shape{1, 2}));
}

// torch.nn.Conv1d(1, 1, 3, padding=2, padding_mode=...) of 1 10 100 1000 10000 with weights 1 0 0.
BOOST_AUTO_TEST_CASE(pytorch_padding_modes_are_boundaries) {
    const auto first_tap = [](PyTorchPaddingMode mode) {
        const auto layer =
            from_pytorch(PyTorchConv{.input = {5}, .kernel_size = {3}, .padding = Shape{2}, .padding_mode = mode});
        return applied(layer, Integers({1, 1, 3}, {1, 0, 0}), powers);
    };
    using Mode = PyTorchPaddingMode;
    BOOST_TEST((first_tap(Mode::zeros) == Integers({1, 7}, {0, 0, 1, 10, 100, 1000, 10000})));
    BOOST_TEST((first_tap(Mode::reflect) == Integers({1, 7}, {100, 10, 1, 10, 100, 1000, 10000})));
    BOOST_TEST((first_tap(Mode::replicate) == Integers({1, 7}, {1, 1, 1, 10, 100, 1000, 10000})));
    BOOST_TEST((first_tap(Mode::circular) == Integers({1, 7}, {1000, 10000, 1, 10, 100, 1000, 10000})));
}

BOOST_AUTO_TEST_CASE(pytorch_limits_the_padding_of_its_modes) {
    const auto allows = [](PyTorchPaddingMode mode, Index padding) {
        try {
            from_pytorch(
                PyTorchConv{.input = {5}, .kernel_size = {3}, .padding = Shape{padding}, .padding_mode = mode});
            return true;
        } catch (const GeometryError&) {
            return false;
        }
    };
    using Mode = PyTorchPaddingMode;
    BOOST_TEST(allows(Mode::zeros, 11));
    BOOST_TEST(!allows(Mode::zeros, -1));
    BOOST_TEST(allows(Mode::reflect, 4));
    BOOST_TEST(!allows(Mode::reflect, 5));
    BOOST_TEST(allows(Mode::circular, 5));
    BOOST_TEST(!allows(Mode::circular, 6));
    BOOST_TEST(allows(Mode::replicate, 11));
    BOOST_TEST(allows(Mode::replicate, -1)); // crops
}

BOOST_AUTO_TEST_CASE(pytorch_transposes_the_chapters_kernel) {
    const Integers kernel = counting({1, 1, 2, 2});
    const Integers x = counting({1, 2, 2});
    const auto written = [&](Shape stride, Shape padding) {
        return applied(from_pytorch(PyTorchConvTranspose{
                           .input = {2, 2}, .kernel_size = {2, 2}, .stride = stride, .padding = padding}),
                       kernel, x);
    };
    BOOST_TEST((written({1}, {}) == Integers({1, 3, 3}, {0, 0, 1, 0, 4, 6, 4, 12, 9})));
    BOOST_TEST((written({2}, {}) == Integers({1, 4, 4}, {0, 0, 0, 1, 0, 0, 2, 3, 0, 2, 0, 3, 4, 6, 6, 9})));
    BOOST_TEST((written({1}, {1}) == Integers({1, 1, 1}, {4})));
}

// As PyTorch 1.13 checks: output_padding below the larger of stride and dilation, output_size up to stride - 1 more.
BOOST_AUTO_TEST_CASE(pytorch_limits_output_padding_by_dilation_too_but_output_size_by_stride) {
    PyTorchConvTranspose layer = {
        .input = {5}, .kernel_size = {2}, .stride = {2}, .output_padding = {2}, .dilation = {3}};
    BOOST_TEST((from_pytorch(layer).output_shape() == Shape{1, 14}));
    layer.output_padding = {3};
    BOOST_CHECK_THROW(from_pytorch(layer), GeometryError);
    layer.output_size = {13}; // replaces output_padding
    BOOST_TEST((from_pytorch(layer).output_shape() == Shape{1, 13}));
    layer.output_size = {14};
    BOOST_CHECK_THROW(from_pytorch(layer), GeometryError);
    layer.output_size = {11};
    BOOST_CHECK_THROW(from_pytorch(layer), GeometryError);
}

BOOST_AUTO_TEST_CASE(pytorch_refuses_more_than_three_axes_and_negative_padding_of_a_transposed_layer) {
    BOOST_CHECK_THROW(from_pytorch(PyTorchConv{.input = {3, 3, 3, 3}, .kernel_size = {1, 1, 1, 1}}), GeometryError);
    BOOST_CHECK_THROW(from_pytorch(PyTorchConvTranspose{.input = {3}, .kernel_size = {2}, .padding = {-1}}),
                      GeometryError);
}

} // namespace pytorch_test
