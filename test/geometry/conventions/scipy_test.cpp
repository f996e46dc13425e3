#include <convmat/geometry/conventions/scipy.hpp>

#include <boost/test/unit_test.hpp>

#include "support/conventions.hpp"

namespace scipy_test {

namespace {

using namespace convmat;
using test::applied;
using test::Integers;

const Integers powers({1, 5}, {1, 10, 100, 1000, 10000});

Integers scipy(ScipySignalFunction function, ScipyMode mode, const Integers& kernel) {
    return applied(from_scipy(ScipySignal{.in1 = {5}, .in2 = kernel.shape(), .function = function, .mode = mode}),
                   kernel, powers);
}

} // namespace

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

} // namespace scipy_test
