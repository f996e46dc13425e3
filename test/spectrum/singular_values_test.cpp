#include <convmat/spectrum/singular_values.hpp>

#include <numbers>

#include <boost/test/unit_test.hpp>

#include <convmat/spectrum/bounds.hpp>

#include "support.hpp"

namespace singular_values_test {

using namespace convmat;
using namespace convmat::test;

namespace {

constexpr Index most_side = 160; // of the matrices that are compared with a dense decomposition

template <class S>
void compare_all(const ConvGeometry& geometry, const Tensor<S>& kernel) {
    BOOST_TEST_CONTEXT(describe(geometry)) {
        const auto expected = dense_singular_values(dense_w(geometry, kernel));
        const SingularValues found = singular_values(geometry, kernel);
        BOOST_TEST_CONTEXT(found.method) {
            BOOST_TEST_REQUIRE(found.values.size() == expected.size());
            const double largest = expected.empty() ? 0 : expected.front();
            const double bound = found.error + dense_rounding(geometry.rows(), geometry.cols(), largest);
            BOOST_TEST(found.error <= 1e-11 * std::max(largest, 1.0)); // integer weights, W = 0 too
            for (std::size_t i = 0; i < expected.size(); ++i)
                BOOST_TEST(std::abs(found.values[i] - expected[i]) <= bound);
        }
    }
}

template <class S>
void compare_triplets(const ConvGeometry& geometry, const Tensor<S>& kernel, Index count, bool largest,
                      const SpectrumOptions& options = {}) {
    BOOST_TEST_CONTEXT(describe(geometry) << (largest ? " largest " : " smallest ") << count) {
        auto expected = dense_singular_values(dense_w(geometry, kernel));
        const double norm = expected.empty() ? 0 : expected.front();
        const auto found = largest ? largest_singular_triplets(geometry, kernel, count, options)
                                   : smallest_singular_triplets(geometry, kernel, count, options);
        if (!largest) std::ranges::reverse(expected);
        BOOST_TEST_CONTEXT(found.method) {
            const auto most = std::min<std::size_t>(expected.size(), static_cast<std::size_t>(count));
            BOOST_TEST_REQUIRE(found.values.size() == most);
            BOOST_TEST(found.converged);
            const double rounding = dense_rounding(geometry.rows(), geometry.cols(), norm);
            for (std::size_t i = 0; i < most; ++i) {
                BOOST_TEST(std::abs(found.values[i] - expected[i]) <= found.errors[i] + rounding);
                BOOST_TEST(found.errors[i] <= 1e-6 * std::max(norm, 1.0));
                BOOST_TEST(found.residuals[i] <= 1e-3 * norm + rounding);
            }
            const auto cols = static_cast<Index>(most);
            const Eigen::Map<const DenseMatrix<Spectral<S>>> u(found.left.data(), geometry.rows(), cols);
            const Eigen::Map<const DenseMatrix<Spectral<S>>> v(found.right.data(), geometry.cols(), cols);
            const auto identity = DenseMatrix<Spectral<S>>::Identity(cols, cols);
            BOOST_TEST((u.adjoint() * u - identity).norm() <= 1e-8);
            BOOST_TEST((v.adjoint() * v - identity).norm() <= 1e-8);
        }
    }
}

// Every axis diagonalised: periodic with n = s m, half-symmetric with mirrored taps, ...
Tensor<double> mirrored(Tensor<double> kernel) {
    const auto flipped = flip_axes(kernel, 2);
    for (Index i = 0; i < kernel.size(); ++i) kernel[i] += flipped[i];
    return kernel;
}

template <class S>
void compare_random(Index rank, unsigned seed, int cases) {
    RandomLayers layers(seed);
    for (int compared = 0; compared < share(cases);) {
        const ConvGeometry geometry = layers.geometry(rank);
        if (std::max(geometry.rows(), geometry.cols()) > most_side) continue;
        compare_all(geometry, layers.integers<S>(geometry.kernel_shape()));
        ++compared;
    }
}

ConvGeometry periodic_layer(RandomLayers& random, Index rank) {
    ConvSpec spec;
    spec.groups = random.between(1, 2);
    spec.in_channels = spec.groups * random.between(1, 2);
    spec.out_channels = spec.groups * random.between(1, 3);
    for (Index j = 0; j < rank; ++j) {
        const Index s = random.between(1, 3), m = random.between(1, rank == 1 ? 12 : 3), k = random.between(1, 4);
        const Index d = random.between(1, 2), before = random.between(-2, 4), n = s * m;
        spec.input.push_back(n);
        spec.kernel.push_back(k);
        spec.stride.push_back(s);
        spec.dilation.push_back(d);
        const Index end = s * (m - 1) + d * (k - 1) + 1 - n - before + random.between(0, s - 1);
        spec.padding.push_back({before, end});
        spec.boundary.push_back(Boundary::periodic);
    }
    return ConvGeometry(spec);
}

} // namespace

BOOST_AUTO_TEST_SUITE(singular_values_)

BOOST_AUTO_TEST_CASE(of_random_layers_are_those_of_a_dense_decomposition) {
    for (Index rank = 1; rank <= 4; ++rank) {
        compare_random<double>(rank, 11 + static_cast<unsigned>(rank), 60);
        compare_random<std::complex<double>>(rank, 21 + static_cast<unsigned>(rank), 20);
    }
    compare_random<float>(2, 31, 10);
    compare_random<std::int64_t>(2, 32, 10);
    compare_random<std::complex<float>>(2, 33, 10);
}

BOOST_AUTO_TEST_CASE(of_periodic_layers_are_those_of_a_dense_decomposition) {
    RandomLayers random(41);
    for (int i = 0; i < share(120); ++i) {
        const ConvGeometry geometry = periodic_layer(random, 1 + i % 3);
        if (std::max(geometry.rows(), geometry.cols()) > most_side) continue;
        compare_all(geometry, random.integers<double>(geometry.kernel_shape()));
        compare_all(geometry, random.integers<std::complex<double>>(geometry.kernel_shape()));
    }
}

BOOST_AUTO_TEST_CASE(triplets_of_random_layers_fulfil_their_equations) {
    for (Index rank = 1; rank <= 4; ++rank) {
        RandomLayers layers(51 + static_cast<unsigned>(rank));
        for (int compared = 0; compared < share(40);) {
            const ConvGeometry geometry = layers.geometry(rank);
            if (std::max(geometry.rows(), geometry.cols()) > most_side) continue;
            const Index count = layers.between(1, 6);
            compare_triplets(geometry, layers.integers<double>(geometry.kernel_shape()), count, true);
            compare_triplets(geometry, layers.integers<double>(geometry.kernel_shape()), count, false);
            const auto complex = layers.integers<std::complex<double>>(geometry.kernel_shape());
            compare_triplets(geometry, complex, count, compared % 2 == 0);
            ++compared;
        }
    }
}

BOOST_AUTO_TEST_CASE(triplets_of_periodic_layers_fulfil_their_equations) {
    RandomLayers random(61);
    for (int i = 0; i < share(60); ++i) {
        const ConvGeometry geometry = periodic_layer(random, 1 + i % 3);
        if (std::max(geometry.rows(), geometry.cols()) > most_side) continue;
        compare_triplets(geometry, random.integers<double>(geometry.kernel_shape()), 7, i % 2 == 0);
        compare_triplets(geometry, random.integers<std::complex<double>>(geometry.kernel_shape()), 7, i % 2 == 1);
    }
}

BOOST_AUTO_TEST_CASE(mirrored_kernels_are_diagonalised_by_cosines_and_sines) {
    RandomLayers random(71);
    const auto all =
        std::vector<Boundary>{Boundary::half_symmetric, Boundary::replicate, Boundary::zero, Boundary::periodic};
    for (int i = 0; i < share(60); ++i) {
        const auto axis = [&] { return random.between(0, 3); };
        const Boundary first = all[static_cast<std::size_t>(axis())], second = all[static_cast<std::size_t>(axis())];
        const Index k = first == Boundary::half_symmetric && second == Boundary::half_symmetric ? 5 : 3;
        const ConvGeometry geometry({.input = {random.between(1, 7), random.between(1, 7)},
                                     .kernel = {k, k},
                                     .in_channels = 2,
                                     .out_channels = random.between(1, 3),
                                     .padding = {{k / 2, k / 2}},
                                     .boundary = {first, second}});
        const auto kernel = mirrored(random.integers<double>(geometry.kernel_shape()));
        compare_all(geometry, kernel);
        compare_triplets(geometry, kernel, 5, i % 2 == 0);
    }
}

BOOST_AUTO_TEST_CASE(kernels_of_many_taps_are_transformed_by_fftw) {
    RandomLayers random(75);
    const ConvGeometry circle(
        {.input = {530}, .kernel = {520}, .padding = {{0, 519}}, .boundary = {Boundary::periodic}});
    const auto kernel = random.integers<double>(circle.kernel_shape());
    std::vector<double> expected;
    for (Index f = 0; f < 530; ++f) {
        std::complex<double> sum = 0;
        for (Index t = 0; t < 520; ++t)
            sum += kernel[t] * std::polar(1.0, 2 * std::numbers::pi * static_cast<double>(f * t % 530) / 530);
        expected.push_back(std::abs(sum));
    }
    std::ranges::sort(expected, std::greater());
    const SingularValues found = singular_values(circle, kernel);
    for (std::size_t i = 0; i < expected.size(); ++i)
        BOOST_TEST(std::abs(found.values[i] - expected[i]) <= found.error + 1e-12 * expected.front());
    const ConvGeometry mixed({.input = {12, 11},
                              .kernel = {25, 21},
                              .padding = {{12, 12}, {10, 10}},
                              .boundary = {Boundary::periodic, Boundary::half_symmetric}});
    compare_all(mixed, mirrored(random.integers<double>(mixed.kernel_shape())));
}

// With nothing direct allowed, and nothing taken apart.
const SpectrumOptions iterate = {.separability = -1, .most_dense = 0};

BOOST_AUTO_TEST_CASE(iterations_find_the_largest_and_the_smallest) {
    for (Index rank = 1; rank <= 3; ++rank) {
        RandomLayers layers(81 + static_cast<unsigned>(rank));
        for (int compared = 0; compared < share(40);) {
            const ConvGeometry geometry = layers.geometry(rank);
            if (std::max(geometry.rows(), geometry.cols()) > most_side || geometry.groups() > 1) continue;
            if (geometry.weights() < 6) continue;
            const Index count = layers.between(1, 6);
            const auto kernel = layers.integers<double>(geometry.kernel_shape());
            compare_triplets(geometry, kernel, count, true, iterate);
            compare_triplets(geometry, kernel, count, false, iterate);
            const auto complex = layers.integers<std::complex<double>>(geometry.kernel_shape());
            compare_triplets(geometry, complex, count, compared % 2 == 0, iterate);
            ++compared;
        }
    }
}

// Too large for a dense decomposition: by their defining equations, ||W v - σ u|| and ||W^H u - σ v||.
BOOST_AUTO_TEST_CASE(of_a_large_layer_fulfil_their_equations) {
    const ConvGeometry geometry({.input = {41, 37},
                                 .kernel = {3, 3},
                                 .in_channels = 3,
                                 .out_channels = 2,
                                 .padding = {{1, 1}},
                                 .boundary = {Boundary::zero, Boundary::replicate}});
    RandomLayers random(87);
    const auto kernel = random.integers<double>(geometry.kernel_shape());
    const auto largest = largest_singular_triplets(geometry, kernel, 4, {.most_dense = 1000});
    BOOST_TEST(largest.method.find("Golub-Kahan") != std::string::npos);
    BOOST_TEST(largest.converged);
    const double norm = largest.values.front();
    for (std::size_t i = 0; i < 4; ++i) {
        BOOST_TEST(largest.errors[i] <= 1e-6 * norm);
        BOOST_TEST(largest.residuals[i] <= largest.errors[i]);
        BOOST_TEST((i == 0 || largest.values[i] <= largest.values[i - 1]));
    }
    const auto smallest = smallest_singular_triplets(geometry, kernel, 2, {.most_dense = 1000});
    for (std::size_t i = 0; i < 2; ++i) BOOST_TEST(smallest.residuals[i] <= 1e-6 * norm);
    for (const NormBound& bound : norm_bounds(geometry, kernel))
        if (bound.applies) BOOST_TEST(bound.value >= norm - largest.errors.front());
}

BOOST_AUTO_TEST_CASE(what_is_no_layer_or_count_is_refused) {
    const ConvGeometry geometry({.input = {4}, .kernel = {3}});
    const Tensor<double> nan({1, 1, 3}, {1, NAN, 1}), huge({1, 1, 3}, {1e308, 1e308, 1e308});
    const Fault no_number = {.parameter = "kernel", .value = "nan", .expected = "a finite number"};
    const Tensor<std::complex<double>> complex_nan({1, 1, 3}, {1, 2, {0, NAN}});
    throws_fault<ArgumentError>([&] { singular_values(geometry, nan); }, no_number);
    throws_fault<ArgumentError>([&] { singular_values(geometry, complex_nan); },
                                {.parameter = "kernel", .value = "(0,nan)", .expected = "a finite number"});
    throws_fault<ArgumentError>([&] { largest_singular_triplets(geometry, nan); }, no_number);
    throws_fault<ArgumentError>([&] { smallest_singular_triplets(geometry, nan); }, no_number);
    throws_fault<ShapeError>([&] { largest_singular_triplets(geometry, nan, 0); },
                             {.parameter = "count", .value = "0", .expected = "at least 1"});
    throws_fault<ShapeError>([&] { smallest_singular_triplets(geometry, nan, -3); },
                             {.parameter = "count", .value = "-3", .expected = "at least 1"});
    throws_fault<SizeError>(
        [&] { singular_values(geometry, huge); },
        {.parameter = "kernel", .value = "weights up to 8.98847e+307", .expected = "smaller weights"});
}

BOOST_AUTO_TEST_CASE(what_is_out_of_reach_is_refused_before_it_starts) {
    RandomLayers random(88);
    const ConvGeometry layer({.input = {12, 13}, .kernel = {3, 3}, .padding = {{1, 1}}});
    const auto kernel = random.integers<double>(layer.kernel_shape());
    throws_fault<SizeError>(
        [&] { singular_values(layer, kernel, {.most_dense = 10}); },
        {.parameter = "most_dense",
         .value = "156x156",
         .expected = "a shorter side of at most 10 (SpectrumOptions::most_dense), at most 1 GB, and room for it: all "
                     "singular values of such a layer are out of reach, the largest and the smallest are not"});
    throws_fault<SizeError>([&] { singular_values(layer, kernel, {.most_operations = 9}); },
                            {.parameter = "most_operations",
                             .value = "1.52014e+07",
                             .expected = "at most 9 (SpectrumOptions::most_operations)"});
    const SpectrumOptions no_entries = {.separability = -1, .most_dense = 0, .most_factor_entries = 10};
    throws_fault<SizeError>([&] { smallest_singular_triplets(layer, kernel, 1, no_entries); },
                            {.parameter = "most_factor_entries",
                             .value = "7644",
                             .expected = "at most 40 (SpectrumOptions::most_factor_entries)"});
    const ConvGeometry pointwise({.input = {4}, .kernel = {1}, .in_channels = 2, .out_channels = 3});
    const auto weights = random.integers<double>(pointwise.kernel_shape());
    throws_fault<SizeError>([&] { largest_singular_triplets(pointwise, weights, 1, {.most_dense = 1}); },
                            {.parameter = "most_dense",
                             .value = "3x2",
                             .expected = "a shorter side of at most 1 (SpectrumOptions::most_dense)"});
    const ConvGeometry large({.input = {1500, 1500}, .kernel = {3, 3}, .padding = {{1, 1}}});
    throws_fault<SizeError>([&] { smallest_singular_triplets(large, kernel, 1, iterate); },
                            {.parameter = "input", .value = "2250000", .expected = "at most 2097152"});
}

BOOST_AUTO_TEST_CASE(w4_an_iteration_that_ends_before_its_last_step_has_converged_by_the_tolerance_that_is_stated) {
    const ConvGeometry geometry({.input = {64, 64}, .kernel = {3, 3}, .padding = {{1, 1}}});
    const Tensor<std::int64_t> kernel({1, 1, 3, 3}, {7, 9, -3, -6, 6, -8, -9, -2, -7});
    for (const double tolerance : {1e-3, 1e-6, 1e-9}) {
        const auto found = largest_singular_triplets(geometry, kernel, 1, {.tolerance = tolerance});
        BOOST_TEST(std::abs(found.values.front() - 38.95842729) <= found.errors.front() + 1e-8);
        BOOST_TEST(found.errors.front() <= tolerance * found.values.front());
        BOOST_TEST(found.converged);
    }
    const auto stopped = largest_singular_triplets(geometry, kernel, 1, {.most_steps = 20});
    BOOST_TEST(!stopped.converged);
    BOOST_TEST(stopped.steps >= 20);
    BOOST_TEST(stopped.errors.front() > 1e-6 * stopped.values.front());
}

BOOST_AUTO_TEST_CASE(w4_errors_of_the_factors_of_a_product_add_up_to_no_more_than_the_tolerance) {
    const ConvGeometry geometry({.input = {200, 150}, .kernel = {5, 5}, .padding = {{2, 2}}});
    Tensor<double> kernel(geometry.kernel_shape());
    for (Index i = 0; i < 25; ++i) kernel[i] = static_cast<double>((1 + i / 5) * (7 - i % 5));
    const auto found = largest_singular_triplets(geometry, kernel, 1, {.tolerance = 1e-5, .most_dense = 10});
    BOOST_TEST(found.method.find("Kronecker") != std::string::npos);
    BOOST_TEST(found.converged);
}

BOOST_AUTO_TEST_CASE(w2_the_vectors_beside_tiny_values_are_as_good_as_the_others) {
    const ConvGeometry geometry({.input = {3, 3, 1},
                                 .kernel = {1, 3, 1},
                                 .in_channels = 2,
                                 .out_channels = 2,
                                 .stride = {4, 2, 1},
                                 .dilation = {1, 2, 1},
                                 .padding = {{-2, 7}, {2, 1}, {0, 1}},
                                 .boundary = {Boundary::antireflective, Boundary::replicate, Boundary::replicate}});
    RandomLayers random(3);
    const auto kernel = random.integers<double>(geometry.kernel_shape());
    const auto found = smallest_singular_triplets(geometry, kernel, 6, {.separability = -1, .most_dense = 0});
    BOOST_TEST(found.method.find("CHOLMOD") != std::string::npos);
    BOOST_TEST(found.values.back() > 1);
    for (const double residual : found.residuals) BOOST_TEST(residual <= 1e-9 * found.values.back());
    BOOST_TEST(found.converged);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace singular_values_test
