#include <convmat/solve/determinant.hpp>

#include <cmath>
#include <complex>
#include <limits>
#include <map>

#include <boost/test/unit_test.hpp>

#include "../support/throws_saying.hpp"
#include "dense_least_squares.hpp"
#include "families.hpp"

namespace determinant_test {

using namespace convmat;
using namespace convmat::test;

namespace {

using Complex = std::complex<double>;
constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr std::array all_methods = {DeterminantMethod::automatic, DeterminantMethod::triangular,
                                    DeterminantMethod::symbol, DeterminantMethod::factorisation};
using Tally = std::map<DeterminantMethod, int>;

template <class S>
void check(const Layer<S>& layer, Tally& tally) {
    if (layer.geometry.rows() != layer.geometry.cols() || layer.geometry.rows() > 90) return;
    const DenseDeterminant<S> dense(dense_a(layer.geometry, layer.kernel, Form::matrix));
    if (!(dense.condition < 1e6)) return;
    const double tolerance = 100 * static_cast<double>(layer.geometry.rows()) * eps * dense.condition;
    for (const DeterminantMethod method : all_methods) {
        Determinant<S> found;
        try {
            found = determinant(layer.geometry, layer.kernel, method);
        } catch (const std::invalid_argument&) {
            continue; // of another structure
        }
        ++tally[method];
        BOOST_TEST_CONTEXT(describe(layer.geometry) << " by " << to_string(method)) {
            BOOST_TEST((found.method != DeterminantMethod::automatic));
            BOOST_TEST(std::abs(found.phase - dense.phase) <= tolerance);
            BOOST_TEST(std::abs(found.log_abs - dense.log_abs) <= tolerance);
            if constexpr (std::is_same_v<S, double>) BOOST_TEST(std::abs(found.phase) == 1);
        }
    }
}

template <class S>
void check_families(unsigned seed, Tally& tally) {
    RandomLayers layers(seed);
    for (int i = 0; i < share(40); ++i) {
        check(periodic_layer<S>(layers), tally);
        check(mirrored_layer<S>(layers), tally);
        check(causal_layer<S>(layers), tally);
        check(square_layer<S>(layers), tally);
        check(mixed_layer<S>(layers), tally);
    }
}

// One tap at t: the image shifted, around on periodic axes.
Layer<double> shift(Index n, Index k, Index t, Boundary boundary, double weight) {
    const ConvGeometry geometry({.input = {n}, .kernel = {k}, .padding = {{0, k - 1}}, .boundary = {boundary}});
    Tensor<double> kernel(geometry.kernel_shape());
    kernel[t] = weight;
    return {geometry, kernel};
}

void check_value(const Determinant<double>& found, double phase, double log_abs) {
    BOOST_TEST(found.phase == phase);
    if (std::isinf(log_abs))
        BOOST_TEST(found.log_abs == log_abs);
    else
        BOOST_TEST(std::abs(found.log_abs - log_abs) <= 1e-12 * (1 + std::abs(log_abs)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(determinant_)

BOOST_AUTO_TEST_CASE(all_methods_agree_with_dense_elimination) {
    Tally tally;
    check_families<double>(1, tally);
    check_families<Complex>(2, tally);
    for (const DeterminantMethod method : all_methods) {
        BOOST_TEST_MESSAGE("  " << to_string(method) << " " << tally[method]);
        BOOST_TEST(tally[method] >= share_of_found(30), to_string(method));
    }
}

BOOST_AUTO_TEST_CASE(a_layer_of_one_weight_on_one_position_is_that_weight) {
    const ConvGeometry geometry({.input = {1}, .kernel = {1}});
    for (const DeterminantMethod method : all_methods) {
        check_value(determinant(geometry, Tensor<double>({1, 1, 1}, {-3}), method), -1, std::log(3.0));
        check_value(determinant(geometry, Tensor<float>({1, 1, 1}, {1}), method), 1, 0);
        check_value(determinant(geometry, Tensor<double>({1, 1, 1}, {0}), method), 0,
                    -std::numeric_limits<double>::infinity());
        const auto complex = determinant(geometry, Tensor<Complex>({1, 1, 1}, {Complex(0, -2)}), method);
        BOOST_TEST(std::abs(complex.phase - Complex(0, -1)) <= 4 * eps);
        BOOST_TEST(std::abs(complex.log_abs - std::log(2.0)) <= 4 * eps);
    }
}

BOOST_AUTO_TEST_CASE(shifts_have_the_sign_of_their_cycle) {
    for (Index n = 1; n <= 9; ++n)
        for (Index t = 0; t < 3; ++t)
            for (const double weight : {1.0, -1.0}) {
                const auto [geometry, kernel] = shift(n, 3, t, Boundary::periodic, weight);
                // A shift by t is t rotations of n positions, each of n - 1 transpositions.
                const double sign = (t * (n - 1) % 2 == 0 ? 1 : -1) * (weight < 0 && n % 2 == 1 ? -1 : 1);
                for (const auto method : {DeterminantMethod::symbol, DeterminantMethod::factorisation})
                    BOOST_TEST_CONTEXT("n " << n << " t " << t << " weight " << weight << " by " << to_string(method))
                check_value(determinant(geometry, kernel, method), sign, 0);
            }
}

BOOST_AUTO_TEST_CASE(what_loses_a_position_is_singular) {
    const double inf = std::numeric_limits<double>::infinity();
    for (Index n = 2; n <= 6; ++n) {
        const auto [geometry, kernel] = shift(n, 3, 1, Boundary::zero, 5);
        for (const auto method :
             {DeterminantMethod::automatic, DeterminantMethod::triangular, DeterminantMethod::factorisation})
            check_value(determinant(geometry, kernel, method), 0, -inf);
    }
    const ConvGeometry periodic({.input = {4}, .kernel = {2}, .padding = {{0, 1}}, .boundary = {Boundary::periodic}});
    const Tensor<double> zero({1, 1, 2}), blind({1, 1, 2}, {1, -1});
    for (const auto method : {DeterminantMethod::symbol, DeterminantMethod::factorisation}) {
        check_value(determinant(periodic, zero, method), 0, -inf);
        check_value(determinant(periodic, blind, method), 0, -inf); // exact: the mean of a difference is 0
    }
}

BOOST_AUTO_TEST_CASE(an_image_of_60_x_60_has_one_determinant) {
    const auto log_of = [](const ConvGeometry& geometry, const Tensor<double>& kernel, DeterminantMethod method) {
        const auto found = determinant(geometry, kernel, method);
        BOOST_TEST(found.phase == 1);
        return found.log_abs;
    };
    const Tensor<double> causal({1, 1, 3, 3}, {1, 2, -1, 3, 40, 0, 0, 0, 0});
    const ConvGeometry zero({.input = {60, 60}, .kernel = {3, 3}, .padding = {{1, 1}}});
    const double expected = 3600 * std::log(40.0);
    BOOST_TEST(std::abs(log_of(zero, causal, DeterminantMethod::triangular) - expected) <= 1e-10 * expected);
    BOOST_TEST(std::abs(log_of(zero, causal, DeterminantMethod::factorisation) - expected) <= 1e-10 * expected);
    const ConvGeometry periodic(
        {.input = {60, 60}, .kernel = {3, 3}, .padding = {{1, 1}}, .boundary = {Boundary::periodic}});
    const double symbol = log_of(periodic, causal, DeterminantMethod::symbol);
    BOOST_TEST(std::abs(log_of(periodic, causal, DeterminantMethod::factorisation) - symbol) <= 1e-10 * symbol);
}

// 500 channels of ±1: their determinant is about sqrt(500!), beyond the range of double.
BOOST_AUTO_TEST_CASE(blocks_of_many_channels_do_not_overflow) {
    const ConvGeometry geometry(
        {.input = {2}, .kernel = {1}, .in_channels = 500, .out_channels = 500, .boundary = {Boundary::periodic}});
    RandomLayers layers(3);
    Tensor<double> kernel(geometry.kernel_shape());
    for (double& weight : kernel.values()) weight = layers.between(0, 1) == 0 ? -1 : 1;
    const auto expected = determinant(geometry, kernel, DeterminantMethod::factorisation);
    const auto found = determinant(geometry, kernel, DeterminantMethod::symbol);
    BOOST_TEST(expected.log_abs > 2 * 710);
    BOOST_TEST(std::abs(found.log_abs - expected.log_abs) <= 1e-9 * expected.log_abs);
    BOOST_TEST(found.phase == expected.phase);
}

BOOST_AUTO_TEST_CASE(weights_near_the_ends_of_the_range_are_scaled) {
    const ConvGeometry geometry({.input = {6}, .kernel = {3}, .padding = {{1, 1}}});
    const Tensor<double> kernel({1, 1, 3}, {1, 5, 2});
    const auto plain = determinant(geometry, kernel);
    for (const int exponent : {1000, -1000}) {
        Tensor<double> far = kernel;
        for (double& weight : far.values()) weight = std::ldexp(weight, exponent);
        const auto found = determinant(geometry, far);
        BOOST_TEST(found.phase == plain.phase);
        BOOST_TEST(std::abs(found.log_abs - plain.log_abs - 6 * exponent * std::log(2.0)) <= 1e-11);
    }
}

BOOST_AUTO_TEST_CASE(what_has_no_determinant_or_not_by_that_method_is_refused) {
    using Error = ArgumentError;
    const ConvGeometry wide({.input = {6}, .kernel = {3}}), square({.input = {6}, .kernel = {3}, .padding = {{1, 1}}});
    const ConvGeometry strided(
        {.input = {6}, .kernel = {2}, .out_channels = 2, .stride = {2}, .boundary = {Boundary::periodic}});
    const Tensor<double> kernel({1, 1, 3}, {1, 5, 2}), two({2, 1, 2}, {1, 2, 3, 5});
    throws_saying<Error>([&] { determinant(wide, kernel); }, "4x6");
    throws_saying<Error>([&] { determinant(square, kernel, DeterminantMethod::triangular); }, "causal");
    throws_saying<Error>([&] { determinant(square, kernel, DeterminantMethod::symbol); }, "axis 0");
    throws_saying<Error>([&] { determinant(strided, two, DeterminantMethod::symbol); }, "channels");
    BOOST_TEST(std::abs(determinant(strided, two).log_abs) <= 1e-12); // three blocks of determinant -1
    BOOST_TEST(std::abs(determinant(strided, two).phase) == 1);
    throws_saying<ShapeError>([&] { determinant(square, two); }, "determinant");
    Tensor<double> broken = kernel;
    broken[1] = std::numeric_limits<double>::quiet_NaN();
    throws_saying<ArgumentError>([&] { determinant(square, broken); }, "weight 1");
}

BOOST_AUTO_TEST_CASE(methods_have_names) {
    BOOST_TEST(to_string(DeterminantMethod::automatic) == "auto");
    BOOST_TEST(to_string(DeterminantMethod::factorisation) == "factorisation");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace determinant_test
