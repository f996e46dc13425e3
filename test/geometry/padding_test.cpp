#include <convmat/geometry/padding.hpp>

#include <limits>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>
#include <convmat/base/tensor.hpp>
#include <convmat/reference/loops.hpp>

#include "support/throws_saying.hpp"

namespace padding_test {

namespace {

using namespace convmat;
using test::throws_saying;
using enum SameConvention;

using Pads = std::vector<Padding>;
using Values = std::vector<std::int64_t>;

// The true convolution of two lines, padded by `padding` of a spec: the correlation with the flipped kernel.
Values true_convolution(const Values& x, Values kernel, SameConvention convention) {
    std::ranges::reverse(kernel);
    const auto n = static_cast<Index>(x.size());
    const auto k = static_cast<Index>(kernel.size());
    ConvSpec spec = {.input = {n}, .kernel = {k}};
    spec.padding = same_padding(spec, convention);
    const auto y = reference::convolve(ConvGeometry(spec), Tensor<std::int64_t>({1, 1, k}, kernel),
                                       Tensor<std::int64_t>({1, n}, x));
    return {y.values().begin(), y.values().end()};
}

Pads same(Index n, Index k, Index s, Index d, SameConvention convention = extra_at_end) {
    return same_padding(ConvSpec{.input = {n}, .kernel = {k}, .stride = {s}, .dilation = {d}}, convention);
}

} // namespace

BOOST_AUTO_TEST_CASE(valid_padding_is_none) {
    BOOST_TEST((valid_padding(ConvSpec{.input = {9, 8}, .kernel = {3, 2}}) == Pads{{0, 0}, {0, 0}}));
    BOOST_TEST((valid_padding(TransposedSpec{.input = {9}, .kernel = {3}}) == Pads{{0, 0}}));
}

BOOST_AUTO_TEST_CASE(full_padding_lets_every_tap_reach_every_input) {
    ConvSpec spec = {.input = {9, 8}, .kernel = {3, 2}, .dilation = {1, 4}};
    spec.padding = full_padding(spec);
    BOOST_TEST((spec.padding == Pads{{2, 2}, {4, 4}}));
    BOOST_TEST((ConvGeometry(spec).output_shape() == Shape{1, 11, 12})); // n + k_eff - 1
    BOOST_TEST((full_padding(ConvSpec{.input = {9}, .kernel = {1}}) == Pads{{0, 0}}));
    BOOST_TEST((full_padding(TransposedSpec{.input = {9}, .kernel = {3}, .dilation = {2}}) == Pads{{4, 4}}));
}

BOOST_AUTO_TEST_CASE(same_padding_of_an_odd_kernel_is_even) {
    for (const SameConvention convention : {extra_at_end, extra_at_begin}) {
        BOOST_TEST((same(8, 1, 1, 1, convention) == Pads{{0, 0}}));
        BOOST_TEST((same(8, 3, 1, 1, convention) == Pads{{1, 1}}));
        BOOST_TEST((same(8, 3, 1, 2, convention) == Pads{{2, 2}}));
        BOOST_TEST((same(8, 7, 1, 1, convention) == Pads{{3, 3}}));
    }
}

BOOST_AUTO_TEST_CASE(same_padding_of_an_even_kernel_has_one_more_where_the_convention_says) {
    BOOST_TEST((same(8, 2, 1, 1) == Pads{{0, 1}})); // SAME_UPPER, TensorFlow, PyTorch
    BOOST_TEST((same(8, 4, 1, 1) == Pads{{1, 2}}));
    BOOST_TEST((same(8, 2, 1, 3) == Pads{{1, 2}}));                 // k_eff = 4
    BOOST_TEST((same(8, 2, 1, 1, extra_at_begin) == Pads{{1, 0}})); // SAME_LOWER
    BOOST_TEST((same(8, 4, 1, 1, extra_at_begin) == Pads{{2, 1}}));
    BOOST_TEST((same(8, 2, 1, 3, extra_at_begin) == Pads{{2, 1}}));
}

BOOST_AUTO_TEST_CASE(same_padding_of_a_strided_layer_depends_on_the_input) {
    BOOST_TEST((same(5, 3, 2, 1) == Pads{{1, 1}})); // 2*2 + 3 - 5 = 2
    BOOST_TEST((same(6, 3, 2, 1) == Pads{{0, 1}})); // 2*2 + 3 - 6 = 1
    BOOST_TEST((same(6, 3, 2, 1, extra_at_begin) == Pads{{1, 0}}));
    BOOST_TEST((same(224, 7, 2, 1) == Pads{{2, 3}})); // 111*2 + 7 - 224 = 5
    BOOST_TEST((same(224, 3, 2, 1) == Pads{{0, 1}}));
    BOOST_TEST((same(224, 3, 2, 1, extra_at_begin) == Pads{{1, 0}}));
    BOOST_TEST((same(8, 1, 3, 1) == Pads{{0, 0}})); // 2*3 + 1 - 8 < 0
}

BOOST_AUTO_TEST_CASE(same_padding_gives_the_input_divided_by_the_stride_rounded_up) {
    for (Index n = 1; n <= 12; ++n)
        for (Index k = 1; k <= 5; ++k)
            for (Index s = 1; s <= 5; ++s)
                for (Index d = 1; d <= 3; ++d)
                    for (const SameConvention convention : {extra_at_end, extra_at_begin}) {
                        const Pads padding = same(n, k, s, d, convention);
                        const ConvGeometry geometry(
                            {.input = {n}, .kernel = {k}, .stride = {s}, .dilation = {d}, .padding = padding});
                        const Index extra = padding[0].end - padding[0].begin;
                        BOOST_TEST_CONTEXT("n=" << n << " k=" << k << " s=" << s << " d=" << d) {
                            BOOST_TEST(geometry.axis(0).output == (n + s - 1) / s);
                            BOOST_TEST((extra == 0 || extra == (convention == extra_at_end ? 1 : -1)));
                            // No more than is needed: without its last position a window would be lost.
                            if (padding[0].begin + padding[0].end > 0) BOOST_TEST(geometry.axis(0).remainder() == 0);
                        }
                    }
}

// conv([1 2 3 4], [1 10 100 1000]) = 1 12 123 1234 2340 3400 4000.
BOOST_AUTO_TEST_CASE(matlabs_same_starts_at_half_the_kernel_and_scipys_one_before_if_that_is_even) {
    const Values x = {1, 2, 3, 4};
    const Values even = {1, 10, 100, 1000};
    BOOST_TEST((true_convolution(x, even, extra_at_end) == Values{123, 1234, 2340, 3400})); // MATLAB, from 2
    BOOST_TEST((true_convolution(x, even, extra_at_begin) == Values{12, 123, 1234, 2340})); // SciPy, from 1

    const Values odd = {1, 10, 100}; // in full 1 12 123 234 340 400
    BOOST_TEST((true_convolution(x, odd, extra_at_end) == Values{12, 123, 234, 340}));
    BOOST_TEST((true_convolution(x, odd, extra_at_begin) == Values{12, 123, 234, 340}));

    const Values pair = {1, 10}; // in full 1 12 23 34 40
    BOOST_TEST((true_convolution(x, pair, extra_at_end) == Values{12, 23, 34, 40}));
    BOOST_TEST((true_convolution(x, pair, extra_at_begin) == Values{1, 12, 23, 34}));
}

BOOST_AUTO_TEST_CASE(a_transposed_layers_same_padding_multiplies_its_input_by_the_stride) {
    for (Index m = 1; m <= 5; ++m)
        for (Index k = 1; k <= 5; ++k)
            for (Index s = 1; s <= 4; ++s)
                for (Index d = 1; d <= 3; ++d)
                    for (const SameConvention convention : {extra_at_end, extra_at_begin}) {
                        TransposedSpec spec = {.input = {m}, .kernel = {k}, .stride = {s}, .dilation = {d}};
                        spec.padding = same_padding(spec, convention);
                        const Index reach = d * (k - 1) + 1;
                        if (reach < s) spec.output_size = {s * m};
                        const Index extra = spec.padding[0].end - spec.padding[0].begin;
                        BOOST_TEST_CONTEXT("m=" << m << " k=" << k << " s=" << s << " d=" << d) {
                            BOOST_TEST(ConvGeometry::from_transposed(spec).axis(0).input == s * m);
                            BOOST_TEST((extra == 0 || extra == (convention == extra_at_end ? 1 : -1)));
                        }
                    }
}

BOOST_AUTO_TEST_CASE(a_transposed_layers_odd_position_follows_the_convention) {
    const TransposedSpec spec = {.input = {3, 3}, .kernel = {3, 4}, .stride = {2, 1}};
    BOOST_TEST((same_padding(spec) == Pads{{0, 1}, {1, 2}})); // 3 - 2 and 4 - 1
    BOOST_TEST((same_padding(spec, extra_at_begin) == Pads{{1, 0}, {2, 1}}));
}

BOOST_AUTO_TEST_CASE(paddings_of_bad_specs_are_refused_as_the_geometry_would) {
    constexpr Index most = std::numeric_limits<Index>::max();
    const ConvSpec good = {.input = {5}, .kernel = {3}};
    const auto with = [&](auto change) {
        ConvSpec spec = good;
        change(spec);
        return spec;
    };
    const ConvSpec no_kernel = with([](ConvSpec& spec) { spec.kernel = {0}; });
    const ConvSpec ranks = with([](ConvSpec& spec) { spec.kernel = {3, 3}; });
    const ConvSpec dilation = with([](ConvSpec& spec) { spec.dilation = {0}; });
    throws_saying<GeometryError>([&] { same_padding(no_kernel); }, "kernel extent is 0 on axis 0");
    throws_saying<GeometryError>([&] { full_padding(no_kernel); }, "kernel extent is 0 on axis 0");
    throws_saying<GeometryError>([&] { same_padding(ranks); }, "input 5 has 1 spatial axes but kernel 3x3 has 2");
    throws_saying<GeometryError>([&] { full_padding(ranks); }, "input 5 has 1 spatial axes but kernel 3x3 has 2");
    throws_saying<GeometryError>([&] { valid_padding(ranks); }, "input 5 has 1 spatial axes but kernel 3x3 has 2");
    throws_saying<GeometryError>([&] { full_padding(dilation); }, "dilation is 0 on axis 0");
    throws_saying<GeometryError>([&] { same_padding(with([](ConvSpec& spec) { spec.stride = {0}; })); },
                                 "stride is 0 on axis 0");
    throws_saying<GeometryError>([&] { same_padding(with([](ConvSpec& spec) { spec.input = {0}; })); },
                                 "input extent is 0 on axis 0");
    throws_saying<GeometryError>([&] { same_padding(with([](ConvSpec& spec) {
                                           spec.stride = {1, 2};
                                       })); },
                                 "stride has 2 values, expected 1 or 1");
    throws_saying<SizeError>([&] { full_padding(with([](ConvSpec& spec) { spec.dilation = {most}; })); },
                             "effective kernel extent");
    throws_saying<GeometryError>([] { same_padding(TransposedSpec{.input = {5}, .kernel = {3}, .stride = {-1}}); },
                                 "stride is -1 on axis 0");
}

} // namespace padding_test
