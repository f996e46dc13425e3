// What kernel2matrix promises beside the numbers: counts known beforehand, refusals before anything is allocated.
#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/test/unit_test.hpp>

#include <convmat/matrix/input2matrix.hpp>
#include <convmat/matrix/kernel2matrix.hpp>

#include "support/throws_saying.hpp"

namespace kernel2matrix_test {

namespace {

using namespace convmat;
using test::throws_saying;

ConvGeometry line(Index n, Index k) { return ConvGeometry({.input = {n}, .kernel = {k}}); }

} // namespace

BOOST_AUTO_TEST_CASE(the_boundary_decides_the_matrix) {
    // x extended by one on either side, K = (1, 10, 100): each row of W is read off the extension's rule.
    const auto w = [](Boundary boundary) {
        const ConvGeometry geometry({.input = {3}, .kernel = {3}, .padding = {{1, 1}}, .boundary = {boundary}});
        return kernel2matrix(geometry, Tensor<std::int64_t>({1, 1, 3}, {1, 10, 100})).toDense();
    };
    using Matrix = Eigen::Matrix<std::int64_t, 3, 3>;
    BOOST_TEST((w(Boundary::zero) == Matrix{{10, 100, 0}, {1, 10, 100}, {0, 1, 10}}));
    BOOST_TEST((w(Boundary::periodic) == Matrix{{10, 100, 1}, {1, 10, 100}, {100, 1, 10}}));
    BOOST_TEST((w(Boundary::half_symmetric) == Matrix{{11, 100, 0}, {1, 10, 100}, {0, 1, 110}}));
    BOOST_TEST((w(Boundary::replicate) == w(Boundary::half_symmetric)));
    BOOST_TEST((w(Boundary::whole_symmetric) == Matrix{{10, 101, 0}, {1, 10, 100}, {0, 101, 10}}));
    BOOST_TEST((w(Boundary::antireflective) == Matrix{{12, 99, 0}, {1, 10, 100}, {0, -99, 210}}));
}

BOOST_AUTO_TEST_CASE(groups_make_the_matrix_block_diagonal) {
    const ConvGeometry geometry({.input = {2}, .kernel = {1}, .in_channels = 2, .out_channels = 4, .groups = 2});
    const auto w = kernel2matrix(geometry, Tensor<std::int64_t>({4, 1, 1}, {1, 2, 3, 4})).toDense();
    Eigen::Matrix<std::int64_t, 8, 4> expected;
    expected << 1, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3, 0, 0, 4, 0, 0, 0, 0, 4;
    BOOST_TEST((w == expected));
}

BOOST_AUTO_TEST_CASE(a_complex_transpose_does_not_conjugate) {
    const ConvGeometry geometry({.input = {2}, .kernel = {2}, .padding = {{1, 0}}});
    const Tensor<std::complex<double>> kernel({1, 1, 2}, {{1, 2}, {3, -4}});
    const auto w = kernel2matrix(geometry, kernel).toDense();
    const auto wt = kernel2matrix_transpose(geometry, kernel).toDense();
    BOOST_TEST((wt == w.transpose()));
    BOOST_TEST((wt != w.adjoint()));
}

BOOST_AUTO_TEST_CASE(values_that_are_not_numbers_stay_where_they_are) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto w = kernel2matrix(line(3, 2), Tensor<double>({1, 1, 2}, {nan, 2}));
    BOOST_TEST(w.nonZeros() == 4);
    BOOST_TEST(std::isnan(w.coeff(0, 0)));
    BOOST_TEST(w.coeff(0, 1) == 2);
    BOOST_TEST(w.coeff(0, 2) == 0); // no tap, so no 0 * NaN either
    BOOST_TEST(kernel2matrix(line(3, 2), Tensor<double>({1, 1, 2}, {nan, 0}), ExplicitZeros::drop).nonZeros() == 2);
}

BOOST_AUTO_TEST_CASE(every_kernel_may_be_zero) {
    const auto kept = kernel2matrix(line(5, 3), Tensor<double>({1, 1, 3}));
    const auto dropped = kernel2matrix(line(5, 3), Tensor<double>({1, 1, 3}), ExplicitZeros::drop);
    BOOST_TEST(kept.nonZeros() == 9);
    BOOST_TEST(dropped.nonZeros() == 0);
    BOOST_TEST(dropped.rows() == 3);
}

BOOST_AUTO_TEST_CASE(an_output_that_reads_nothing_is_an_empty_row) {
    const ConvGeometry geometry({.input = {1}, .kernel = {1}, .padding = {{2, 3}}});
    const auto w = kernel2matrix(geometry, Tensor<double>({1, 1, 1}, {7}));
    BOOST_TEST(w.rows() == 6);
    BOOST_TEST(w.nonZeros() == 1);
    BOOST_TEST(w.coeff(2, 0) == 7);
}

BOOST_AUTO_TEST_CASE(a_kernel_of_another_shape_is_refused_with_both_shapes) {
    const ConvGeometry geometry({.input = {4, 4}, .kernel = {3, 3}, .in_channels = 2, .out_channels = 4, .groups = 2});
    const Tensor<double> wrong({4, 2, 3, 3});
    const std::string numbers[] = {"4x2x3x3", "4x1x3x3"};
    for (const std::string& number : numbers) {
        throws_saying<ShapeError>([&] { kernel2matrix(geometry, wrong); }, number);
        throws_saying<ShapeError>([&] { kernel2matrix_transpose(geometry, wrong); }, number);
    }
    throws_saying<ShapeError>([&] { input2matrix(geometry, Tensor<double>({2, 4, 3})); }, "2x4x4");
    throws_saying<GeometryError>([] { kernel2matrix(Eigen::Matrix2d::Zero(), {1, 3}); }, "1");
    throws_saying<GeometryError>([] { kernel2matrix(Eigen::MatrixXd(0, 2), {3, 3}); }, "0");
}

} // namespace kernel2matrix_test
