#include <convmat/structure/factors.hpp>

#include <array>
#include <numeric>

#include <boost/test/unit_test.hpp>

#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/reference/loops.hpp>
#include <convmat/structure/kernels.hpp>
#include <convmat/structure/related_layers.hpp>

#include "support/random_layer.hpp"
#include "support/throws_saying.hpp"

using namespace convmat;

namespace {

using Integer = std::int64_t;
using Matrix = Eigen::Matrix<Integer, Eigen::Dynamic, Eigen::Dynamic>;

template <class S>
bool same(const Sparse<S>& a, const Sparse<S>& b) {
    using DenseS = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;
    return a.rows() == b.rows() && a.cols() == b.cols() && DenseS(a) == DenseS(b);
}

bool is(const Sparse<Integer>& matrix, const Matrix& expected) {
    return matrix.rows() == expected.rows() && matrix.cols() == expected.cols() && Matrix(matrix) == expected;
}

Tensor<Integer> counting(const Shape& shape) {
    Tensor<Integer> tensor(shape);
    std::iota(tensor.values().begin(), tensor.values().end(), 1);
    return tensor;
}

Axis padded(Boundary boundary) {
    return ConvGeometry({.input = {3}, .kernel = {1}, .padding = {{2, 1}}, .boundary = {boundary}}).axis(0);
}

// One hundred layers of every rank from 1 to 4.
template <class Visit>
void for_random_layers(unsigned seed, const Visit& visit) {
    test::RandomLayers layers(seed);
    for (Index i = 0; i < 100; ++i) {
        const ConvGeometry g = layers.geometry(1 + i % 4);
        BOOST_TEST_CONTEXT(test::describe(g)) visit(g, layers.integers<Integer>(g.kernel_shape()));
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(factors)

BOOST_AUTO_TEST_CASE(a_selection_takes_every_sth_value) {
    BOOST_TEST(is(stride_selection<Integer>(2, 4, 3), Matrix{{1, 0, 0, 0}, {0, 0, 0, 1}}));
    BOOST_TEST(is(stride_selection<Integer>(2, 4, 2, 1), Matrix{{0, 1, 0, 0}, {0, 0, 0, 1}}));
    BOOST_TEST(stride_selection<Integer>(0, 4, 2).rows() == 0);
    test::throws_saying<ShapeError>([] { stride_selection(3, 6, 3); }, "3 values 3 apart from 0 on do not lie in 6");
    test::throws_saying<ShapeError>([] { stride_selection(2, 4, 3, 1); }, "2 values 3 apart from 1 on");
    test::throws_saying<ShapeError>([] { stride_selection(-1, 4, 1); }, "-1 values");
    test::throws_saying<ShapeError>([] { stride_selection(1, 4, 0); }, "0 apart");
}

BOOST_AUTO_TEST_CASE(stuffing_puts_zeros_between) {
    BOOST_TEST(is(zero_stuffing<Integer>(2, 3), Matrix{{1, 0}, {0, 0}, {0, 0}, {0, 1}}));
    BOOST_TEST(is(zero_stuffing<Integer>(1, 5), Matrix{{1}}));
}

BOOST_AUTO_TEST_CASE(a_shift_moves_to_higher_positions) {
    BOOST_TEST(is(shift_matrix<Integer>(3, 1), Matrix{{0, 0, 1}, {1, 0, 0}, {0, 1, 0}}));
    BOOST_TEST(is(shift_matrix<Integer>(3, -1), Matrix{{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}));
    BOOST_TEST(is(shift_matrix<Integer>(3, 1, Boundary::zero), Matrix{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}));
    BOOST_TEST(is(shift_matrix<Integer>(3, 1, Boundary::replicate), Matrix{{1, 0, 0}, {1, 0, 0}, {0, 1, 0}}));
    BOOST_TEST(is(shift_matrix<Integer>(3, 1, Boundary::antireflective), Matrix{{2, -1, 0}, {1, 0, 0}, {0, 1, 0}}));
}

BOOST_AUTO_TEST_CASE(an_exchange_reverses) {
    BOOST_TEST(is(exchange_matrix<Integer>(3), Matrix{{0, 0, 1}, {0, 1, 0}, {1, 0, 0}}));
}

// x = a b c, two values before and one after.
BOOST_AUTO_TEST_CASE(padding_reads_what_the_boundary_says) {
    const Matrix inside = Matrix::Identity(3, 3);
    const auto with = [&](const Matrix& before, const Matrix& after) {
        Matrix all(6, 3);
        all << before, inside, after;
        return all;
    };
    const auto pad = [](Boundary boundary) { return pad_matrix<Integer>(padded(boundary)); };
    BOOST_TEST(is(pad(Boundary::zero), with(Matrix{{0, 0, 0}, {0, 0, 0}}, Matrix{{0, 0, 0}})));
    BOOST_TEST(is(pad(Boundary::periodic), with(Matrix{{0, 1, 0}, {0, 0, 1}}, Matrix{{1, 0, 0}})));
    BOOST_TEST(is(pad(Boundary::half_symmetric), with(Matrix{{0, 1, 0}, {1, 0, 0}}, Matrix{{0, 0, 1}})));
    BOOST_TEST(is(pad(Boundary::whole_symmetric), with(Matrix{{0, 0, 1}, {0, 1, 0}}, Matrix{{0, 1, 0}})));
    BOOST_TEST(is(pad(Boundary::replicate), with(Matrix{{1, 0, 0}, {1, 0, 0}}, Matrix{{0, 0, 1}})));
    BOOST_TEST(is(pad(Boundary::antireflective), with(Matrix{{2, 0, -1}, {2, -1, 0}}, Matrix{{0, -1, 2}})));
}

BOOST_AUTO_TEST_CASE(negative_padding_crops) {
    const ConvGeometry g({.input = {4}, .kernel = {1}, .padding = {{-1, -1}}});
    BOOST_TEST(is(pad_matrix<Integer>(g.axis(0)), Matrix{{0, 1, 0, 0}, {0, 0, 1, 0}}));
}

BOOST_AUTO_TEST_CASE(a_tap_reads_one_input_for_each_output) {
    const ConvGeometry g({.input = {4}, .kernel = {2}, .stride = {2}, .dilation = {3}, .padding = {{1, 1}}});
    BOOST_TEST(is(tap_matrix<Integer>(g.axis(0), 0), Matrix{{0, 0, 0, 0}, {0, 1, 0, 0}}));
    BOOST_TEST(is(tap_matrix<Integer>(g.axis(0), 1), Matrix{{0, 0, 1, 0}, {0, 0, 0, 0}}));
    BOOST_TEST(is(tap_matrix<Integer>(g, {1}), Matrix{{0, 0, 1, 0}, {0, 0, 0, 0}}));
    const ConvGeometry plane({.input = {2, 2}, .kernel = {1, 2}});
    BOOST_TEST(is(tap_matrix<Integer>(plane, {0, 1}), Matrix{{0, 1, 0, 0}, {0, 0, 0, 1}}));
    test::throws_saying<ShapeError>([&] { tap_matrix(g.axis(0), 2); }, "tap 2, expected 0 to 1");
    test::throws_saying<ShapeError>([&] { tap_matrix(g.axis(0), -1); }, "tap -1");
    test::throws_saying<ShapeError>([&] { tap_matrix(plane, {0}); }, "tap 0, expected 2 numbers");
}

BOOST_AUTO_TEST_CASE(factors_of_a_layer_are_kronecker_products) {
    const ConvGeometry g(
        {.input = {2}, .kernel = {1}, .in_channels = 2, .out_channels = 2, .stride = {2}, .padding = {{0, 1}}});
    BOOST_TEST(is(pad_matrix<Integer>(g),
                  Matrix{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}, {0, 0, 0, 0}}));
    const Matrix every_other{{1, 0, 0, 0, 0, 0}, {0, 0, 1, 0, 0, 0}, {0, 0, 0, 1, 0, 0}, {0, 0, 0, 0, 0, 1}};
    BOOST_TEST(is(stride_matrix<Integer>(g), every_other));
    BOOST_TEST(is(zero_stuffing_matrix<Integer>(g), every_other.transpose()));
}

BOOST_AUTO_TEST_CASE(unfolding_lists_the_windows) {
    const ConvGeometry g({.input = {3}, .kernel = {2}, .in_channels = 2});
    const auto unfold = unfold_matrix<Integer>(g);
    const auto x = counting({2, 3});
    const Eigen::Matrix<Integer, Eigen::Dynamic, 1> windows = unfold * x.vec();
    BOOST_TEST((windows == Eigen::Matrix<Integer, 8, 1>{1, 2, 2, 3, 4, 5, 5, 6}));
}

BOOST_AUTO_TEST_CASE(channels_last_transposes) {
    BOOST_TEST(is(channels_last<Integer>(2, 3), Matrix{{1, 0, 0, 0, 0, 0},
                                                       {0, 0, 0, 1, 0, 0},
                                                       {0, 1, 0, 0, 0, 0},
                                                       {0, 0, 0, 0, 1, 0},
                                                       {0, 0, 1, 0, 0, 0},
                                                       {0, 0, 0, 0, 0, 1}}));
    test::throws_saying<SizeError>([] { channels_last(Index{1} << 40, Index{1} << 40); }, "channels_last");
}

BOOST_AUTO_TEST_CASE(stride_and_padding_are_factors) {
    for_random_layers(1, [](const ConvGeometry& g, const Tensor<Integer>& kernel) {
        const auto w = kernel2matrix(g, kernel);
        const auto inner = kernel2matrix(unit_stride(unpadded(g)), kernel);
        BOOST_TEST(same<Integer>(w, stride_matrix<Integer>(g) * inner * pad_matrix<Integer>(g)));
    });
}

BOOST_AUTO_TEST_CASE(taps_are_summands) {
    for_random_layers(2, [](const ConvGeometry& g, const Tensor<Integer>& kernel) {
        Sparse<Integer> sum(g.rows(), g.cols());
        Index number = 0;
        for_each_position(spatial_extents(kernel), [&](const Shape& t) {
            sum += kronecker(kernel_tap(g, kernel, number++), tap_matrix<Integer>(g, t));
        });
        BOOST_TEST(same<Integer>(kernel2matrix(g, kernel), sum));
    });
}

BOOST_AUTO_TEST_CASE(the_unfold_matrix_is_a_factor) {
    for_random_layers(3, [](const ConvGeometry& g, const Tensor<Integer>& kernel) {
        const auto weights = kronecker(kernel_matrix(g, kernel), identity_matrix<Integer>(g.output_size()));
        BOOST_TEST(same<Integer>(kernel2matrix(g, kernel), weights * unfold_matrix<Integer>(g)));
    });
}

BOOST_AUTO_TEST_CASE(the_transpose_is_a_convolution_of_stuffed_outputs) {
    for_random_layers(4, [](const ConvGeometry& any, const Tensor<Integer>& kernel) {
        ConvSpec spec = spec_of(any);
        spec.boundary.clear();
        const ConvGeometry g(spec);
        const auto back = kernel2matrix(transpose_as_convolution(g), channels_swapped(flipped(kernel), g.groups()));
        BOOST_TEST(same<Integer>(kernel2matrix_transpose(g, kernel), back * zero_stuffing_matrix<Integer>(g)));
    });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(sparse)

BOOST_AUTO_TEST_CASE(small_matrices_are_put_together) {
    const auto one = identity_matrix<Integer>(2);
    const auto row = sparse_rows<Integer>(1, 2, 2, [](Index, auto add) {
        add(0, 3);
        add(1, -4);
    });
    BOOST_TEST(is(row, Matrix{{3, -4}}));
    BOOST_TEST(is(kronecker(one, row), Matrix{{3, -4, 0, 0}, {0, 0, 3, -4}}));
    BOOST_TEST(is(kronecker(row, one), Matrix{{3, 0, -4, 0}, {0, 3, 0, -4}}));
    const std::array<Sparse<Integer>, 2> blocks = {one, row};
    BOOST_TEST(is(stacked<Integer>(blocks), Matrix{{1, 0}, {0, 1}, {3, -4}}));
    BOOST_TEST(is(block_diagonal<Integer>(blocks), Matrix{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 3, -4}}));
}

BOOST_AUTO_TEST_CASE(positions_come_in_row_major_order) {
    std::vector<Shape> seen;
    for_each_position({2, 1, 2}, [&](const Shape& at) { seen.push_back(at); });
    BOOST_TEST((seen == std::vector<Shape>{{0, 0, 0}, {0, 0, 1}, {1, 0, 0}, {1, 0, 1}}));
    for_each_position({2, 0}, [](const Shape&) { BOOST_ERROR("an empty box has a position"); });
    int points = 0;
    for_each_position({}, [&](const Shape&) { ++points; });
    BOOST_TEST(points == 1);
}

BOOST_AUTO_TEST_CASE(what_fits_no_index_is_refused) {
    test::throws_saying<SizeError>([] { identity_matrix(Index{1} << 31); }, "expected at most 2147483647");
    const auto large = identity_matrix<Integer>(50'000);
    test::throws_saying<SizeError>([&] { kronecker(large, large); }, "2500000000");
}

BOOST_AUTO_TEST_SUITE_END()

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
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(related_layers)

BOOST_AUTO_TEST_CASE(a_layer_is_what_its_description_says) {
    test::RandomLayers layers(5);
    for (Index i = 0; i < 100; ++i) {
        const ConvGeometry g = layers.geometry(1 + i % 4);
        const bool formula =
            std::ranges::all_of(g.axes(), [](const Axis& a) { return a.output == a.formula_output(); });
        BOOST_TEST((ConvGeometry(spec_of(g)) == g) == formula);
    }
}

BOOST_AUTO_TEST_CASE(relatives_have_the_extents_of_the_formula) {
    const ConvGeometry g({.input = {6},
                          .kernel = {2},
                          .in_channels = 2,
                          .out_channels = 4,
                          .groups = 2,
                          .stride = {2},
                          .dilation = {2},
                          .padding = {{1, 1}},
                          .boundary = {Boundary::replicate}});
    const Axis one = unit_stride(g).axis(0), valid = unpadded(g).axis(0),
               back =
                   transpose_as_convolution(
                       ConvGeometry({.input = {6}, .kernel = {2}, .stride = {2}, .dilation = {2}, .padding = {{1, 1}}}))
                       .axis(0);
    BOOST_TEST((one.stride == 1 && one.output == 6 && one.boundary == Boundary::replicate));
    BOOST_TEST((valid.input == 8 && valid.padding == Padding{} && valid.output == g.axis(0).output));
    BOOST_TEST((valid.boundary == Boundary::zero && valid.stride == 2));
    // m = 3, r = 1: five stuffed positions, padding k_eff - 1 - p = 1, and one more at the end
    BOOST_TEST((back.input == 5 && back.output == 6 && back.padding == Padding{1, 2}));
}

BOOST_AUTO_TEST_SUITE_END()
