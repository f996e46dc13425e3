// What kernel2matrix promises beside the numbers: counts known beforehand, refusals before anything is allocated.
#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/test/unit_test.hpp>

#include <convmat/matrix/input2matrix.hpp>
#include <convmat/matrix/kernel2matrix.hpp>

#include "support/throws_saying.hpp"

namespace {

using namespace convmat;
using test::throws_saying;

constexpr Index int_max = std::numeric_limits<int>::max();

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

BOOST_AUTO_TEST_CASE(what_int_cannot_index_is_refused_and_int64_takes_it) {
    // More entries, columns and rows than an int counts; none of it is ever allocated.
    throws_saying<SizeError>([] { ConvPattern<>(line(int_max, 2)); }, "4294967292");
    throws_saying<SizeError>([] { ConvPattern<>(line(int_max + 1, 1)); }, "2147483648");
    BOOST_TEST((ConvPattern<Eigen::RowMajor, std::int64_t>(line(int_max, 2)).nnz() == 2 * (int_max - 1)));
    BOOST_TEST(ConvPattern<>(line(int_max, 1)).nnz() == int_max);
}

BOOST_AUTO_TEST_CASE(what_no_memory_holds_is_refused_before_it_is_allocated) {
    const ConvGeometry huge = line(Index{1} << 50, 3);
    const ConvPattern<Eigen::RowMajor, std::int64_t> pattern(huge);
    const Tensor<double> kernel({1, 1, 3}, {1, 2, 3});
    BOOST_TEST(pattern.nnz() == 3 * ((Index{1} << 50) - 2));
    throws_saying<SizeError>([&] { pattern.matrix(kernel); }, "MiB");
    throws_saying<SizeError>([&] { pattern.matrix(kernel, ExplicitZeros::drop); }, "MiB");
    throws_saying<SizeError>([&] { kernel2matrix_transpose<Eigen::ColMajor, std::int64_t>(huge, kernel); }, "MiB");
}

BOOST_AUTO_TEST_CASE(sizes_beyond_64_bits_are_refused) {
    const Index big = Index{1} << 40;
    throws_saying<SizeError>([&] { ConvGeometry({.input = {big, big}, .kernel = {1, 1}}); }, "1099511627776");
    const ConvGeometry dense({.input = {big}, .kernel = {big}, .padding = {{big - 1, big - 1}}});
    throws_saying<SizeError>([&] { ConvPattern<Eigen::RowMajor, std::int64_t>{dense}; }, "tap table");
}

BOOST_AUTO_TEST_CASE(refill_refuses_a_matrix_that_is_not_its_own_and_leaves_it) {
    const ConvGeometry geometry({.input = {5, 5}, .kernel = {3, 3}, .padding = {{1, 1}}});
    const ConvGeometry other(
        {.input = {5, 5}, .kernel = {3, 3}, .padding = {{1, 1}}, .boundary = {Boundary::periodic}});
    const ConvPattern pattern(geometry);
    const Tensor<double> ones({1, 1, 3, 3}, std::vector<double>(9, 1.0));
    const Tensor<double> twos({1, 1, 3, 3}, std::vector<double>(9, 2.0));

    auto periodic = kernel2matrix(other, ones);
    auto pruned =
        kernel2matrix(geometry, Tensor<double>({1, 1, 3, 3}, {1, 0, 1, 0, 1, 0, 1, 0, 1}), ExplicitZeros::drop);
    auto uncompressed = pattern.matrix(ones);
    uncompressed.uncompress();
    BOOST_TEST(!uncompressed.isCompressed());
    auto own = pattern.matrix(ones);
    Eigen::SparseMatrix<double, Eigen::RowMajor> moved = own; // as many entries, one of them elsewhere
    moved.innerIndexPtr()[0] += 2;
    std::swap(moved.innerIndexPtr()[0], moved.innerIndexPtr()[1]);

    for (auto* matrix : {&periodic, &pruned, &uncompressed, &moved}) {
        throws_saying<ShapeError>([&] { pattern.refill(*matrix, twos); }, "pattern");
        BOOST_TEST((std::count(matrix->valuePtr(), matrix->valuePtr() + matrix->data().size(), 2.0) == 0));
    }
    throws_saying<ShapeError>([&] { pattern.refill(own, Tensor<double>({1, 1, 9})); }, "1x1x3x3");
    BOOST_TEST(own.coeffs().maxCoeff() == 1);
    pattern.refill(own, twos);
    BOOST_TEST(own.coeffs().minCoeff() == 2);
}
