#include <convmat/spectrum/symbol.hpp>

#include <numbers>

#include <boost/test/unit_test.hpp>

#include "support.hpp"

namespace symbol_test {

using namespace convmat;
using namespace convmat::test;
using Complex = std::complex<double>;

BOOST_AUTO_TEST_SUITE(symbols_)

BOOST_AUTO_TEST_CASE(w_times_a_wave_is_the_symbol_times_the_wave) {
    const ConvGeometry geometry({.input = {6, 4},
                                 .kernel = {3, 2},
                                 .in_channels = 4,
                                 .out_channels = 2,
                                 .groups = 2,
                                 .dilation = {1, 2},
                                 .padding = {{2, 0}, {1, 1}},
                                 .boundary = {Boundary::periodic}});
    RandomLayers random(7);
    const auto kernel = random.integers<double>(geometry.kernel_shape());
    const auto w = dense_w(geometry, detail::widened<Complex>(kernel));
    const auto symbol = symbols(geometry, kernel);
    BOOST_TEST(symbol.shape() == (Shape{6, 4, 2, 4}));
    for (Index f = 0; f < 24; ++f)
        for (Index c = 0; c < 4; ++c) {
            Eigen::VectorXcd wave = Eigen::VectorXcd::Zero(96);
            Eigen::VectorXcd image(24);
            for (Index i = 0; i < 24; ++i) {
                const double turns =
                    static_cast<double>(f / 4 * (i / 4)) / 6 + static_cast<double>(f % 4 * (i % 4)) / 4;
                image(i) = std::polar(1.0, 2 * std::numbers::pi * turns);
            }
            wave.segment(24 * c, 24) = image;
            Eigen::VectorXcd expected(48);
            for (Index o = 0; o < 2; ++o) expected.segment(24 * o, 24) = symbol[(f * 2 + o) * 4 + c] * image;
            BOOST_TEST((w * wave - expected).norm() <= 1e-12 * (1 + w.norm()));
        }
}

BOOST_AUTO_TEST_CASE(of_mirrored_taps_are_sums_of_cosines) {
    const Tensor<double> kernel({1, 1, 3}, {1, 5, 1});
    const auto cosines = symbols(
        ConvGeometry({.input = {4}, .kernel = {3}, .padding = {{1, 1}}, .boundary = {Boundary::half_symmetric}}),
        kernel);
    const auto sines = symbols(ConvGeometry({.input = {4}, .kernel = {3}, .padding = {{1, 1}}}), kernel);
    for (Index f = 0; f < 4; ++f) {
        BOOST_TEST(std::abs(cosines[f] - (5 + 2 * std::cos(std::numbers::pi * static_cast<double>(f) / 4))) < 1e-13);
        BOOST_TEST(std::abs(sines[f] - (5 + 2 * std::cos(std::numbers::pi * static_cast<double>(f + 1) / 5))) < 1e-13);
    }
}

BOOST_AUTO_TEST_CASE(an_axis_that_no_transform_diagonalises_is_named) {
    const ConvGeometry geometry({.input = {4, 5}, .kernel = {1, 3}, .boundary = {Boundary::periodic, Boundary::zero}});
    const auto names_axis_1 = [](const GeometryError& error) {
        return std::string(error.what()).find("axis 1, of boundary zero, 5 -> 3") != std::string::npos;
    };
    BOOST_CHECK_EXCEPTION(symbols(geometry, Tensor<double>({1, 1, 1, 3})), GeometryError, names_axis_1);
    throws_fault<GeometryError>(
        [&] {
            symbols(geometry, Tensor<double>({1, 1, 1, 3}));
        },
        {.parameter = "boundary",
         .axis = 1,
         .value = "zero",
         .expected = "periodic with n = s m, or mirrored taps about each position"});
    throws_fault<ArgumentError>(
        [&] {
            symbols(geometry, Tensor<double>({1, 1, 1, 3}, {NAN, 0, 0}));
        },
        {.parameter = "kernel", .value = "nan", .expected = "a finite number"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace symbol_test
