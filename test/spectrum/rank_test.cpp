#include <convmat/spectrum/rank.hpp>

#include <boost/test/unit_test.hpp>

#include <convmat/structure/exact_rank.hpp>

#include "support.hpp"

namespace rank_test {

using namespace convmat;
using namespace convmat::test;

namespace {

using Complex = std::complex<double>;

// By SPQR alone.
const RankOptions by_qr = {.tolerance = {}, .spectrum = {.separability = -1, .most_dense = 0}};

ConvGeometry box_of_3(Index n) { return ConvGeometry({.input = {n}, .kernel = {3}, .padding = {{1, 1}}}); }

Tensor<std::int64_t> ones(const ConvGeometry& geometry) {
    Tensor<std::int64_t> kernel(geometry.kernel_shape());
    std::ranges::fill(kernel.values(), 1);
    return kernel;
}

// By SPQR alone, which may find no basis of columns that are well apart; then with a dense SVD.
template <class S>
void check_null_space(const ConvGeometry& geometry, const Tensor<S>& kernel, Index rank) {
    const auto w = dense_w(geometry, kernel);
    Eigen::SparseMatrix<Spectral<S>> basis;
    try {
        basis = null_space(geometry, kernel, by_qr);
    } catch (const std::runtime_error& error) {
        BOOST_TEST_MESSAGE(error.what());
        basis = null_space(geometry, kernel);
    }
    BOOST_TEST_REQUIRE(basis.rows() == geometry.cols());
    BOOST_TEST_REQUIRE(basis.cols() == geometry.cols() - rank);
    if (basis.cols() == 0) return;
    const DenseMatrix<Spectral<S>> dense(basis);
    BOOST_TEST((w * dense).norm() <= 1e-11 * (1 + w.norm()) * dense.norm());
    const auto values = dense_singular_values(dense);
    BOOST_TEST(values.back() >= 0.99); // a unit matrix stands in it, or it is orthonormal
}

} // namespace

BOOST_AUTO_TEST_SUITE(rank_)

BOOST_AUTO_TEST_CASE(a_box_of_three_under_zeros_loses_rank_where_n_is_2_mod_3) { // I-50
    for (Index n = 1; n <= 20; ++n) {
        const ConvGeometry geometry = box_of_3(n);
        const Index expected = n % 3 == 2 ? n - 1 : n;
        const NumericalRank exact = numerical_rank(geometry, ones(geometry));
        BOOST_TEST(exact.exact);
        BOOST_TEST(exact.rank == expected);
        const auto doubles = detail::widened<double>(ones(geometry));
        BOOST_TEST(numerical_rank(geometry, doubles).rank == expected);
        BOOST_TEST(numerical_rank(geometry, doubles, by_qr).rank == expected);
    }
}

BOOST_AUTO_TEST_CASE(the_null_vector_of_the_box_is_the_wave_it_does_not_see) {
    const ConvGeometry geometry = box_of_3(5);
    const auto basis = null_space(geometry, ones(geometry));
    BOOST_TEST_REQUIRE(basis.cols() == 1);
    const double first = basis.coeff(0, 0);
    BOOST_TEST(std::abs(first) > 0.5);
    for (Index i = 0; i < 5; ++i)
        BOOST_TEST(std::abs(basis.coeff(i, 0) / first -
                            std::array{1.0, -1.0, 0.0, 1.0, -1.0}[static_cast<std::size_t>(i)]) < 1e-12);
}

BOOST_AUTO_TEST_CASE(ranks_of_random_integer_layers_are_those_of_exact_elimination) {
    for (Index rank = 1; rank <= 4; ++rank) {
        RandomLayers layers(91 + static_cast<unsigned>(rank));
        for (int compared = 0; compared < share(40);) {
            const ConvGeometry geometry = layers.geometry(rank);
            if (std::max(geometry.rows(), geometry.cols()) > 150) continue;
            ++compared;
            const auto kernel = layers.integers<std::int64_t>(geometry.kernel_shape());
            BOOST_TEST_CONTEXT(describe(geometry)) {
                const Index expected = exact_rank(kernel2matrix(geometry, kernel));
                BOOST_TEST(numerical_rank(geometry, kernel).rank == expected);
                const auto doubles = detail::widened<double>(kernel);
                BOOST_TEST(numerical_rank(geometry, doubles).rank == expected);
                BOOST_TEST(numerical_rank(geometry, doubles, by_qr).rank == expected);
                check_null_space(geometry, kernel, expected);
                const auto complex = layers.integers<std::complex<double>>(geometry.kernel_shape());
                const Index of_complex = numerical_rank(geometry, complex).rank;
                BOOST_TEST(numerical_rank(geometry, complex, by_qr).rank == of_complex);
                check_null_space(geometry, complex, of_complex);
            }
        }
    }
}

// Layers whose singular values have a wide gap, of weights that are no integers: SPQR's first threshold is too small.
BOOST_AUTO_TEST_CASE(ranks_by_qr_are_those_of_the_singular_values_where_these_have_a_gap) {
    RandomLayers layers(97);
    std::mt19937_64 random(97);
    std::normal_distribution<double> normal;
    int deficient = 0;
    for (int compared = 0; compared < share(150);) {
        const ConvGeometry geometry = layers.geometry(1 + compared % 2);
        if (std::max(geometry.rows(), geometry.cols()) > 100) continue;
        ++compared;
        Tensor<double> kernel(geometry.kernel_shape());
        for (double& weight : kernel.values()) weight = normal(random);
        const auto values = dense_singular_values(dense_w(geometry, kernel));
        const auto above = [&](double tolerance) {
            return std::ranges::count_if(values, [&](double v) { return v > tolerance * values.front(); });
        };
        if (above(1e-12) != above(1e-5)) continue;
        BOOST_TEST_CONTEXT(describe(geometry)) {
            const Index rank = above(1e-8);
            deficient += rank < std::min(geometry.rows(), geometry.cols()) ? 1 : 0;
            BOOST_TEST(numerical_rank(geometry, kernel).rank == rank);
            BOOST_TEST(numerical_rank(geometry, kernel, by_qr).rank == rank);
            check_null_space(geometry, kernel, rank);
        }
    }
    BOOST_TEST(deficient > share_of_found(30));
}

// The largest ||W n|| / ||n||.
template <class S>
double worst_residual(const DenseMatrix<S>& w, const Eigen::SparseMatrix<S>& basis) {
    double worst = 0;
    for (Index j = 0; j < basis.cols(); ++j) {
        const DenseMatrix<S> n = DenseMatrix<S>(basis).col(j);
        worst = std::max(worst, (w * n).norm() / n.norm());
    }
    return worst;
}

BOOST_AUTO_TEST_CASE(w1_the_rank_of_a_circulant_whose_determinant_is_divided_by_a_prime_is_full) {
    const ConvGeometry periodic({.input = {192}, .kernel = {2}, .padding = {{0, 1}}, .boundary = {Boundary::periodic}});
    const Tensor<std::int64_t> kernel({1, 1, 2}, {1, -2});
    const NumericalRank found = numerical_rank(periodic, kernel);
    BOOST_TEST((found.rank == 192 && found.exact));
    BOOST_TEST(null_space(periodic, kernel).cols() == 0);
}

BOOST_AUTO_TEST_CASE(w2_a_null_space_has_as_many_vectors_as_its_nullity_says_each_within_the_tolerance) {
    const ConvGeometry geometry({.input = {4, 6},
                                 .kernel = {4, 3},
                                 .in_channels = 2,
                                 .stride = {3, 1},
                                 .dilation = {1, 3},
                                 .padding = {{0, 0}, {8, 1}},
                                 .boundary = {Boundary::periodic, Boundary::replicate}});
    const Tensor<std::complex<float>> kernel(
        {1, 2, 4, 3}, {{-11.0878973F, 5.34564543F},  {-7.39193153F, 3.56376362F},  {-11.0878973F, 5.34564543F},
                       {9.50391197F, -4.58198166F},  {6.33594131F, -3.0546546F},   {9.50391197F, -4.58198166F},
                       {-6.33594131F, 3.0546546F},   {-4.22396088F, 2.03643632F},  {-6.33594131F, 3.0546546F},
                       {7.91992664F, -3.81831789F},  {5.2799511F, -2.54554534F},   {7.91992664F, -3.81831789F},
                       {-21.8436775F, -31.7292175F}, {-14.5624523F, -21.1528111F}, {-21.8436775F, -31.7292175F},
                       {18.7231541F, 27.1964722F},   {12.4821024F, 18.1309814F},   {18.7231541F, 27.1964722F},
                       {-12.4821024F, -18.1309814F}, {-8.3214016F, -12.0873203F},  {-12.4821024F, -18.1309814F},
                       {15.6026287F, 22.6637249F},   {10.4017525F, 15.1091499F},   {15.6026287F, 22.6637249F}});
    const NumericalRank rank = numerical_rank(geometry, kernel);
    BOOST_TEST(rank.rank == 7);
    const auto basis = null_space(geometry, kernel);
    BOOST_TEST_REQUIRE(basis.cols() == 41);
    BOOST_TEST(worst_residual(dense_w(geometry, kernel), basis) <= rank.tolerance);
    BOOST_TEST(dense_singular_values(DenseMatrix<Complex>(basis)).back() > 0.01);
}

BOOST_AUTO_TEST_CASE(w2_a_null_space_of_a_rank_that_is_given_is_found_or_refused) {
    const ConvGeometry geometry({.input = {4, 4}, .kernel = {1, 1}, .in_channels = 3, .out_channels = 3});
    const Tensor<double> kernel(geometry.kernel_shape(), {1, 0, 0, 0, 1e-3, 0, 0, 0, 1e-6});
    BOOST_TEST(null_space(geometry, kernel, {.tolerance = 2e-3, .rank = 16}).cols() == 32);
    BOOST_CHECK_THROW(null_space(geometry, kernel, {.rank = 32}), std::runtime_error); // 1e-6 is not 0
    throws_fault<ArgumentError>([&] { null_space(geometry, kernel, {.rank = 49}); },
                                {.parameter = "rank", .value = "49", .expected = "0 to 48"});
}

BOOST_AUTO_TEST_CASE(w7_the_rank_of_integers_is_that_of_w_and_with_a_tolerance_the_numerical_one) {
    const ConvGeometry causal({.input = {64}, .kernel = {2}, .padding = {{1, 0}}});
    const Tensor<std::int64_t> kernel({1, 1, 2}, {-3, 1});
    BOOST_TEST(numerical_rank(causal, kernel).rank == 64);
    BOOST_TEST(null_space(causal, kernel).cols() == 0);
    BOOST_TEST(numerical_rank(causal, detail::widened<double>(kernel)).rank == 63);
    BOOST_TEST(null_space(causal, detail::widened<double>(kernel)).cols() == 1);
    BOOST_TEST(numerical_rank(causal, kernel, {.tolerance = 1e-12}).rank == 63);
}

BOOST_AUTO_TEST_CASE(options_that_mean_nothing_are_refused) {
    const ConvGeometry geometry = box_of_3(4);
    const auto kernel = ones(geometry);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    BOOST_CHECK_THROW(numerical_rank(geometry, kernel, {.tolerance = nan}), std::invalid_argument);
    BOOST_CHECK_THROW(null_space(geometry, kernel, {.tolerance = -1}), std::invalid_argument);
    BOOST_CHECK_THROW(singular_values(geometry, kernel, {.tolerance = nan}), std::invalid_argument);
    BOOST_CHECK_THROW(largest_singular_triplets(geometry, kernel, 1, {.tolerance = -1}), std::invalid_argument);
    BOOST_CHECK_THROW(largest_singular_triplets(geometry, kernel, 0), ShapeError);
    throws_fault<ArgumentError>([&] { numerical_rank(geometry, kernel, {.tolerance = nan}); },
                                {.parameter = "tolerance", .value = "nan", .expected = "a number of at least 0"});
    throws_fault<ArgumentError>([&] { null_space(geometry, kernel, {.tolerance = -1}); },
                                {.parameter = "tolerance", .value = "-1", .expected = "a number of at least 0"});
}

BOOST_AUTO_TEST_CASE(weights_that_are_not_finite_are_refused) {
    const ConvGeometry geometry = box_of_3(4);
    const Tensor<double> kernel({1, 1, 3}, {1, -INFINITY, 1});
    const Fault no_number = {.parameter = "kernel", .value = "-inf", .expected = "a finite number"};
    throws_fault<ArgumentError>([&] { numerical_rank(geometry, kernel); }, no_number);
    throws_fault<ArgumentError>([&] { null_space(geometry, kernel); }, no_number);
}

BOOST_AUTO_TEST_CASE(a_factor_with_too_many_entries_is_refused) {
    const ConvGeometry geometry = box_of_3(4); // 10 entries
    RankOptions options = by_qr;
    options.spectrum.most_factor_entries = 9;
    const Fault too_many = {.parameter = "most_factor_entries",
                            .value = "10",
                            .expected = "at most 9 (SpectrumOptions::most_factor_entries)"};
    const auto kernel = detail::widened<double>(ones(geometry));
    throws_fault<SizeError>([&] { numerical_rank(geometry, kernel, options); }, too_many);
    throws_fault<SizeError>([&] { null_space(geometry, kernel, options); }, too_many);
}

BOOST_AUTO_TEST_CASE(weights_as_large_as_doubles_are_ranked) {
    const ConvGeometry geometry({.input = {4, 4}, .kernel = {1, 1}});
    BOOST_TEST(numerical_rank(geometry, Tensor<double>({1, 1, 1, 1}, {1e308})).rank == 16);
    const ConvGeometry box({.input = {8, 8}, .kernel = {3, 3}});
    const Tensor<double> huge({1, 1, 3, 3}, std::vector<double>(9, 1e308));
    BOOST_TEST(numerical_rank(box, huge).rank == 36);
    BOOST_CHECK_THROW(singular_values(box, huge), SizeError);
}

BOOST_AUTO_TEST_CASE(what_counts_as_zero_can_be_said) {
    const ConvGeometry geometry({.input = {4, 4}, .kernel = {1, 1}, .in_channels = 3, .out_channels = 3});
    Tensor<double> kernel(geometry.kernel_shape(), {1, 0, 0, 0, 1e-3, 0, 0, 0, 1e-6});
    BOOST_TEST(numerical_rank(geometry, kernel).rank == 48);
    BOOST_TEST(numerical_rank(geometry, kernel, {.tolerance = 1e-5}).rank == 32);
    BOOST_TEST(numerical_rank(geometry, kernel, {.tolerance = 1e-2}).rank == 16);
    BOOST_TEST(null_space(geometry, kernel, {.tolerance = 1e-5}).cols() == 16);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace rank_test
