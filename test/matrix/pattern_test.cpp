#include <convmat/matrix/pattern.hpp>

#include <algorithm>
#include <limits>

#include <boost/test/unit_test.hpp>

#include <convmat/matrix/kernel2matrix.hpp>

#include "support/throws_saying.hpp"

namespace pattern_test {

namespace {

using namespace convmat;
using test::throws_saying;

constexpr Index int_max = std::numeric_limits<int>::max();

ConvGeometry line(Index n, Index k) { return ConvGeometry({.input = {n}, .kernel = {k}}); }

} // namespace

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

} // namespace pattern_test
