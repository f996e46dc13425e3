#include <convmat/geometry/conventions/convention_layer.hpp>

#include <boost/test/unit_test.hpp>

#include "support/conventions.hpp"

namespace convention_layer_test {

namespace {

using namespace convmat;
using test::Integers;
using test::ones;

} // namespace

BOOST_AUTO_TEST_CASE(weights_of_another_shape_are_refused_with_both_shapes) {
    const auto layer = from_pytorch(
        PyTorchConv{.input = {4, 4}, .in_channels = 4, .out_channels = 6, .kernel_size = {2, 3}, .groups = 2});
    BOOST_TEST((layer.weights.shape == Shape{6, 2, 2, 3}));
    BOOST_CHECK_EXCEPTION(layer.weights.to_convmat(Integers({6, 4, 2, 3})), ShapeError, [](const ShapeError& e) {
        return std::string(e.what()) == "weights have shape 6x4x2x3, expected 6x2x2x3, that is (O, C/g, k...)";
    });
}

BOOST_AUTO_TEST_CASE(a_kernel_alone_serves_every_channel) {
    const auto layer = from_matlab({.a = {3}, .b = {2}, .channels = 2});
    BOOST_TEST((layer.weights.to_convmat(Integers({2}, {1, 2})) == Integers({2, 1, 2}, {2, 1, 2, 1})));
    BOOST_TEST(layer.geometry.groups() == 2);
}

// K = conj(flip(permute(weights))), a step at a time: (k, c, o) -> (o, c, k).
BOOST_AUTO_TEST_CASE(weights_are_split_permuted_flipped_and_conjugated) {
    using Complex = std::complex<double>;
    WeightOrder order = {
        .axes = "(k, C/g, O)", .shape = {2, 3, 1}, .split = {2, 3, 1}, .order = {2, 1, 0}, .result = {1, 3, 2}};
    const Integers weights({2, 3, 1}, {1, 2, 3, 4, 5, 6});
    BOOST_TEST((order.to_convmat(weights) == Integers({1, 3, 2}, {1, 4, 2, 5, 3, 6})));
    order.flip = Flip::spatial;
    BOOST_TEST((order.to_convmat(weights) == Integers({1, 3, 2}, {4, 1, 5, 2, 6, 3})));
    order.conjugation = Conjugation::weights;
    BOOST_TEST((order.to_convmat(weights) == Integers({1, 3, 2}, {4, 1, 5, 2, 6, 3}))); // real ones as they are
    order = {.axes = "(k)",
             .shape = {1},
             .split = {1},
             .order = {0},
             .result = {1, 1, 1},
             .conjugation = Conjugation::weights};
    BOOST_TEST(
        (order.to_convmat(Tensor<Complex>({1}, {Complex(1, 2)})) == Tensor<Complex>({1, 1, 1}, {Complex(1, -2)})));
}

BOOST_AUTO_TEST_CASE(a_transposed_layer_reads_what_its_geometry_writes) {
    const ConvGeometry geometry({.input = {5}, .kernel = {2}, .in_channels = 2, .out_channels = 3});
    const ConventionLayer forward{geometry, Form::matrix, {}, {}}, back{geometry, Form::transpose, {}, {}};
    BOOST_TEST((forward.input_shape() == Shape{2, 5} && forward.output_shape() == Shape{3, 4}));
    BOOST_TEST((back.input_shape() == Shape{3, 4} && back.output_shape() == Shape{2, 5}));
}

} // namespace convention_layer_test
