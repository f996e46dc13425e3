#include <convmat/structure/classes.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <map>

#include <boost/test/unit_test.hpp>

#include "structure/dense_structure.hpp"
#include "structure/likely_layers.hpp"
#include "support/random_layer.hpp"
#include "support/throws_saying.hpp"

namespace classes_test {

using namespace convmat;
using namespace convmat::test;

namespace {

constexpr std::array all_kinds = {Kind::permutation,
                                  Kind::orthogonal_tiling,
                                  Kind::circulant,
                                  Kind::bccb,
                                  Kind::strided_circulant,
                                  Kind::kronecker,
                                  Kind::triangular,
                                  Kind::none,
                                  Kind::toeplitz,
                                  Kind::toeplitz_plus_hankel,
                                  Kind::block_diagonal,
                                  Kind::block_triangular,
                                  Kind::bttb,
                                  Kind::sum_of_kroneckers};

void check_every_fact(const Layer& layer, const Structure& structure) {
    BOOST_TEST(!structure.facts.empty());
    BOOST_TEST(std::ranges::is_sorted(structure.facts, {}, &StructureFact::kind));
    for (const StructureFact& fact : structure.facts)
        BOOST_TEST(holds(layer, structure, fact), fact.name << ": " << fact.reason << "; " << fact.buys);
    for (const Index axis : structure.separable_axes) BOOST_TEST(separates_on(layer, axis), "axis " << axis);
    if (structure.separable_channels) BOOST_TEST(separates_on(layer, -1), "the channels");
}

template <class Visit>
void for_likely_layers(unsigned seed, int count, const Visit& visit) {
    LikelyLayers layers(seed);
    for (Index i = 0; i < test::share(count); ++i) {
        const ConvGeometry g = layers.geometry(1 + i % 4);
        BOOST_TEST_CONTEXT(test::describe(g)) visit(Layer{g, layers.kernel(g)});
    }
}

Structure of(const ConvSpec& spec, const std::vector<double>& weights) {
    const ConvGeometry g(spec);
    return structure_of(g, Tensor<double>(g.kernel_shape(), weights));
}

std::vector<Kind> kinds(const Structure& structure) {
    std::vector<Kind> all;
    for (const StructureFact& fact : structure.facts) all.push_back(fact.kind);
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(classes)

BOOST_AUTO_TEST_CASE(every_class_has_its_name) {
    std::vector<std::string_view> names;
    for (const Kind kind : all_kinds) names.push_back(to_string(kind));
    std::ranges::sort(names);
    BOOST_TEST((std::ranges::adjacent_find(names) == names.end()));
    BOOST_TEST(to_string(Kind::bccb) == "bccb");
    test::throws_saying<ArgumentError>([] { to_string(static_cast<Kind>(99)); }, "99");
}

BOOST_AUTO_TEST_CASE(a_shift_round_a_circle_is_a_permutation_and_a_circulant) {
    const Structure s =
        of({.input = {5}, .kernel = {3}, .padding = {{1, 1}}, .boundary = {Boundary::periodic}}, {0, 0, 1});
    BOOST_TEST((kinds(s) == std::vector{Kind::permutation, Kind::circulant}));
    BOOST_TEST(s.name() == "permutation");
    BOOST_TEST((s.is(Kind::circulant) && !s.is(Kind::toeplitz) && !s.is(Kind::none)));
}

BOOST_AUTO_TEST_CASE(space_to_depth_is_a_permutation) {
    const ConvSpec tiles = {.input = {4, 4}, .kernel = {2, 2}, .out_channels = 4, .stride = {2}};
    std::vector<double> weights(16, 0.0);
    for (std::size_t o = 0; o < 4; ++o) weights[o * 4 + (3 - o)] = 1;
    BOOST_TEST(of(tiles, weights).is(Kind::permutation));
    weights[3] = -1; // still orthogonal
    BOOST_TEST((kinds(of(tiles, weights)) == std::vector{Kind::orthogonal_tiling}));
    BOOST_TEST(of(tiles, weights).name() == "orthogonal tiling");
    weights[3] = 0; // one output is 0
    BOOST_TEST((kinds(of(tiles, weights)) == std::vector{Kind::none}));
}

BOOST_AUTO_TEST_CASE(patches_that_do_not_overlap_are_orthogonal_when_their_weights_are) {
    const ConvSpec haar = {.input = {8}, .kernel = {2}, .out_channels = 2, .stride = {2}};
    const double h = std::sqrt(0.5);
    const Structure s = of(haar, {h, h, h, -h});
    BOOST_TEST((s.kind() == Kind::orthogonal_tiling && s.name() == "orthogonal tiling"));
    BOOST_TEST(of({.input = {8}, .kernel = {2}, .stride = {2}}, {h, h}).name() == "tiling with orthonormal rows");
    BOOST_TEST(of({.input = {9}, .kernel = {2}, .out_channels = 2, .stride = {2}}, {h, h, h, -h}).name() ==
               "tiling with orthonormal rows"); // the last input is never read
    BOOST_TEST(of({.input = {4}, .kernel = {1}, .out_channels = 2}, {h, h}).name() ==
               "tiling with orthonormal columns");
    ConvSpec circle = {
        .input = {6}, .kernel = {2}, .stride = {2}, .padding = {{1, 0}}, .boundary = {Boundary::periodic}};
    BOOST_TEST((kinds(of(circle, {h, h})) == std::vector{Kind::orthogonal_tiling, Kind::strided_circulant}));
    circle.input = {5};
    circle.padding = {{1, 1}}; // the last window meets the first
    BOOST_TEST((kinds(of(circle, {h, h})) == std::vector{Kind::none}));
    BOOST_TEST(!of(haar, {h, h, h, h}).is(Kind::orthogonal_tiling));
    BOOST_TEST(!of(haar, {1, 1, 1, -1}).is(Kind::orthogonal_tiling));
    BOOST_TEST(!of({.input = {8}, .kernel = {2}, .out_channels = 2}, {h, h, h, -h}).is(Kind::orthogonal_tiling));
    BOOST_TEST(!of(haar, {h, h, h, -h + 1e-9}).is(Kind::orthogonal_tiling));
}

BOOST_AUTO_TEST_CASE(a_circle_makes_circulants_and_with_a_stride_rows_of_them) {
    ConvSpec spec = {.input = {6, 4},
                     .kernel = {3, 3},
                     .in_channels = 2,
                     .out_channels = 3,
                     .padding = {{1, 1}},
                     .boundary = {Boundary::periodic}};
    BOOST_TEST(structure_of(ConvGeometry(spec)).name() == "BCCB with 3 x 2 blocks");
    spec.stride = {2, 1};
    const Structure s = structure_of(ConvGeometry(spec));
    BOOST_TEST((s.kind() == Kind::strided_circulant && s.name() == "rows of a BCCB with 3 x 2 blocks"));
    BOOST_TEST(s.facts[0].buys.find("12 blocks of 3 x 4") < s.facts[0].buys.size());
    spec.stride = {4, 1}; // 6 is no multiple of 4
    BOOST_TEST((structure_of(ConvGeometry(spec)).kind() == Kind::none));
    spec.stride = {1, 1};
    spec.boundary = {Boundary::periodic, Boundary::zero};
    BOOST_TEST((kinds(structure_of(ConvGeometry(spec))) == std::vector{Kind::bttb}));
    spec.boundary = {Boundary::periodic, Boundary::whole_symmetric};
    BOOST_TEST((structure_of(ConvGeometry(spec)).kind() == Kind::none));
}

BOOST_AUTO_TEST_CASE(a_mirrored_kernel_on_a_mirrored_image_is_diagonalised_by_cosines) {
    ConvSpec spec = {.input = {6}, .kernel = {5}, .padding = {{2, 2}}, .boundary = {Boundary::half_symmetric}};
    BOOST_TEST((kinds(of(spec, {1, 2, 5, 2, 1})) == std::vector{Kind::toeplitz_plus_hankel}));
    BOOST_TEST((kinds(of(spec, {1, 2, 5, 2, 2})) == std::vector{Kind::none}));
    BOOST_TEST((kinds(structure_of(ConvGeometry(spec))) == std::vector{Kind::none}));
    spec.boundary = {Boundary::replicate}; // reaches two beyond the edge
    BOOST_TEST((kinds(of(spec, {1, 2, 5, 2, 1})) == std::vector{Kind::none}));
    BOOST_TEST((kinds(of(spec, {0, 2, 5, 2, 0})) == std::vector{Kind::toeplitz_plus_hankel}));
    spec = {.input = {6, 4},
            .kernel = {3, 3},
            .padding = {{1, 1}},
            .boundary = {Boundary::periodic, Boundary::half_symmetric}};
    const Structure mixed = of(spec, {1, 2, 1, 0, 4, 0, 3, 7, 3});
    BOOST_TEST((mixed.kind() == Kind::toeplitz_plus_hankel));
    BOOST_TEST(mixed.facts[0].buys.find("DCT-II on axes 1 times the DFT on axes 0") < mixed.facts[0].buys.size());
    BOOST_TEST(!of(spec, {1, 2, 2, 0, 4, 0, 2, 2, 1}).is(Kind::toeplitz_plus_hankel)); // mirrored about its centre only
}

BOOST_AUTO_TEST_CASE(separable_kernels_are_kronecker_products) {
    const ConvSpec plane = {.input = {7, 6}, .kernel = {3, 2}, .stride = {2, 1}, .boundary = {Boundary::replicate}};
    const Structure s = of(plane, {1, 2, 3, 6, -1, -2});
    BOOST_TEST((s.kind() == Kind::kronecker && s.name() == "Kronecker product of 2 factors"));
    BOOST_TEST((s.kronecker_terms == 1 && s.separability_residual == 0));
    const Structure other = of(plane, {1, 2, 3, 6, -1, 2});
    BOOST_TEST((!other.is(Kind::kronecker) && other.kronecker_terms == 2));
    BOOST_TEST(*other.separability_residual > 0.1);
    const ConvSpec line = {.input = {7}, .kernel = {3}};
    BOOST_TEST((kinds(of(line, {1, 2, 3})) == std::vector{Kind::toeplitz})); // one factor is no finding
    BOOST_TEST(of(line, {1, 2, 3}).kronecker_terms == 1);
    const ConvGeometry pointwise({.input = {3, 3}, .kernel = {1, 1}, .in_channels = 3, .out_channels = 2});
    BOOST_TEST((structure_of(pointwise).kind() == Kind::kronecker));
    BOOST_TEST(structure_of(pointwise).name() == "Kronecker product of 3 factors");
}

BOOST_AUTO_TEST_CASE(axes_separate_off_one_by_one) {
    const ConvGeometry g({.input = {4, 4, 4}, .kernel = {2, 2, 2}});
    const Tensor<Integer> middle({1, 1, 2, 2, 2}, {1, 2, 2, 4, 3, 5, 6, 10}); // K[t] = (1, 2)[t_1] (1 2; 3 5)[t_0, t_2]
    const Structure s = structure_of(g, middle);
    BOOST_TEST((s.separable_axes == Shape{1} && s.separable_channels && s.kronecker_terms == 0));
    BOOST_TEST((s.kind() == Kind::kronecker && s.name() == "Kronecker product of 2 factors"));
    BOOST_TEST(s.facts[0].reason.find("axis 1 and one for the rest") < s.facts[0].reason.size());
}

BOOST_AUTO_TEST_CASE(every_group_may_be_a_product_of_its_own) {
    const ConvSpec depthwise = {.input = {4, 4}, .kernel = {2, 2}, .in_channels = 2, .out_channels = 2, .groups = 2};
    const Structure s = of(depthwise, {1, 2, 2, 4, 1, 1, 3, 3});
    BOOST_TEST((s.kind() == Kind::kronecker && s.name() == "in every group a Kronecker product of 2 factors"));
    BOOST_TEST(of(depthwise, {1, 2, 2, 4, 2, 4, 4, 8}).name() == "Kronecker product of 3 factors");
    BOOST_TEST((of(depthwise, {1, 2, 2, 4, 2, 4, 4, 7}).kind() == Kind::block_diagonal));
}

BOOST_AUTO_TEST_CASE(a_kernel_of_low_rank_is_a_sum_of_kronecker_products) {
    std::vector<double> weights;
    for (int i = 0; i < 25; ++i) weights.push_back(i / 5 + i % 5 * 0.1 + 0.3); // rank 2
    const Structure s = of({.input = {8, 8}, .kernel = {5, 5}}, weights);
    BOOST_TEST((kinds(s) == std::vector{Kind::bttb, Kind::sum_of_kroneckers} && s.kronecker_terms == 2));
    weights[12] += 1e-6;
    BOOST_TEST(of({.input = {8, 8}, .kernel = {5, 5}}, weights).kronecker_terms == 3);
    const ConvGeometry g({.input = {8, 8}, .kernel = {5, 5}});
    const Structure loose = structure_of(g, Tensor<double>(g.kernel_shape(), weights), {.tolerance = 1e-3});
    BOOST_TEST((loose.kronecker_terms == 2));
}

BOOST_AUTO_TEST_CASE(integers_are_separable_exactly_or_not) {
    const ConvGeometry g({.input = {4, 4}, .kernel = {2, 2}});
    const Integer most = std::numeric_limits<Integer>::max();
    const auto terms = [&](Integer a, Integer b, Integer c, Integer d) {
        return structure_of(g, Tensor<Integer>(g.kernel_shape(), {a, b, c, d})).kronecker_terms;
    };
    BOOST_TEST(terms(most, most - 1, most, most - 1) == 1);
    BOOST_TEST(terms(most, most - 1, most, most - 2) == 2); // the same in double precision
    BOOST_TEST(terms(std::numeric_limits<Integer>::min(), -1, most, 1) == 2);
}

BOOST_AUTO_TEST_CASE(causal_weights_make_triangles) {
    const ConvGeometry causal({.input = {5}, .kernel = {3}, .padding = {{2, 0}}});
    BOOST_TEST((kinds(structure_of(causal)) == std::vector{Kind::triangular, Kind::toeplitz}));
    BOOST_TEST(structure_of(causal).name() == "lower triangular");
    const ConvSpec plane = {.input = {4, 4}, .kernel = {3, 3}, .padding = {{1, 1}}};
    BOOST_TEST(of(plane, {9, 9, 9, 9, 9, 0, 0, 0, 0}).name() == "lower triangular");
    BOOST_TEST(of(plane, {9, 9, 9, 9, 0, 0, 0, 0, 0}).name() == "strictly lower triangular");
    BOOST_TEST(of(plane, {0, 0, 0, 0, 2, 3, 0, 0, 1}).name() == "upper triangular");
    const Structure diagonal = of(plane, {0, 0, 0, 0, 2, 0, 0, 0, 0});
    BOOST_TEST((kinds(diagonal) == std::vector{Kind::kronecker, Kind::triangular, Kind::bttb}));
    BOOST_TEST(diagonal.facts[1].name == "diagonal");
    BOOST_TEST(!of(plane, {9, 9, 9, 9, 9, 0, 1, 0, 0}).is(Kind::triangular));
    const ConvGeometry strided({.input = {3}, .kernel = {1}, .stride = {2}, .padding = {{0, 2}}}); // as many out as in
    BOOST_TEST((kinds(structure_of(strided)) == std::vector{Kind::none}));
    const ConvGeometry pairs({.input = {5}, .kernel = {2}, .in_channels = 2, .out_channels = 2, .padding = {{1, 0}}});
    BOOST_TEST((kinds(structure_of(pairs)) == std::vector{Kind::block_triangular, Kind::toeplitz}));
    BOOST_TEST(structure_of(pairs).name() == "block lower triangular in 2 x 2 blocks");
}

BOOST_AUTO_TEST_CASE(layers_without_structure_say_so) {
    const ConvGeometry g({.input = {9}, .kernel = {3}, .stride = {2}});
    const Structure s = structure_of(g);
    BOOST_TEST((kinds(s) == std::vector{Kind::none} && s.name() == "none" && s.facts[0].buys.empty()));
    BOOST_TEST((s.kronecker_terms == 1 && s.separability_residual == 0)); // one axis is a product, whatever the weights
    const Structure zero = structure_of(g, Tensor<double>(g.kernel_shape()));
    BOOST_TEST((zero.kind() == Kind::none));
    BOOST_TEST(zero.facts[0].reason == "no weight touches it: W = 0");
    const ConvGeometry outside({.input = {1}, .kernel = {1}, .padding = {{1, -1}}});
    BOOST_TEST(structure_of(outside).facts[0].reason == "no weight touches it: W = 0");
}

BOOST_AUTO_TEST_CASE(weights_that_are_not_finite_claim_nothing_by_their_values) {
    const double nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
    const ConvSpec plane = {.input = {4, 4}, .kernel = {2, 2}, .stride = {2}, .boundary = {Boundary::replicate}};
    for (const double bad : {nan, infinite}) {
        const Structure s = of(plane, {bad, bad, bad, bad});
        BOOST_TEST((s.kind() == Kind::none && s.kronecker_terms == 0 && !s.separability_residual));
    }
}

BOOST_AUTO_TEST_CASE(all_scalars_see_the_same_structure) {
    const ConvGeometry g(
        {.input = {4, 4}, .kernel = {3, 3}, .padding = {{1, 1}}, .boundary = {Boundary::half_symmetric}});
    const std::vector<double> weights = {1, 2, 1, 2, 4, 2, 1, 2, 1};
    const auto kinds_for = [&]<class S>(S scale) {
        Tensor<S> kernel(g.kernel_shape());
        for (Index i = 0; i < 9; ++i)
            kernel[i] =
                scale *
                static_cast<S>(static_cast<typename Eigen::NumTraits<S>::Real>(weights[static_cast<std::size_t>(i)]));
        return kinds(structure_of(g, kernel));
    };
    const std::vector expected = {Kind::toeplitz_plus_hankel, Kind::kronecker};
    BOOST_TEST((kinds_for(Integer{3}) == expected));
    BOOST_TEST((kinds_for(0.1F) == expected && kinds_for(0.1) == expected));
    BOOST_TEST((kinds_for(std::complex<float>(0.1F, 0.7F)) == expected));
    BOOST_TEST((kinds_for(std::complex<double>(0.1, 0.7)) == expected));
}

BOOST_AUTO_TEST_CASE(rounded_products_are_separable_with_the_tolerance_of_their_scalar) {
    const ConvGeometry g({.input = {9, 9}, .kernel = {5, 5}});
    Tensor<float> kernel(g.kernel_shape());
    for (Index i = 0; i < 25; ++i) {
        const auto bell = [](Index t) { return std::exp(-static_cast<double>((t - 2) * (t - 2)) / 3); };
        kernel[i] = static_cast<float>(bell(i / 5) * bell(i % 5));
    }
    const Structure s = structure_of(g, kernel);
    BOOST_TEST((s.kind() == Kind::kronecker && *s.separability_residual > 1e-9 && *s.separability_residual < 1e-6));
    BOOST_TEST((structure_of(g, kernel, {.tolerance = 1e-12}).kind() == Kind::bttb));
}

BOOST_AUTO_TEST_CASE(rounding_adds_nothing_to_the_rank_of_a_kernel) {
    const ConvGeometry g({.input = {70, 70}, .kernel = {60, 60}});
    Tensor<double> kernel(g.kernel_shape()); // of rank 2, each entry rounded
    for (Index i = 0; i < kernel.size(); ++i) {
        const auto row = static_cast<double>(i / 60), col = static_cast<double>(i % 60);
        kernel[i] = std::sin(row) * std::cos(col) + std::cos(row / 7) * std::sin(col / 3);
    }
    BOOST_TEST(structure_of(g, kernel, {.tolerance = 1e-17}).kronecker_terms == 2);
}

BOOST_AUTO_TEST_CASE(a_kernel_of_another_layer_is_refused) {
    const ConvGeometry g({.input = {4}, .kernel = {2}});
    test::throws_saying<ShapeError>(
        [&] {
            structure_of(g, Tensor<double>({1, 1, 3}));
        },
        "structure_of: kernel has shape 1x1x3, expected 1x1x2");
}

BOOST_AUTO_TEST_CASE(long_axes_cost_nothing) {
    const ConvGeometry g({.input = {Index{1} << 28, Index{1} << 28}, .kernel = {3, 3}, .padding = {{1, 1}}});
    Tensor<double> kernel(g.kernel_shape());
    kernel[4] = 1;
    BOOST_TEST((structure_of(g, kernel).kind() == Kind::orthogonal_tiling)); // too long to be searched for permutations
    BOOST_TEST((structure_of(g).kind() == Kind::bttb));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(classes_of_random_layers)

BOOST_AUTO_TEST_CASE(what_is_said_of_a_layer_holds_in_its_matrix) {
    std::map<Kind, int> met;
    for_likely_layers(1, 3000, [&](const Layer& layer) {
        const Structure structure = structure_of(layer.geometry, layer.kernel);
        for (const Kind kind : kinds(structure)) ++met[kind];
        check_every_fact(layer, structure);
    });
    for (const Kind kind : all_kinds)
        if (kind != Kind::sum_of_kroneckers)
            BOOST_TEST(met[kind] >= test::share_of_found(30), to_string(kind) << ": met " << met[kind]);
}

BOOST_AUTO_TEST_CASE(what_is_said_of_any_layer_holds_in_its_matrix) {
    test::RandomLayers layers(2);
    for (Index i = 0; i < test::share(800); ++i) {
        const ConvGeometry g = layers.geometry(1 + i % 4);
        if (g.rows() * g.cols() > most_entries) continue;
        const Layer layer{g, layers.integers<Integer>(g.kernel_shape())};
        BOOST_TEST_CONTEXT(test::describe(g)) check_every_fact(layer, structure_of(g, layer.kernel));
    }
}

BOOST_AUTO_TEST_CASE(what_is_said_of_every_kernel_holds_of_each) {
    for_likely_layers(3, 1000, [](const Layer& layer) {
        const Structure any = structure_of(layer.geometry);
        check_every_fact(layer, any);
        Tensor<Integer> full = layer.kernel;
        for (Integer& value : full.values())
            if (value == 0) value = 7;
        const Structure with_values = structure_of(layer.geometry, full);
        for (const Kind kind : kinds(any))
            if (kind != Kind::none) BOOST_TEST(with_values.is(kind), to_string(kind));
        check_every_fact({layer.geometry, full}, with_values);
    });
}

BOOST_AUTO_TEST_CASE(permutations_by_one_weight_a_channel_are_all_found) {
    LikelyLayers layers(4);
    int found = 0;
    for (Index i = 0; i < test::share(3000); ++i) {
        const ConvGeometry g = layers.geometry(1 + i % 3);
        const Layer layer{g, layers.one_a_channel(g)};
        const bool claimed = structure_of(g, layer.kernel).is(Kind::permutation);
        BOOST_TEST_CONTEXT(test::describe(g)) BOOST_TEST(claimed == is_permutation(layer));
        found += claimed ? 1 : 0;
    }
    BOOST_TEST(found >= test::share_of_found(50));
}

BOOST_AUTO_TEST_CASE(triangles_between_zeros_are_all_found) {
    int found = 0;
    for_likely_layers(5, 3000, [&](const Layer& layer) {
        const ConvGeometry& g = layer.geometry;
        const auto same = [](const Axis& a) {
            return a.boundary == Boundary::zero && a.stride == 1 && a.input == a.output;
        };
        if (!std::ranges::all_of(g.axes(), same) || g.rows() == g.groups() || layer.w.isZero(0)) return;
        if (g.rows() != g.cols() || g.in_channels() != g.groups()) return;
        const bool claimed = structure_of(g, layer.kernel).is(Kind::triangular);
        BOOST_TEST(claimed == is_triangular(layer.w));
        found += claimed ? 1 : 0;
    });
    BOOST_TEST(found >= test::share_of_found(20));
}

// Extents of at least 5, so that nothing is what it is by accident.
BOOST_AUTO_TEST_CASE(shift_invariance_is_found_wherever_it_is) {
    test::RandomLayers layers(6);
    int toeplitz = 0, others = 0;
    for (Index i = 0; i < test::share(6000); ++i) {
        const ConvGeometry g = layers.geometry(1 + i % 2);
        const auto large = [](const Axis& a) {
            return a.input >= 5 && a.output >= 5 && a.input >= a.effective_kernel();
        };
        if (!std::ranges::all_of(g.axes(), large) || g.rows() * g.cols() > most_entries) continue;
        Layer layer{g, Tensor<Integer>(g.kernel_shape())};
        for (Integer& value : layer.kernel.values()) value = layers.between(1, 9);
        layer.w = Matrix(kernel2matrix(g, layer.kernel));
        const Structure s = structure_of(g, layer.kernel);
        const bool circulant = s.is(Kind::circulant) || s.is(Kind::bccb);
        const bool claimed = circulant || s.is(Kind::toeplitz) || s.is(Kind::bttb);
        BOOST_TEST_CONTEXT(test::describe(g)) {
            BOOST_TEST(claimed == is_toeplitz(layer));
            if (std::ranges::any_of(g.axes(), [](const Axis& a) { return a.boundary == Boundary::periodic; }))
                BOOST_TEST(circulant == is_circulant(layer));
        }
        ++(claimed ? toeplitz : others);
    }
    BOOST_TEST((toeplitz >= test::share_of_found(20) && others >= test::share_of_found(100)),
               toeplitz << " and " << others);
}

// Without padding every tap stands alone in W, so that W separates on an axis only if the kernel does.
BOOST_AUTO_TEST_CASE(axes_that_do_not_separate_are_not_said_to) {
    LikelyLayers layers(7);
    for (Index i = 0; i < test::share(1000); ++i) {
        ConvSpec spec;
        spec.in_channels = layers.between(1, 2);
        spec.out_channels = layers.between(1, 2);
        for (Index j = 0; j < 1 + i % 3; ++j) {
            spec.input.push_back(layers.between(3, 5));
            spec.kernel.push_back(layers.between(1, 3));
            spec.stride.push_back(layers.between(1, 2));
        }
        const ConvGeometry g(spec);
        const Layer layer{g, layers.kernel(g)};
        const Structure s = structure_of(g, layer.kernel);
        if (s.facts[0].reason.find("W = 0") < s.facts[0].reason.size()) continue;
        BOOST_TEST_CONTEXT(test::describe(g)) {
            BOOST_TEST(s.separable_channels == separates_on(layer, -1));
            for (Index j = 0; j < g.rank(); ++j)
                BOOST_TEST((std::ranges::count(s.separable_axes, j) == 1) == separates_on(layer, j));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace classes_test
