#include <convmat/structure/kernels.hpp>

#include <array>
#include <complex>
#include <limits>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "factor_support.hpp"
#include "support/throws_saying.hpp"

namespace kernels_test {

using namespace convmat;
using namespace convmat::test;

namespace {

constexpr Index most = std::numeric_limits<Index>::max();

} // namespace

BOOST_AUTO_TEST_SUITE(kernels)

BOOST_AUTO_TEST_CASE(kernels_are_flipped_swapped_and_conjugated) {
    const Tensor<Integer> kernel = counting({2, 1, 2, 2});
    BOOST_TEST((spatial_extents(kernel) == Shape{2, 2}));
    BOOST_TEST((flipped(kernel) == Tensor<Integer>({2, 1, 2, 2}, {4, 3, 2, 1, 8, 7, 6, 5})));
    BOOST_TEST((channels_swapped(kernel, 1) == kernel.reshaped({1, 2, 2, 2})));
    BOOST_TEST((channels_swapped(kernel, 2) == kernel));
    const Tensor<Integer> two_by_two = counting({2, 2, 1});
    BOOST_TEST((channels_swapped(two_by_two, 1) == Tensor<Integer>({2, 2, 1}, {1, 3, 2, 4})));
    BOOST_TEST((channels_swapped(counting({4, 1, 1}), 2) == Tensor<Integer>({2, 2, 1}, {1, 2, 3, 4})));
    using Complex = std::complex<double>;
    BOOST_TEST((conjugated(Tensor<Complex>({1}, {Complex(1, 2)})) == Tensor<Complex>({1}, {Complex(1, -2)})));
    BOOST_TEST((conjugated(kernel) == kernel));
}

BOOST_AUTO_TEST_CASE(ungrouping_puts_zeros_between_groups) {
    BOOST_TEST((ungrouped(counting({2, 1, 2}), 2) == Tensor<Integer>({2, 2, 2}, {1, 2, 0, 0, 0, 0, 3, 4})));
    BOOST_TEST((ungrouped(counting({2, 1, 2}), 1) == counting({2, 1, 2})));
}

BOOST_AUTO_TEST_CASE(dilation_inserts_zeros_and_phases_take_them_out) {
    const Tensor<Integer> kernel = counting({1, 1, 2, 2});
    const Tensor<Integer> wide = dilated(kernel, {1, 2});
    BOOST_TEST((wide == Tensor<Integer>({1, 1, 2, 3}, {1, 0, 2, 3, 0, 4})));
    BOOST_TEST((every(wide, {1, 2}, {0, 0}) == kernel));
    BOOST_TEST((every(wide, {2, 2}, {1, 1}) == Tensor<Integer>({1, 1, 1, 1}, {0})));
    BOOST_TEST((every(counting({1, 1, 5}), {2}, {1}) == Tensor<Integer>({1, 1, 2}, {2, 4})));
    BOOST_TEST((every(counting({1, 1, 2}), {3}, {2}).shape() == Shape{1, 1, 0}));
}

BOOST_AUTO_TEST_CASE(composed_kernels_are_products_of_polynomials) {
    const Tensor<Integer> a({1, 1, 2}, {1, 2}), b({1, 1, 3}, {1, 0, 3});
    BOOST_TEST((composed(a, b) == Tensor<Integer>({1, 1, 4}, {1, 2, 3, 6})));
    const Tensor<Integer> up({2, 1, 1}, {2, 3}), down({1, 2, 1}, {5, 7}); // 1 -> 2 -> 1 channels
    BOOST_TEST((composed(up, down) == Tensor<Integer>({1, 1, 1}, {31})));
    BOOST_TEST((composed(down, up) == Tensor<Integer>({2, 2, 1}, {10, 14, 15, 21})));
}

BOOST_AUTO_TEST_CASE(weights_are_matrices) {
    const ConvGeometry g({.input = {4}, .kernel = {2}, .in_channels = 2, .out_channels = 2, .groups = 2});
    const Tensor<Integer> kernel = counting({2, 1, 2});
    BOOST_TEST(is(kernel_tap(g, kernel, 1), Matrix{{2, 0}, {0, 4}}));
    BOOST_TEST(is(kernel_matrix(g, kernel), Matrix{{1, 2, 0, 0}, {0, 0, 3, 4}}));
    const std::array<Integer, 4> values = {1, 0, 0, 2};
    const auto matrix = sparse_from<Integer>(values, 2, 2);
    BOOST_TEST(is(matrix, Matrix{{1, 0}, {0, 2}}));
    BOOST_TEST(matrix.nonZeros() == 2);
    BOOST_TEST(kernel_tap(g, Tensor<Integer>({2, 1, 2}, {1, 0, 3, 4}), 1).nonZeros() == 1);
}

BOOST_AUTO_TEST_CASE(taps_and_rows_of_groups_are_those_of_the_kernel_as_one_group) {
    for_random_layers(6, [](const ConvGeometry& g, const Tensor<Integer>& kernel) {
        const Tensor<Integer> all = ungrouped(kernel, g.groups());
        BOOST_TEST(same(kernel_matrix(g, kernel),
                        sparse_from<Integer>(all.values(), g.out_channels(), g.in_channels() * g.kernel_size())));
        const Index t = g.kernel_size() - 1;
        std::vector<Integer> values;
        for (Index i = t; i < all.size(); i += g.kernel_size()) values.push_back(all[i]);
        BOOST_TEST(same(kernel_tap(g, kernel, t), sparse_from<Integer>(values, g.out_channels(), g.in_channels())));
    });
}

BOOST_AUTO_TEST_CASE(weights_of_another_layer_are_refused) {
    const ConvGeometry g({.input = {4}, .kernel = {2}, .in_channels = 2, .out_channels = 2});
    const auto small = counting({2, 1, 2}), kernel = counting({2, 2, 2});
    test::throws_saying<ShapeError>([&] { kernel_tap(g, small, 0); },
                                    "kernel_tap: kernel has shape 2x1x2, expected 2x2x2");
    test::throws_saying<ShapeError>([&] { kernel_matrix(g, small); }, "kernel_matrix: kernel has shape 2x1x2");
    test::throws_saying<ShapeError>([&] { kernel_tap(g, kernel, 2); }, "kernel_tap: tap 2, expected 0 to 1");
    test::throws_saying<ShapeError>([&] { kernel_tap(g, kernel, -1); }, "kernel_tap: tap -1");
    test::throws_saying<ShapeError>([&] { sparse_from<Integer>(kernel.values(), 3, 3); }, "8 values for a 3x3 matrix");
    test::throws_saying<ShapeError>([&] { sparse_from<Integer>(kernel.values(), -2, -4); }, "8 values for a -2x-4");
}

BOOST_AUTO_TEST_CASE(kernels_without_a_spatial_axis_are_refused) {
    const auto flat = counting({2, 2}), none = Tensor<Integer>(Shape{}, {1});
    test::throws_saying<ShapeError>([&] { spatial_extents(none); }, "spatial_extents: kernel of shape ()");
    test::throws_saying<ShapeError>([&] { flipped(flat); }, "flipped: kernel of shape 2x2");
    test::throws_saying<ShapeError>([&] { channels_swapped(flat, 1); }, "channels_swapped: kernel of shape 2x2");
    test::throws_saying<ShapeError>([&] { ungrouped(flat, 1); }, "ungrouped: kernel of shape 2x2");
    test::throws_saying<ShapeError>([&] { dilated(flat, {}); }, "dilated: kernel of shape 2x2");
    test::throws_saying<ShapeError>([&] { every(flat, {}, {}); }, "every: kernel of shape 2x2");
    test::throws_saying<ShapeError>([&] { composed(flat, flat); }, "composed: kernel of shape 2x2");
}

BOOST_AUTO_TEST_CASE(groups_and_lists_that_do_not_fit_a_kernel_are_refused) {
    const auto kernel = counting({3, 1, 2});
    test::throws_saying<ShapeError>([&] { ungrouped(kernel, 0); }, "ungrouped: 0 groups");
    test::throws_saying<ShapeError>([&] { ungrouped(kernel, 4); }, "ungrouped: 4 groups");
    test::throws_saying<ShapeError>([&] { channels_swapped(kernel, 2); }, "channels_swapped: 2 groups");
    test::throws_saying<ShapeError>([&] { channels_swapped(kernel, -1); }, "channels_swapped: -1 groups");
    test::throws_saying<ShapeError>([&] { dilated(kernel, {1, 1}); }, "dilated: dilation 1x1, expected 1 numbers");
    test::throws_saying<ShapeError>([&] { dilated(kernel, {0}); }, "dilated: dilation 0");
    test::throws_saying<SizeError>([&] { dilated(kernel, {most}); }, "dilated kernel");
    test::throws_saying<ShapeError>([&] { every(kernel, {}, {0}); }, "every: stride ()");
    test::throws_saying<ShapeError>([&] { every(kernel, {0}, {0}); }, "every: stride 0");
    test::throws_saying<ShapeError>([&] { every(kernel, {1}, {-1}); }, "every: first tap -1");
    test::throws_saying<ShapeError>([&] { every(kernel, {1}, {0, 0}); }, "every: first tap 0x0");
    BOOST_TEST((every(kernel, {most}, {1}) == Tensor<Integer>({3, 1, 1}, {2, 4, 6})));
    BOOST_TEST((every(kernel, {1}, {most}).shape() == Shape{3, 1, 0}));
    BOOST_TEST((dilated(Tensor<Integer>({1, 1, 0}), {3}).shape() == Shape{1, 1, 0}));
}

BOOST_AUTO_TEST_CASE(kernels_that_do_not_follow_each_other_are_refused) {
    const auto kernel = counting({3, 2, 2});
    test::throws_saying<ShapeError>([&] { composed(kernel, kernel); }, "kernels of shapes 3x2x2 and 3x2x2");
    test::throws_saying<ShapeError>([&] { composed(kernel, counting({1, 3, 2, 2})); }, "and 1x3x2x2");
    test::throws_saying<ShapeError>([&] { composed(kernel, Tensor<Integer>({1, 3, 0})); }, "no extent 0");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace kernels_test
