#include <convmat/structure/exact_rank.hpp>

#include <cmath>
#include <complex>
#include <limits>

#include <boost/test/unit_test.hpp>

#include <convmat/base/random.hpp>
#include <convmat/matrix/kernel2matrix.hpp>

#include "support/throws_saying.hpp"

namespace exact_rank_test {

using namespace convmat;
using Complex = std::complex<double>;

namespace {

template <class S>
using Dense = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;

template <class S>
Eigen::SparseMatrix<S, Eigen::RowMajor> sparse(const Dense<S>& matrix) {
    return matrix.sparseView();
}

template <class S>
Index rank_of(const Dense<S>& matrix) {
    const Eigen::SparseMatrix<S, Eigen::RowMajor> rows = sparse(matrix);
    const Eigen::SparseMatrix<S, Eigen::ColMajor, std::int64_t> columns = rows;
    const Index rank = exact_rank(rows);
    BOOST_TEST(exact_rank(columns) == rank);
    return rank;
}

Dense<std::int64_t> integers(Index rows, Index cols, std::uint64_t seed) {
    const auto values = random_integers({rows, cols}, seed);
    return Eigen::Map<const Eigen::Matrix<std::int64_t, -1, -1, Eigen::RowMajor>>(values.data(), rows, cols);
}

// The circulant of (1, -2, 0, ..., 0); its determinant is 1 - 2^n.
Index rank_of_doubling(Index n) {
    const ConvGeometry periodic({.input = {n}, .kernel = {2}, .padding = {{0, 1}}, .boundary = {Boundary::periodic}});
    return exact_rank(kernel2matrix(periodic, Tensor<std::int64_t>({1, 1, 2}, {1, -2})));
}

} // namespace

BOOST_AUTO_TEST_SUITE(rank)

BOOST_AUTO_TEST_CASE(small_ranks_are_those_found_by_hand) {
    BOOST_TEST(rank_of(Dense<std::int64_t>{{1, 2}, {2, 4}}) == 1);
    BOOST_TEST(rank_of(Dense<std::int64_t>{{1, 2}, {2, 5}}) == 2);
    BOOST_TEST(rank_of(Dense<std::int64_t>{{0, 0, 3}, {0, 2, 1}, {0, 4, 5}}) == 2);
    BOOST_TEST(rank_of(Dense<std::int64_t>{{0, 0}, {0, 0}, {0, 0}}) == 0);
    BOOST_TEST(rank_of(Dense<std::int64_t>{{1, 1, 0}, {1, 1, 1}, {0, 1, 1}}) == 3); // (1 1 1), 'same', n = 3
    BOOST_TEST(rank_of(Dense<std::int64_t>{{1, 1}, {1, 1}}) == 1);                  // and n = 2
}

BOOST_AUTO_TEST_CASE(a_product_has_the_rank_of_its_narrowest_factor) {
    for (Index inner = 0; inner <= 12; ++inner) {
        const auto seed = static_cast<std::uint64_t>(2 * inner + 1);
        const Dense<std::int64_t> product = integers(12, inner, seed) * integers(inner, 17, seed + 1);
        BOOST_TEST(rank_of(product) == inner);
        BOOST_TEST(rank_of(Dense<double>(product.cast<double>() / 1024)) == inner);
    }
}

BOOST_AUTO_TEST_CASE(every_bit_of_a_double_counts) {
    const double tiny = std::ldexp(1.0, -1074), large = std::ldexp(1.0, 1023);
    BOOST_TEST(rank_of(Dense<double>{{1, 1}, {1, std::nextafter(1.0, 2.0)}}) == 2);
    BOOST_TEST(rank_of(Dense<double>{{large, 1}, {1, 1 / large}}) == 1); // the determinant is 1 - 1
    BOOST_TEST(rank_of(Dense<double>{{large, 0}, {0, tiny}}) == 2);
    BOOST_TEST(rank_of(Dense<double>{{0.1, 0.3}, {0.3, 0.9}}) == 2); // the doubles are not tenths
    BOOST_TEST(rank_of(Dense<double>{{0.5, -0.25}, {-1, 0.5}}) == 1);
}

BOOST_AUTO_TEST_CASE(the_ends_of_64_bits_are_exact) {
    const auto least = std::numeric_limits<std::int64_t>::min(), most = std::numeric_limits<std::int64_t>::max();
    BOOST_TEST(rank_of(Dense<std::int64_t>{{least, most}, {least, most}}) == 1);
    BOOST_TEST(rank_of(Dense<std::int64_t>{{least, most}, {least, most - 1}}) == 2);
    BOOST_TEST(rank_of(Dense<std::int64_t>{{least, 1}, {least / 2, 0}}) == 2);
}

BOOST_AUTO_TEST_CASE(complex_ranks_are_over_the_gaussian_rationals) {
    const Complex i(0, 1);
    BOOST_TEST(rank_of(Dense<Complex>{{1.0, i}, {i, -1.0}}) == 1);
    BOOST_TEST(rank_of(Dense<Complex>{{1.0, i}, {-i, -1.0}}) == 2);
    BOOST_TEST(rank_of(Dense<Complex>{{Complex(0.5, 0.25)}}) == 1);
}

BOOST_AUTO_TEST_CASE(single_precision_is_taken_exactly_too) {
    BOOST_TEST(rank_of(Dense<float>{{1, 2}, {0.5F, 1}}) == 1);
    BOOST_TEST(rank_of(Dense<std::complex<float>>{{{0, 1}, {1, 0}}, {{1, 0}, {0, -1}}}) == 1);
}

BOOST_AUTO_TEST_CASE(w1_full_rank_is_stated_though_a_determinant_is_a_power_of_2_less_1) {
    for (const Index n : {191, 192, 193, 384}) BOOST_TEST(rank_of_doubling(n) == n); // 2^192 = 1 modulo 2^64 - 2^32 + 1
}

// The primes that exact_rank() begins with.
constexpr std::int64_t first = 9223372036854775549, second = 9223372036854775433;

BOOST_AUTO_TEST_CASE(w1_full_rank_is_stated_though_the_determinant_is_a_multiple_of_the_prime) {
    BOOST_TEST(rank_of(Dense<std::int64_t>{{first}}) == 1);
    BOOST_TEST(rank_of(Dense<std::int64_t>{{first, 0}, {0, second}}) == 2); // of two primes
    const RationalRank found = rational_rank(sparse(Dense<std::int64_t>{{first, 0}, {0, second}}));
    BOOST_TEST((found.proved && found.primes == 3));
    for (const double sign : {-1.0, 1.0}) // the norm of both is the first prime: the image of one is 0
        BOOST_TEST(rank_of(Dense<Complex>{{Complex(2949962282.0, sign * 721868805.0)}}) == 1);
}

BOOST_AUTO_TEST_CASE(w1_a_rank_that_is_not_full_is_proved_by_primes_whose_product_no_minor_reaches) {
    const Dense<std::int64_t> product = integers(12, 5, 3) * integers(5, 17, 4);
    const RationalRank small = rational_rank(sparse(product));
    BOOST_TEST((small.rank == 5 && small.proved));
    BOOST_TEST(small.primes == 1); // a minor of 6 rows has less than 62 bits
    const RationalRank larger = rational_rank(sparse(Dense<std::int64_t>(1000 * product)));
    BOOST_TEST((larger.rank == 5 && larger.proved && larger.primes == 2));
    const RationalRank full = rational_rank(sparse(Dense<std::int64_t>{{1, 2}, {2, 5}}));
    BOOST_TEST((full.rank == 2 && full.proved && full.primes == 1));
    const RationalRank rows_of_zeros = rational_rank(sparse(Dense<std::int64_t>{{0, 0, 0}, {0, 7, 1}, {0, 0, 0}}));
    BOOST_TEST((rows_of_zeros.rank == 1 && rows_of_zeros.proved && rows_of_zeros.primes == 1));
    const RationalRank nothing = rational_rank(sparse(Dense<std::int64_t>{{0, 0}, {0, 0}}));
    BOOST_TEST((nothing.rank == 0 && nothing.proved && nothing.primes == 0));
}

BOOST_AUTO_TEST_CASE(w1_doubles_far_apart_need_more_primes_and_a_matrix_too_large_for_a_proof_says_so) {
    const double tiny = std::ldexp(1.0, -1074), large = std::ldexp(1.0, 1023);
    const RationalRank apart = rational_rank(sparse(Dense<double>{{large, tiny}, {large, tiny}}));
    BOOST_TEST((apart.rank == 1 && apart.proved));
    BOOST_TEST(apart.primes > 60); // minors of 2 * 2098 bits
    Dense<double> random(300, 300);
    const auto numbers = random_integers({300, 299}, 5);
    random.leftCols(299) =
        Eigen::Map<const Eigen::Matrix<std::int64_t, -1, -1>>(numbers.data(), 300, 299).cast<double>() / 3;
    random.col(299) = random.col(7);
    const RationalRank open = rational_rank(sparse(random));
    BOOST_TEST(open.rank == 299);
    BOOST_TEST(!open.proved);
    BOOST_TEST(open.primes >= 2);
}

BOOST_AUTO_TEST_CASE(matrices_without_rows_or_columns_have_rank_zero) {
    BOOST_TEST(exact_rank(Eigen::SparseMatrix<double>(0, 0)) == 0);
    BOOST_TEST(exact_rank(Eigen::SparseMatrix<double>(0, 3)) == 0);
    BOOST_TEST(exact_rank(Eigen::SparseMatrix<double>(3, 0)) == 0);
    BOOST_TEST(exact_rank(Eigen::SparseMatrix<double, 0, std::int64_t>(Index{1} << 40, 0)) == 0);
    BOOST_TEST(exact_rank(Eigen::SparseMatrix<double, Eigen::RowMajor, std::int64_t>(0, Index{1} << 40)) == 0);
}

BOOST_AUTO_TEST_CASE(a_long_row_has_rank_one) {
    Eigen::SparseMatrix<std::complex<double>, Eigen::RowMajor> row(1, 1'000'000);
    BOOST_TEST(exact_rank(row) == 0);
    row.insert(0, 999'999) = {0, 2};
    row.makeCompressed();
    BOOST_TEST(exact_rank(row) == 1);
}

BOOST_AUTO_TEST_CASE(what_has_no_exact_rank_is_refused) {
    const double infinity = std::numeric_limits<double>::infinity();
    test::throws_saying<ArgumentError>([&] { rank_of(Dense<double>{{1, infinity}}); }, "a value is inf");
    test::throws_saying<ArgumentError>([&] { rank_of(Dense<Complex>{{Complex(0, std::nan(""))}}); }, "a value is nan");
    test::throws_saying<SizeError>([] { exact_rank(Eigen::SparseMatrix<double>(6000, 6000)); },
                                   "a 6000x6000 matrix has 36000000 entries");
    Eigen::SparseMatrix<double> loose(2, 2);
    loose.insert(0, 0) = 1;
    loose.uncompress();
    test::throws_saying<ShapeError>([&] { exact_rank(loose); }, "the 2x2 matrix is not compressed");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace exact_rank_test
