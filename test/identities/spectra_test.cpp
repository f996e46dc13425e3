#include <convmat/identities/catalogue.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include <convmat/matrix/kernel2matrix.hpp>

#include "support/dense_oracles.hpp"

namespace spectra_test {

using namespace convmat;
using namespace convmat::identities;

namespace {

using Integers = Eigen::MatrixX<std::int64_t>;

// W of one channel on n points, centred.
Integers same(Index n, std::vector<std::int64_t> weights, Boundary boundary) {
    const Index taps = std::ssize(weights);
    const ConvGeometry g({.input = {n}, .kernel = {taps}, .padding = {{taps / 2, taps / 2}}, .boundary = {boundary}});
    return kernel2matrix(g, Tensor<std::int64_t>(g.kernel_shape(), std::move(weights)));
}

double spectral_norm(const Integers& matrix) {
    return test::dense_singular_values(Eigen::MatrixXd(matrix.cast<double>())).front();
}

double asymmetry(Index n, std::vector<std::int64_t> weights, Boundary boundary) {
    const Integers a = same(n, std::move(weights), boundary);
    return spectral_norm(a - a.transpose());
}

// Both sides of the one entry of that id on a layer with the given weights, as integers.
Sides<std::int64_t> sides_of(const char* id, const ConvSpec& spec, std::vector<std::int64_t> weights) {
    const ConvGeometry g(spec);
    const IdentityCase<std::int64_t> layer{g, Tensor<std::int64_t>(g.kernel_shape(), std::move(weights)),
                                           Tensor<std::int64_t>(g.input_shape()),
                                           Tensor<std::int64_t>(g.output_shape())};
    const auto found = find_identities(id);
    BOOST_TEST_REQUIRE(found.size() == 1U);
    const Outcome outcome = check(*found[0], layer);
    BOOST_TEST_REQUIRE((outcome.verdict == Verdict::holds), outcome.reason);
    return std::get<Sides<std::int64_t>>(outcome.sides);
}

} // namespace

BOOST_AUTO_TEST_SUITE(examples_of_identities)

BOOST_AUTO_TEST_CASE(a_mirrored_kernel_of_radius_1_is_symmetric_only_where_edges_are_repeated) {
    for (const Boundary boundary : {Boundary::zero, Boundary::periodic, Boundary::half_symmetric, Boundary::replicate})
        BOOST_TEST(asymmetry(8, {2, 5, 2}, boundary) == 0);
    for (const Boundary boundary : {Boundary::whole_symmetric, Boundary::antireflective})
        BOOST_TEST(std::abs(asymmetry(8, {2, 5, 2}, boundary) - 2.0) < 1e-14);
}

BOOST_AUTO_TEST_CASE(a_mirrored_kernel_of_radius_2_is_not_symmetric_with_replicated_edges) {
    BOOST_TEST(std::abs(asymmetry(8, {1, 2, 5, 2, 1}, Boundary::replicate) - 1.0) < 1e-14);
    BOOST_TEST(asymmetry(8, {1, 2, 5, 2, 1}, Boundary::half_symmetric) == 0);
    BOOST_TEST(asymmetry(3, {1, 2, 5, 2, 1}, Boundary::replicate) > 0);
    BOOST_TEST(asymmetry(2, {1, 2, 5, 2, 1}, Boundary::replicate) == 0);
}

BOOST_AUTO_TEST_CASE(mirrored_boundaries_are_symmetric_below_three_points) {
    for (const Boundary boundary : {Boundary::whole_symmetric, Boundary::antireflective})
        for (Index n = 1; n <= 4; ++n) BOOST_TEST((asymmetry(n, {2, 5, 2}, boundary) > 0) == (n >= 3));
}

BOOST_AUTO_TEST_CASE(the_norm_of_a_zero_padded_average_grows_to_that_of_its_symbol) {
    double last = 0;
    for (Index n = 1; n <= 12; ++n) {
        const double norm = spectral_norm(same(n, {1, 1, 1}, Boundary::zero)); // 1 + 2 cos(pi / (n + 1))
        BOOST_TEST(std::abs(norm - 1 - 2 * std::cos(std::numbers::pi / static_cast<double>(n + 1))) < 1e-13);
        BOOST_TEST(norm > last);
        last = norm;
    }
    BOOST_TEST(last < 3);
    BOOST_TEST(std::abs(spectral_norm(same(12, {1, 1, 1}, Boundary::periodic)) - 3) < 1e-13);
}

BOOST_AUTO_TEST_CASE(strides_and_their_phases_in_both_norms) {
    const ConvSpec spec{.input = {9}, .kernel = {3}, .stride = {2}};
    BOOST_TEST((sides_of("I-36a", spec, {1, -2, 3}).right.coeff(0, 0) == 6));
    BOOST_TEST((sides_of("I-36b", spec, {1, -2, 3}).right.coeff(0, 0) == 4)); // |1| + |3|, or |-2|
    BOOST_TEST((sides_of("I-34b", spec, {1, -2, 3}).right.coeff(0, 0) == 4 * 14));
}

BOOST_AUTO_TEST_CASE(gram_matrices_with_the_autocorrelation_in_their_rows) {
    const Integers valid = Integers(sides_of("I-39b", {.input = {5}, .kernel = {2}}, {1, 3}).right);
    BOOST_TEST((valid == Integers{{10, 3, 0, 0}, {3, 10, 3, 0}, {0, 3, 10, 3}, {0, 0, 3, 10}}));
    const ConvSpec same_spec{.input = {4}, .kernel = {3}, .padding = {{1, 1}}};
    const Integers corners = Integers(sides_of("I-39d", same_spec, {1, 2, 3}).right);
    BOOST_TEST((corners == Integers{{5, 8, 3, 0}, {8, 14, 8, 3}, {3, 8, 14, 8}, {0, 3, 8, 13}}));
}

BOOST_AUTO_TEST_CASE(lags_that_no_two_outputs_have_do_not_count_for_orthonormal_rows) {
    // The kernel (1, 0, 1) has R(2) = 1: three outputs have that lag, two do not, and their rows are orthogonal.
    BOOST_TEST((sides_of("I-40a", {.input = {5}, .kernel = {3}}, {1, 0, 1}).right.coeff(1, 0) == 1));
    BOOST_TEST((sides_of("I-40a", {.input = {4}, .kernel = {3}}, {1, 0, 1}).right.coeff(1, 0) == 0));
    BOOST_TEST((sides_of("I-40a", {.input = {4}, .kernel = {3}}, {1, 0, 0}).right.nonZeros() == 0));
}

BOOST_AUTO_TEST_CASE(a_circulant_of_n_plus_half_the_kernel_holds_the_same_padded_matrix) {
    const ConvSpec spec{.input = {6}, .kernel = {5}, .padding = {{2, 2}}};
    sides_of("I-47a", spec, {1, 2, 3, 4, 5});
}

BOOST_AUTO_TEST_CASE(the_correction_of_same_padding_has_the_rank_of_the_rows_that_are_not_zero) {
    const ConvSpec spec{.input = {4}, .kernel = {3}, .padding = {{1, 1}}};
    BOOST_TEST((sides_of("I-39f", spec, {1, 2, 3}).left.coeff(0, 0) == 2));
    BOOST_TEST((sides_of("I-39f", spec, {0, 2, 3}).left.coeff(0, 0) == 1));
    BOOST_TEST((sides_of("I-39f", spec, {0, 2, 0}).left.nonZeros() == 0 ||
                sides_of("I-39f", spec, {0, 2, 0}).left.coeff(0, 0) == 0));
}

BOOST_AUTO_TEST_CASE(a_changed_entry_is_no_convolution_where_its_weight_stands_elsewhere_too) {
    const Sides<std::int64_t> tested = sides_of("I-35c", {.input = {5}, .kernel = {2}}, {1, 3});
    BOOST_TEST((tested.left.coeff(0, 0) == 1 && tested.left.coeff(1, 0) == 0));
}

BOOST_AUTO_TEST_CASE(the_determinant_of_a_causal_layer_is_a_power) {
    const ConvSpec spec{.input = {3}, .kernel = {2}, .padding = {{1, 0}}};
    BOOST_TEST((sides_of("I-51c", spec, {7, 2}).left.coeff(0, 0) == 8));
    BOOST_TEST((sides_of("I-51c", spec, {7, -2}).left.coeff(0, 0) == 0x7fffffff - 8));
}

BOOST_AUTO_TEST_CASE(what_an_upsampling_layer_is_enlarged_to_has_a_limit) {
    const ConvGeometry g({.input = {1}, .kernel = {1}, .stride = {1'000'000'000}});
    const IdentityCase<std::int64_t> layer{g, Tensor<std::int64_t>(g.kernel_shape()), Tensor<std::int64_t>({1, 1}),
                                           Tensor<std::int64_t>({1, 1})};
    for (const char* id : {"I-28a", "I-55"})
        BOOST_TEST((check(*find_identities(id).at(0), layer).verdict == Verdict::does_not_apply), id);
    for (const char* id : {"I-28b", "I-28c", "I-53b", "I-54"})
        BOOST_TEST((check(*find_identities(id).at(0), layer).verdict == Verdict::holds), id);
}

BOOST_AUTO_TEST_CASE(a_moving_sum_with_endless_padding_is_refused) {
    const ConvGeometry g({.input = {1}, .kernel = {1}, .dilation = {1'000'000'000}});
    const IdentityCase<std::int64_t> layer{g, Tensor<std::int64_t>(g.kernel_shape()), Tensor<std::int64_t>({1, 1}),
                                           Tensor<std::int64_t>({1, 1})};
    BOOST_TEST((check(*find_identities("I-50").at(0), layer).verdict == Verdict::does_not_apply));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace spectra_test
