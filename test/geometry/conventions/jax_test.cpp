#include <convmat/geometry/conventions/jax.hpp>

#include <boost/test/unit_test.hpp>

#include "support/conventions.hpp"

namespace jax_test {

namespace {

using namespace convmat;
using test::applied;
using test::counting;
using test::Integers;
using Pairs = std::vector<Padding>;

const Integers x({1, 3}, {1, 10, 100});
const Integers kernel({3}, {1, 2, 3});

// 1 0 10 0 100 between its padding, correlated with 1 2 3.
Integers written(const JaxConvTranspose& layer) { return applied(from_jax(layer), kernel.reshaped({3, 1, 1}), x); }

} // namespace

BOOST_AUTO_TEST_CASE(jax_lhs_dilation_is_a_transposed_convolution_with_the_kernel_flipped) {
    JaxConv layer = {.input = {3}, .kernel = {3}, .padding = Pairs{{1, 2}}, .lhs_dilation = {2}};
    const ConventionLayer read = from_jax(layer);
    BOOST_TEST((read.form == Form::transpose));
    BOOST_TEST((read.geometry.axis(0).padding == Padding{1, 0}));
    BOOST_TEST((applied(read, kernel.reshaped({1, 1, 3}), x) == Integers({1, 6}, {2, 31, 20, 310, 200, 100})));
    layer.padding = Pairs{{-1, 0}};
    BOOST_TEST((applied(from_jax(layer), kernel.reshaped({1, 1, 3}), x) == Integers({1, 2}, {20, 310})));
}

BOOST_AUTO_TEST_CASE(jax_lhs_dilation_with_strides_or_named_padding_is_refused) {
    JaxConv layer = {.input = {3, 3},
                     .kernel = {2, 2},
                     .window_strides = {1, 2},
                     .padding = Pairs{{1, 1}, {1, 1}},
                     .lhs_dilation = {2, 1}};
    BOOST_CHECK_THROW(from_jax(layer), GeometryError);
    layer.window_strides = {};
    BOOST_TEST((from_jax(layer).output_shape() == Shape{1, 6, 4}));
    layer.padding = JaxPadding::same;
    BOOST_CHECK_THROW(from_jax(layer), GeometryError);
}

// By JAX's definition: the dilated input, padded, and every s-th window of it.
Integers by_definition(const JaxConv& layer, const Integers& rhs, const Integers& lhs) {
    const Index n = layer.input[0], l = layer.lhs_dilation[0], s = layer.window_strides[0], d = layer.rhs_dilation[0];
    const Index k = layer.kernel[0], low = std::get<PerAxis<Padding>>(layer.padding)[0].begin;
    const Index padded = (n - 1) * l + 1 + low + std::get<PerAxis<Padding>>(layer.padding)[0].end;
    const Index m = (padded - d * (k - 1) - 1) / s + 1;
    const Index groups = layer.feature_group_count, inputs = layer.in_features / groups;
    Integers y({layer.out_features, m});
    for (Index o = 0; o < layer.out_features; ++o)
        for (Index u = 0; u < m; ++u)
            for (Index c = 0; c < inputs; ++c)
                for (Index t = 0; t < k; ++t) {
                    const Index q = s * u + d * t - low;
                    if (q < 0 || q > (n - 1) * l || q % l != 0) continue;
                    y(o, u) += rhs(o, c, t) * lhs(o / (layer.out_features / groups) * inputs + c, q / l);
                }
    return y;
}

BOOST_AUTO_TEST_CASE(u10_jax_lhs_dilation_and_strides_are_a_product_of_two_layers) {
    for (Index l = 1; l <= 3; ++l)
        for (Index s = 1; s <= 3; ++s)
            for (Index d = 1; d <= 2; ++d)
                for (const Padding padding : {Padding{0, 0}, Padding{2, 1}, Padding{-1, 3}}) {
                    const JaxConv layer = {.input = 5,
                                           .in_features = 4,
                                           .out_features = 2,
                                           .kernel = 2,
                                           .window_strides = s,
                                           .padding = PerAxis<Padding>(padding),
                                           .lhs_dilation = l,
                                           .rhs_dilation = d,
                                           .feature_group_count = 2};
                    const Integers rhs = counting({2, 2, 2}), lhs = counting({4, 5});
                    const JaxProduct product = product_from_jax(layer);
                    Integers spread(product.spread.input_shape());
                    spread.vec() =
                        kernel2matrix_transpose(product.spread, test::ones(product.spread.kernel_shape())) * lhs.vec();
                    const Integers y = applied(product.layer, rhs, spread);
                    BOOST_TEST((y == by_definition(layer, rhs, lhs)), "L " << l << " s " << s << " d " << d);
                    if (l == 1 || s == 1) BOOST_TEST((applied(from_jax(layer), rhs, lhs) == y));
                }
    BOOST_CHECK_THROW(product_from_jax({.input = 5, .kernel = 2, .padding = JaxPadding::same, .lhs_dilation = 2}),
                      GeometryError);
}

BOOST_AUTO_TEST_CASE(jax_groups_of_a_transposed_convolution_swap_their_channels) {
    const auto layer = from_jax(JaxConv{.input = {1},
                                        .in_features = 4,
                                        .out_features = 2,
                                        .kernel = {1},
                                        .padding = Pairs{{0, 1}},
                                        .lhs_dilation = {2},
                                        .feature_group_count = 2});
    const Integers rhs({2, 2, 1}, {1, 2, 3, 4}); // (O, I/g, k)
    BOOST_TEST((applied(layer, rhs, Integers({4, 1}, {1, 10, 100, 1000})) == Integers({2, 2}, {21, 0, 4300, 0})));
}

BOOST_AUTO_TEST_CASE(jax_padding_by_name_puts_the_odd_position_at_either_end) {
    const auto padding = [](JaxPadding name) {
        return from_jax(JaxConv{.input = {5}, .kernel = {2}, .padding = name}).geometry.axis(0).padding;
    };
    BOOST_TEST((padding(JaxPadding::same) == Padding{0, 1}));
    BOOST_TEST((padding(JaxPadding::same_lower) == Padding{1, 0}));
    BOOST_TEST((padding(JaxPadding::valid) == Padding{0, 0}));
}

// SAME of k = 3, s = 2 pads the dilated input by (2, 1), VALID by (2, 2).
BOOST_AUTO_TEST_CASE(jax_conv_transpose_does_not_flip_its_kernel_unless_told) {
    JaxConvTranspose layer = {.input = {3}, .kernel = {3}, .strides = {2}, .padding = JaxPadding::same};
    BOOST_TEST((written(layer) == Integers({1, 6}, {3, 2, 31, 20, 310, 200})));
    layer.transpose_kernel = true;
    BOOST_TEST((written(layer) == Integers({1, 6}, {1, 2, 13, 20, 130, 200})));
    layer.padding = JaxPadding::valid;
    BOOST_TEST((written(layer) == Integers({1, 7}, {1, 2, 13, 20, 130, 200, 300})));
}

BOOST_AUTO_TEST_CASE(jax_conv_transpose_pairs_pad_the_dilated_input_unless_told) {
    JaxConvTranspose layer = {.input = {3}, .kernel = {3}, .strides = {2}, .padding = Pairs{{1, 0}}};
    BOOST_TEST((written(layer) == Integers({1, 4}, {2, 31, 20, 310})));
    layer.use_consistent_padding = true; // the forward convolution's: (2 - 1, 2 - 0)
    BOOST_TEST((written(layer) == Integers({1, 6}, {2, 31, 20, 310, 200, 100})));
}

BOOST_AUTO_TEST_CASE(jax_conv_transpose_swaps_the_channels_of_a_transposed_kernel) {
    JaxConvTranspose layer = {.input = {1}, .in_features = 2, .out_features = 3, .kernel = {1}};
    BOOST_TEST((from_jax(layer).weights.shape == Shape{1, 2, 3}));
    layer.transpose_kernel = true;
    BOOST_TEST((from_jax(layer).weights.shape == Shape{1, 3, 2}));
    const Integers rhs({1, 3, 2}, {1, 2, 3, 4, 5, 6});
    BOOST_TEST((applied(from_jax(layer), rhs, Integers({2, 1}, {1, 10})) == Integers({3, 1}, {21, 43, 65})));
}

BOOST_AUTO_TEST_CASE(jax_rhs_spec_names_the_axes) {
    JaxConv layer = {.input = {4, 4}, .in_features = 2, .out_features = 3, .kernel = {2, 3}, .rhs_spec = "HOWI"};
    const ConventionLayer read = from_jax(layer);
    BOOST_TEST((read.weights.shape == Shape{2, 3, 3, 2}));
    BOOST_TEST(
        (read.weights.to_convmat(counting({2, 3, 3, 2})) == permute_axes(counting({2, 3, 3, 2}), Shape{1, 3, 0, 2})));
    for (const char* spec : {"OIH", "OIHH", "OOHW", "HWXI", "OIHWD"}) {
        layer.rhs_spec = spec;
        BOOST_CHECK_THROW(from_jax(layer), GeometryError);
    }
}

} // namespace jax_test
