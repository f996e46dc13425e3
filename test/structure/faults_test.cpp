// What the refusals of this room are about, as data.
#include <array>
#include <limits>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>
#include <convmat/structure/classes.hpp>
#include <convmat/structure/exact_rank.hpp>
#include <convmat/structure/factors.hpp>
#include <convmat/structure/kernels.hpp>
#include <convmat/structure/sparse.hpp>

#include "support/throws_saying.hpp"

namespace faults_test {

using namespace convmat;
using test::throws_fault;

namespace {

using Integers = Tensor<std::int64_t>;
using Matrix = Sparse<std::int64_t>;

constexpr Index most = std::numeric_limits<Index>::max();
const std::string fits = "at most 9223372036854775807 in magnitude";

} // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(sparse_factors) {
    const auto nothing = [](Index, auto) {};
    throws_fault<ShapeError>([] { identity_matrix(-1); }, {"n", {}, "-1", "at least 0"});
    throws_fault<ShapeError>([] { shift_matrix(-2, 1); }, {"n", {}, "-2", "at least 0"});
    throws_fault<ShapeError>([] { exchange_matrix(-3); }, {"n", {}, "-3", "at least 0"});
    throws_fault<SizeError>([] { shift_matrix(most, 1); }, {"n", {}, "2 * 9223372036854775807", fits});
    throws_fault<SizeError>([] { shift_matrix(3, -most - 1); }, {"by", {}, "0 - -9223372036854775808", fits});
    throws_fault<ShapeError>([&] { sparse_rows<double>(1, -2, 0, nothing); },
                             {"factor", {}, "1x-2 with up to 0 nonzeros", "no negative number"});
    throws_fault<SizeError>([&] { sparse_rows<double>(1, 1, Index{1} << 31, nothing); },
                            {"factor", {}, "1x1 with up to 2147483648 nonzeros", "at most 2147483647 of each"});
    throws_fault<ShapeError>([] { kronecker<std::int64_t>({}); }, {"factors", {}, "none", "at least one"});
    throws_fault<ShapeError>([] { stacked<std::int64_t>({}); }, {"blocks", {}, "none", "at least one"});
    const std::array<Matrix, 2> uneven = {identity_matrix<std::int64_t>(2), identity_matrix<std::int64_t>(3)};
    throws_fault<ShapeError>([&] { stacked<std::int64_t>(uneven); }, {"blocks", {}, "3 columns", "2 as the first"});
}

BOOST_AUTO_TEST_CASE(factors_of_w) {
    const ConvGeometry plane({.input = {3, 3}, .kernel = {2, 2}});
    throws_fault<ShapeError>([] { stride_selection(3, 6, 3); },
                             {"m", {}, "3", "values 3 apart from 0 on that lie in 6"});
    throws_fault<ShapeError>([] { zero_stuffing(0, 3); }, {"m", {}, "0", "at least 1 of each"});
    throws_fault<ShapeError>([] { zero_stuffing(2, 0); }, {"s", {}, "0", "at least 1 of each"});
    throws_fault<ShapeError>([&] { tap_matrix(plane.axis(0), 2); }, {"t", {}, "2", "0 to 1"});
    throws_fault<ShapeError>([&] { tap_matrix(plane, {0}); }, {"t", {}, "0", "2 numbers"});
    throws_fault<ShapeError>([] { channels_last(-2, 3); }, {"channels", {}, "-2", "at least 0 of each"});
    throws_fault<ShapeError>([] { channels_last(2, -3); }, {"size", {}, "-3", "at least 0 of each"});
}

BOOST_AUTO_TEST_CASE(kernels) {
    const Integers flat({2, 2}), kernel({3, 1, 2});
    const ConvGeometry line({.input = {3}, .kernel = {2}, .out_channels = 3});
    throws_fault<ShapeError>([&] { flipped(flat); },
                             {"kernel", {}, "2x2", "(O, C/g, k...) with at least one spatial axis"});
    throws_fault<ShapeError>([&] { ungrouped(kernel, 2); },
                             {"groups", {}, "2", "at least 1 and a divisor of the 3 output channels"});
    throws_fault<ShapeError>([&] { dilated(kernel, {0}); }, {"dilation", {}, "0", "1 numbers of at least 1"});
    throws_fault<ShapeError>([&] { every(kernel, {1, 1}, {0}); }, {"stride", {}, "1x1", "1 numbers of at least 1"});
    throws_fault<ShapeError>([&] { every(kernel, {1}, {-1}); }, {"first", {}, "-1", "1 numbers of at least 0"});
    throws_fault<ShapeError>([&] { composed(kernel, kernel); },
                             {"second", {}, "3x1x2", "MxCxk and OxMxk with as many axes, no extent 0"});
    throws_fault<SizeError>([&] { dilated(kernel, {most}); }, {"dilation", {}, "9223372036854775807 + 1", fits});
    throws_fault<ShapeError>([&] { sparse_from<std::int64_t>(kernel.values(), 3, 3); },
                             {"values", {}, "6 values", "those of a 3x3 matrix"});
    throws_fault<ShapeError>([&] { kernel_tap(line, kernel, 2); }, {"t", {}, "2", "0 to 1"});
    throws_fault<ShapeError>([&] { kernel_tap(line, flat, 0); }, {"kernel", {}, "2x2", "3x1x2"});
    throws_fault<ShapeError>([&] { structure_of(line, flat); }, {"kernel", {}, "2x2", "3x1x2"});
    throws_fault<ArgumentError>([] { to_string(static_cast<StructureClass>(99)); },
                                {"kind", {}, "99", "a StructureClass"});
}

BOOST_AUTO_TEST_CASE(exact_ranks) {
    Eigen::SparseMatrix<double> matrix(2, 2);
    matrix.insert(0, 0) = std::numeric_limits<double>::infinity();
    throws_fault<ShapeError>([&] { exact_rank(matrix); }, {"matrix", {}, "not compressed", "makeCompressed()"});
    matrix.makeCompressed();
    throws_fault<ArgumentError>([&] { exact_rank(matrix); }, {"matrix", {}, "inf", "finite values"});
    throws_fault<SizeError>([] { exact_rank(Eigen::SparseMatrix<double>(6000, 6000)); },
                            {"matrix", {}, "36000000 entries", concat("at most ", most_rank_entries)});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace faults_test
