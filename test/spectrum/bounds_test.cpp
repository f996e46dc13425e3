#include <convmat/spectrum/bounds.hpp>

#include <map>

#include <boost/test/unit_test.hpp>

#include "support.hpp"

namespace bounds_test {

using namespace convmat;
using namespace convmat::test;

namespace {

constexpr Index most_side = 120; // of the matrices that are compared with a dense decomposition

const NormBound& named(const std::vector<NormBound>& bounds, std::string_view name) {
    const auto found = std::ranges::find(bounds, name, &NormBound::name);
    BOOST_TEST_REQUIRE((found != bounds.end()), "no bound is called " << name);
    return *found;
}

double value_of(const std::vector<NormBound>& bounds, std::string_view name) {
    const NormBound& bound = named(bounds, name);
    BOOST_TEST(bound.applies, bound.name << ": " << bound.condition);
    return bound.value;
}

using Applied = std::map<std::string, int>;

// What must hold between the bounds of one layer.
void compare_with_each_other(const std::vector<NormBound>& bounds) {
    const double embedding = value_of(bounds, "circulant embedding"), gram = value_of(bounds, "Gram iteration");
    BOOST_TEST(gram >= embedding * (1 - 1e-12));
    BOOST_TEST(gram <= 1.1 * embedding);
    if (named(bounds, "reshaped kernel").applies)
        BOOST_TEST(value_of(bounds, "reshaped kernel") <= value_of(bounds, "reshaped kernel, crude") * (1 + 1e-12));
    if (named(bounds, "symbol (exact)").applies) BOOST_TEST(value_of(bounds, "symbol (exact)") == embedding);
}

template <class S>
void compare(const ConvGeometry& geometry, const Tensor<S>& kernel, Applied& applied) {
    BOOST_TEST_CONTEXT(describe(geometry)) {
        const auto matrix = dense_w(geometry, kernel);
        const double norm = dense_norm2(matrix);
        const auto bounds = norm_bounds(geometry, kernel);
        for (const NormBound& bound : bounds) BOOST_TEST_CONTEXT(bound.name << " " << bound.condition) {
                BOOST_TEST(!bound.condition.empty());
                if (!bound.applies) continue;
                ++applied[bound.name];
                BOOST_TEST(bound.value >= norm * (1 - 1e-12));
                if (bound.name == "symbol (exact)")
                    BOOST_TEST(std::abs(bound.value - norm) <= 1e-11 * std::max(norm, 1.0));
            }
        compare_with_each_other(bounds);
        // taps that cancel leave what rounding may have made of them
        BOOST_TEST(std::abs(frobenius_norm(geometry, kernel) - matrix.norm()) <= 1e-12 * matrix.norm() + 1e-4);
    }
}

template <class S>
void compare_random(Index rank, unsigned seed, int cases, Applied& applied) {
    RandomLayers layers(seed);
    for (int compared = 0; compared < share(cases);) {
        const ConvGeometry geometry = layers.geometry(rank);
        if (std::max(geometry.rows(), geometry.cols()) > most_side) continue;
        compare(geometry, layers.integers<S>(geometry.kernel_shape()), applied);
        ++compared;
    }
}

// Layers of one boundary on all axes; periodic ones with n = s m.
ConvGeometry of_boundary(RandomLayers& random, Boundary boundary) {
    ConvSpec spec;
    const Index rank = random.between(1, 3);
    spec.groups = random.between(1, 2);
    spec.in_channels = spec.groups * random.between(1, 2);
    spec.out_channels = spec.groups * random.between(1, 2);
    for (Index j = 0; j < rank; ++j) {
        const Index s = random.between(1, 3), k = random.between(1, 4), d = random.between(1, 3);
        const Index m = random.between(1, rank == 1 ? 8 : 3), p = random.between(-1, 4), reach = d * (k - 1);
        spec.input.push_back(s * m);
        spec.kernel.push_back(k);
        spec.stride.push_back(s);
        spec.dilation.push_back(d);
        spec.padding.push_back({p, reach - p});
    }
    spec.boundary = {boundary};
    return ConvGeometry(spec);
}

template <class S>
void compare_boundary(Boundary boundary, unsigned seed, int cases, Applied& applied) {
    RandomLayers random(seed);
    for (int compared = 0; compared < share(cases); ++compared) {
        const ConvGeometry geometry = of_boundary(random, boundary);
        compare(geometry, random.integers<S>(geometry.kernel_shape()), applied);
    }
}

template <class S>
Tensor<S> filled(const Shape& shape, S value) {
    Tensor<S> tensor(shape);
    std::ranges::fill(tensor.values(), value);
    return tensor;
}

} // namespace

BOOST_AUTO_TEST_SUITE(bounds)

BOOST_AUTO_TEST_CASE(no_bound_is_below_the_norm) {
    Applied applied;
    for (Index rank = 1; rank <= 4; ++rank) {
        compare_random<double>(rank, 100 + static_cast<unsigned>(rank), 140, applied);
        compare_random<std::complex<double>>(rank, 200 + static_cast<unsigned>(rank), 50, applied);
    }
    compare_random<float>(2, 301, 10, applied);
    compare_random<std::int64_t>(2, 302, 10, applied);
    compare_random<std::complex<float>>(2, 303, 10, applied);
    for (const Boundary boundary : all_boundaries) compare_boundary<double>(boundary, 401, 20, applied);
    compare_boundary<std::complex<double>>(Boundary::periodic, 402, 20, applied);
    compare_boundary<std::complex<double>>(Boundary::zero, 403, 100, applied);
    const int cases = 4 * (share(140) + share(50)) + 3 * share(10) + 7 * share(20) + share(100);
    BOOST_TEST(applied["Frobenius"] == cases);
    for (const char* name :
         {"Schur", "taps", "reshaped kernel, any boundary", "Young", "circulant embedding", "Gram iteration"})
        BOOST_TEST(applied[name] == cases, name << " applies in " << applied[name] << " cases");
    BOOST_TEST(applied["reshaped kernel"] >= share_of_found(150));
    BOOST_TEST(applied["reshaped kernel, crude"] == applied["reshaped kernel"]);
    BOOST_TEST(applied["symbol (exact)"] >= share_of_found(40));
}

// box kernel of 3 taps, 'same', on 5 positions
BOOST_AUTO_TEST_CASE(a_box_kernel_by_hand) {
    const ConvGeometry geometry(ConvSpec{.input = {5}, .kernel = {3}, .padding = {{1, 1}}});
    const auto bounds = norm_bounds(geometry, filled({1, 1, 3}, 1.0));
    BOOST_TEST(value_of(bounds, "Frobenius") == std::sqrt(13.0)); // 5 + 2 * 4 ones
    BOOST_TEST(value_of(bounds, "Schur") == 3);
    BOOST_TEST(value_of(bounds, "taps") == 3);
    BOOST_TEST(value_of(bounds, "Young") == 3);
    BOOST_TEST(std::abs(value_of(bounds, "reshaped kernel") - 3) <= 1e-14); // sqrt(3) sqrt(3)
    BOOST_TEST(std::abs(value_of(bounds, "reshaped kernel, any boundary") - 3) <= 1e-14);
    BOOST_TEST(std::abs(value_of(bounds, "circulant embedding") - 3) <= 1e-14);
    BOOST_TEST(std::abs(value_of(bounds, "Gram iteration") - 3) <= 1e-14);
    BOOST_TEST(!named(bounds, "symbol (exact)").applies);
}

// k = 3, s = 2: an input is read once or twice; k_mat = sqrt 3; columns sum to 1 or 2, rows to 3
BOOST_AUTO_TEST_CASE(a_strided_box_kernel_by_hand) {
    const ConvGeometry geometry(ConvSpec{.input = {9}, .kernel = {3}, .stride = {2}});
    const auto bounds = norm_bounds(geometry, filled({1, 1, 3}, 1.0));
    BOOST_TEST(value_of(bounds, "Frobenius") == std::sqrt(12.0));
    BOOST_TEST(value_of(bounds, "Schur") == std::sqrt(6.0));
    BOOST_TEST(std::abs(value_of(bounds, "reshaped kernel") - std::sqrt(6.0)) <= 1e-14);
    BOOST_TEST(std::abs(value_of(bounds, "reshaped kernel, crude") - 3) <= 1e-14);
    // at frequency 0: ([3], [K̂(pi) = 1]) / sqrt 2
    BOOST_TEST(std::abs(value_of(bounds, "circulant embedding") - std::sqrt(5.0)) <= 1e-14);
}

// One input read by one tap, beside a zero: on N = 1 the taps 1 and -1 would cancel. N = 2: |K̂(pi)| = 2.
BOOST_AUTO_TEST_CASE(the_circulant_has_room_for_the_padding) {
    for (const Padding padding : {Padding{0, 1}, Padding{1, 0}}) {
        const ConvGeometry geometry(ConvSpec{.input = {1}, .kernel = {2}, .padding = {padding}});
        const auto bounds = norm_bounds(geometry, Tensor<double>({1, 1, 2}, {1, -1}));
        BOOST_TEST(value_of(bounds, "Frobenius") == 1);
        BOOST_TEST(std::abs(value_of(bounds, "circulant embedding") - 2) <= 1e-14);
        BOOST_TEST(std::abs(value_of(bounds, "Gram iteration") - 2) <= 1e-14);
    }
}

BOOST_AUTO_TEST_CASE(groups_are_bounded_one_by_one) {
    const ConvGeometry geometry(
        ConvSpec{.input = {4}, .kernel = {1}, .in_channels = 2, .out_channels = 2, .groups = 2});
    const auto bounds = norm_bounds(geometry, Tensor<double>({2, 1, 1}, {3, 4}));
    for (const char* name : {"Schur", "taps", "Young", "reshaped kernel", "circulant embedding", "Gram iteration"})
        BOOST_TEST(std::abs(value_of(bounds, name) - 4) <= 1e-14, name);
    BOOST_TEST(value_of(bounds, "Frobenius") == 8);
    BOOST_TEST(frobenius_norm(geometry, Tensor<double>({2, 1, 1}, {3, 4})) == 10);
}

// a replicated edge: row 0 reads input 0 three times, [3 ...]
BOOST_AUTO_TEST_CASE(taps_that_meet_count_together_in_the_frobenius_norm) {
    const ConvGeometry geometry(
        ConvSpec{.input = {4}, .kernel = {3}, .padding = {{2, 0}}, .boundary = {Boundary::replicate}});
    // rows 3 0 0 0 | 2 1 0 0 | 1 1 1 0 | 0 1 1 1
    BOOST_TEST(std::abs(frobenius_norm(geometry, filled({1, 1, 3}, 1.0)) - std::sqrt(20.0)) <= 1e-13);
}

BOOST_AUTO_TEST_CASE(huge_and_tiny_weights_neither_overflow_nor_vanish) {
    for (const Boundary boundary : {Boundary::zero, Boundary::periodic, Boundary::half_symmetric})
        for (const double scale : {1e250, 1e-250}) {
            const ConvGeometry geometry(ConvSpec{.input = {6, 6},
                                                 .kernel = {3, 3},
                                                 .in_channels = 2,
                                                 .out_channels = 2,
                                                 .padding = {{1, 1}},
                                                 .boundary = {boundary}});
            RandomLayers random(5);
            Tensor<double> kernel = random.integers<double>(geometry.kernel_shape());
            const auto plain = norm_bounds(geometry, kernel);
            for (double& value : kernel.values()) value *= scale;
            const auto scaled = norm_bounds(geometry, kernel);
            for (std::size_t i = 0; i < plain.size(); ++i)
                BOOST_TEST(std::abs(scaled[i].value / scale - plain[i].value) <= 1e-12 * plain[i].value, plain[i].name);
        }
}

BOOST_AUTO_TEST_CASE(a_zero_kernel_has_norm_zero) {
    const ConvGeometry geometry(ConvSpec{.input = {6}, .kernel = {3}});
    for (const NormBound& bound : norm_bounds(geometry, Tensor<double>({1, 1, 3}))) BOOST_TEST(bound.value == 0);
}

// N too large for symbols of all points: angles, with what lies between them
BOOST_AUTO_TEST_CASE(large_layers_are_bounded_on_a_grid_of_angles) {
    const ConvGeometry geometry(ConvSpec{
        .input = {100'000, 100'000}, .kernel = {3, 3}, .stride = {2, 1}, .dilation = {2, 3}, .padding = {{1, 1}}});
    RandomLayers random(6);
    const Tensor<double> kernel = random.integers<double>(geometry.kernel_shape());
    const auto bounds = norm_bounds(geometry, kernel);
    const ConvGeometry small(ConvSpec{.input = {90}, .kernel = {9}}); // nothing in common: only the words
    BOOST_TEST(named(bounds, "circulant embedding").condition.find("angles") != std::string::npos);
    BOOST_TEST(named(norm_bounds(small, filled({1, 1, 9}, 1.0)), "circulant embedding").condition.find("angles") ==
               std::string::npos);
    compare_with_each_other(bounds);
    // the symbol of a periodic layer of that stride and dilation, on fewer points, is no larger and not far below
    const ConvGeometry periodic(ConvSpec{.input = {240, 240},
                                         .kernel = {3, 3},
                                         .stride = {2, 1},
                                         .dilation = {2, 3},
                                         .padding = {{0, 4}, {0, 6}},
                                         .boundary = {Boundary::periodic}});
    const double near = value_of(norm_bounds(periodic, kernel), "symbol (exact)");
    BOOST_TEST(value_of(bounds, "circulant embedding") >= near);
    BOOST_TEST(value_of(bounds, "circulant embedding") <= 1.02 * near);
}

// The largest symbol of all angles lies between that of many angles and the bound.
BOOST_AUTO_TEST_CASE(a_grid_of_angles_is_above_all_angles) {
    RandomLayers random(7);
    for (int i = 0; i < 60; ++i) {
        const Index s = random.between(1, 6), d = random.between(1, 4), k = random.between(1, 5), n = 5040;
        ConvSpec spec{.input = {1'000'000'000}, .kernel = {k}, .out_channels = 2, .stride = {s}, .dilation = {d}};
        const ConvGeometry large(spec);
        const auto kernel = random.integers<std::complex<double>>(large.kernel_shape());
        spec.input = {n};
        spec.padding = {{0, large.axis(0).effective_kernel() - 1}};
        spec.boundary = {Boundary::periodic};
        const double near = value_of(norm_bounds(ConvGeometry(spec), kernel), "symbol (exact)");
        const auto bounds = norm_bounds(large, kernel);
        BOOST_TEST_CONTEXT(describe(large)) {
            BOOST_TEST(value_of(bounds, "circulant embedding") >= near * (1 - 1e-12));
            BOOST_TEST(value_of(bounds, "circulant embedding") <= near * 1.01);
            compare_with_each_other(bounds);
        }
    }
}

BOOST_AUTO_TEST_CASE(bounds_that_would_take_too_long_say_so) {
    const ConvGeometry geometry(ConvSpec{.input = {1000, 1000}, .kernel = {900, 900}});
    Tensor<double> kernel(geometry.kernel_shape());
    kernel[4] = 1;
    const auto bounds = norm_bounds(geometry, kernel);
    const NormBound& embedding = named(bounds, "circulant embedding");
    BOOST_TEST(!embedding.applies);
    BOOST_TEST(embedding.condition.find("not computed: too large") == 0);
    BOOST_TEST(value_of(bounds, "Schur") == 1);
}

BOOST_AUTO_TEST_CASE(a_kernel_of_another_shape_is_refused) {
    const ConvGeometry geometry(ConvSpec{.input = {6}, .kernel = {3}});
    BOOST_CHECK_THROW(norm_bounds(geometry, Tensor<double>({1, 1, 2})), ShapeError);
    const Tensor<double> not_finite({1, 1, 3}, {1, NAN, 1});
    BOOST_CHECK_THROW(norm_bounds(geometry, not_finite), std::invalid_argument);
    throws_fault<ArgumentError>([&] { norm_bounds(geometry, not_finite); },
                                {.parameter = "kernel", .value = "nan", .expected = "a finite number"});
    throws_fault<ArgumentError>([&] { frobenius_norm(geometry, not_finite); },
                                {.parameter = "kernel", .value = "nan", .expected = "a finite number"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace bounds_test
