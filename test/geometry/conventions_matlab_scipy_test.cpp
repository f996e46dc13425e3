#include <boost/test/unit_test.hpp>

#include "support/conventions.hpp"

namespace {

using namespace convmat;
using test::applied;
using test::counting;
using test::Integers;
using test::ones;

const Integers powers({1, 5}, {1, 10, 100, 1000, 10000});

Integers matlab(MatlabShape shape, const Integers& kernel) {
    return applied(from_matlab({.a = {5}, .b = kernel.shape(), .shape = shape}), kernel, powers);
}

Integers scipy(ScipySignalFunction function, ScipyMode mode, const Integers& kernel) {
    return applied(from_scipy(ScipySignal{.in1 = {5}, .in2 = kernel.shape(), .function = function, .mode = mode}),
                   kernel, powers);
}

} // namespace

BOOST_AUTO_TEST_CASE(matlab_convolves_and_same_begins_at_half_the_kernel) {
    BOOST_TEST(
        (matlab(MatlabShape::full, Integers({2}, {1, 2})) == Integers({1, 6}, {1, 12, 120, 1200, 12000, 20000})));
    BOOST_TEST((matlab(MatlabShape::same, Integers({2}, {1, 2})) == Integers({1, 5}, {12, 120, 1200, 12000, 20000})));
    BOOST_TEST(
        (matlab(MatlabShape::same, Integers({3}, {1, 2, 3})) == Integers({1, 5}, {12, 123, 1230, 12300, 23000})));
    BOOST_TEST((matlab(MatlabShape::valid, Integers({2}, {1, 2})) == Integers({1, 4}, {12, 120, 1200, 12000})));
    BOOST_CHECK_THROW(matlab(MatlabShape::valid, ones({6})), GeometryError);
}

// The page of convmtx2: conv2(magic(5), ones(3) / 9), times 9.
BOOST_AUTO_TEST_CASE(matlab_conv2_of_a_magic_square) {
    const Integers magic({1, 5, 5},
                         {17, 24, 1, 8, 15, 23, 5, 7, 14, 16, 4, 6, 13, 20, 22, 10, 12, 19, 21, 3, 11, 18, 25, 2, 9});
    const auto layer = from_matlab({.a = {5, 5}, .b = {3, 3}});
    const Integers y = applied(layer, ones({3, 3}), magic);
    BOOST_TEST((y.shape() == Shape{1, 7, 7}));
    BOOST_TEST(y[0] == 17);
    BOOST_TEST(y[1] == 41);
    BOOST_TEST(y[8] == 17 + 24 + 23 + 5);
    BOOST_TEST(y[24] == 5 + 7 + 14 + 6 + 13 + 20 + 12 + 19 + 21);
    BOOST_TEST(y[48] == 9);
}

BOOST_AUTO_TEST_CASE(matlabs_own_vector_goes_through_the_matrix_of_reversed_axes) {
    const auto layer = from_matlab({.a = {2, 3}, .b = {1, 2}, .vec = VecOrder::column_major});
    BOOST_TEST((layer.geometry.input_shape() == Shape{1, 3, 2}));
    // A = [1 3 5; 2 4 6], A(:) = 1..6; conv2(A, [1 10]) = [1 13 35 50; 2 24 46 60].
    BOOST_TEST((applied(layer, Integers({1, 2}, {1, 10}), counting({1, 6}, 1)) ==
                Integers({1, 4, 2}, {1, 2, 13, 24, 35, 46, 50, 60})));
}

BOOST_AUTO_TEST_CASE(scipy_signal_same_differs_between_its_functions) {
    const Integers k({2}, {1, 2});
    BOOST_TEST(
        (scipy(ScipySignalFunction::convolve, ScipyMode::same, k) == Integers({1, 5}, {1, 12, 120, 1200, 12000})));
    BOOST_TEST(
        (scipy(ScipySignalFunction::correlate, ScipyMode::same, k) == Integers({1, 5}, {2, 21, 210, 2100, 21000})));
    const auto two = [&](ScipySignalFunction function) {
        return applied(
            from_scipy(ScipySignal{.in1 = {1, 5}, .in2 = {1, 2}, .function = function, .mode = ScipyMode::same}),
            Integers({1, 2}, {1, 2}), powers);
    };
    BOOST_TEST((two(ScipySignalFunction::convolve2d) == Integers({1, 1, 5}, {1, 12, 120, 1200, 12000})));
    BOOST_TEST((two(ScipySignalFunction::correlate2d) == Integers({1, 1, 5}, {21, 210, 2100, 21000, 10000})));
}

BOOST_AUTO_TEST_CASE(scipy_valid_swaps_its_arguments_when_the_kernel_is_the_longer_one) {
    const auto layer = from_scipy(ScipySignal{.in1 = {2}, .in2 = {4}, .mode = ScipyMode::valid});
    BOOST_TEST((applied(layer, Integers({4}, {1, 10, 100, 1000}), Integers({1, 2}, {1, 2})) ==
                Integers({1, 3}, {12, 120, 1200})));
    BOOST_CHECK_THROW(from_scipy(ScipySignal{.in1 = {2, 5}, .in2 = {4, 4}, .mode = ScipyMode::valid}), GeometryError);
}

BOOST_AUTO_TEST_CASE(scipy_correlations_conjugate_their_kernel) {
    using Complex = std::complex<double>;
    const Tensor<Complex> kernel({1}, {Complex(1, 2)});
    const auto conjugated = [&](const ConventionLayer& layer) {
        return layer.weights.to_convmat(kernel)[0].imag() < 0;
    };
    const auto signal = [&](ScipySignalFunction function) {
        return conjugated(from_scipy(ScipySignal{.in1 = {3}, .in2 = {1}, .function = function}));
    };
    BOOST_TEST(!signal(ScipySignalFunction::convolve));
    BOOST_TEST(signal(ScipySignalFunction::correlate));
    BOOST_TEST(!conjugated(from_scipy(ScipyNdimage{.input = {3}, .weights = {1}})));
    BOOST_TEST(conjugated(
        from_scipy(ScipyNdimage{.input = {3}, .weights = {1}, .function = ScipyNdimageFunction::correlate})));
}

BOOST_AUTO_TEST_CASE(scipy_refuses_what_is_no_linear_map) {
    BOOST_CHECK_THROW(from_scipy(ScipySignal{.in1 = {3, 3}, .in2 = {2, 2}, .fillvalue = 1}), GeometryError);
    BOOST_CHECK_THROW(from_scipy(ScipyNdimage{.input = {3}, .weights = {2}, .cval = 1}), GeometryError);
    BOOST_CHECK_THROW(from_scipy(ScipySignal{.in1 = {3}, .in2 = {2}, .boundary = ScipyBoundary::wrap}), GeometryError);
}

// scipy.ndimage of 1 10 100 1000 10000 in mode 'constant', run with SciPy 1.10.
BOOST_AUTO_TEST_CASE(ndimage_origin_shifts_convolve_and_correlate_to_opposite_sides) {
    const auto run = [](ScipyNdimageFunction function, const Integers& kernel, Index origin) {
        return applied(from_scipy(ScipyNdimage{.input = {5},
                                               .weights = kernel.shape(),
                                               .function = function,
                                               .mode = ScipyNdimageMode::constant,
                                               .origin = {origin}}),
                       kernel, powers);
    };
    using Function = ScipyNdimageFunction;
    const Integers three({3}, {1, 2, 3}), two({2}, {1, 2});
    BOOST_TEST((run(Function::correlate, three, -1) == Integers({1, 5}, {321, 3210, 32100, 21000, 10000})));
    BOOST_TEST((run(Function::convolve, three, -1) == Integers({1, 5}, {1, 12, 123, 1230, 12300})));
    BOOST_TEST((run(Function::correlate, two, 0) == Integers({1, 5}, {2, 21, 210, 2100, 21000})));
    BOOST_TEST((run(Function::convolve, two, 0) == Integers({1, 5}, {12, 120, 1200, 12000, 20000})));
    BOOST_TEST((run(Function::convolve, two, -1) == Integers({1, 5}, {1, 12, 120, 1200, 12000})));
    BOOST_CHECK_THROW(run(Function::convolve, two, 1), GeometryError);
    BOOST_CHECK_THROW(run(Function::correlate, three, -2), GeometryError);
}

BOOST_AUTO_TEST_CASE(a_kernel_alone_serves_every_channel) {
    const auto layer = from_matlab({.a = {3}, .b = {2}, .channels = 2});
    BOOST_TEST((layer.weights.to_convmat(Integers({2}, {1, 2})) == Integers({2, 1, 2}, {2, 1, 2, 1})));
    BOOST_TEST(layer.geometry.groups() == 2);
}
