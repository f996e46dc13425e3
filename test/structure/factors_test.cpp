#include <convmat/structure/factors.hpp>

#include <array>
#include <complex>
#include <limits>
#include <numeric>
#include <vector>

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
    BOOST_TEST(a.isCompressed());
    using DenseS = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;
    return a.rows() == b.rows() && a.cols() == b.cols() && DenseS(a) == DenseS(b);
}

bool is(const Sparse<Integer>& matrix, const Matrix& expected) {
    BOOST_TEST(matrix.isCompressed());
    return matrix.rows() == expected.rows() && matrix.cols() == expected.cols() && Matrix(matrix) == expected;
}

constexpr Index most = std::numeric_limits<Index>::max();

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
    test::throws_saying<ShapeError>([] { zero_stuffing(0, 3); }, "zero_stuffing: 0 values 3 apart");
    test::throws_saying<ShapeError>([] { zero_stuffing(2, 0); }, "zero_stuffing: 2 values 0 apart");
    test::throws_saying<SizeError>([] { zero_stuffing(most, 3); }, "zero stuffing");
}

BOOST_AUTO_TEST_CASE(a_shift_moves_to_higher_positions) {
    BOOST_TEST(is(shift_matrix<Integer>(3, 1), Matrix{{0, 0, 1}, {1, 0, 0}, {0, 1, 0}}));
    BOOST_TEST(is(shift_matrix<Integer>(3, -1), Matrix{{0, 1, 0}, {0, 0, 1}, {1, 0, 0}}));
    BOOST_TEST(is(shift_matrix<Integer>(3, 1, Boundary::zero), Matrix{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}));
    BOOST_TEST(is(shift_matrix<Integer>(3, 1, Boundary::replicate), Matrix{{1, 0, 0}, {1, 0, 0}, {0, 1, 0}}));
    BOOST_TEST(is(shift_matrix<Integer>(3, 1, Boundary::antireflective), Matrix{{2, -1, 0}, {1, 0, 0}, {0, 1, 0}}));
    BOOST_TEST(is(shift_matrix<Integer>(0, 1), Matrix(0, 0)));
    BOOST_TEST(is(shift_matrix<Integer>(2, most / 2 * 2 - 2), Matrix::Identity(2, 2)));
    test::throws_saying<ShapeError>([] { shift_matrix(-1, 1); }, "shift_matrix: extent -1");
    test::throws_saying<SizeError>([] { shift_matrix(3, most); }, "shift_matrix: shift");
    test::throws_saying<SizeError>([] { shift_matrix(3, -most); }, "shift_matrix: shift");
    test::throws_saying<SizeError>([] { shift_matrix(most, 1); }, "shift_matrix: extent");
    test::throws_saying<SizeError>([] { shift_matrix(most / 3, 0, Boundary::antireflective); }, "a sparse factor");
}

BOOST_AUTO_TEST_CASE(an_exchange_reverses) {
    BOOST_TEST(is(exchange_matrix<Integer>(3), Matrix{{0, 0, 1}, {0, 1, 0}, {1, 0, 0}}));
    test::throws_saying<ShapeError>([] { exchange_matrix(-1); }, "exchange_matrix: extent -1");
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

// The sizes are those of the whole, even where each factor, or each tap, would fit.
BOOST_AUTO_TEST_CASE(factors_that_do_not_fit_are_refused_first) {
    const Index n = 100'000;
    const ConvGeometry plane({.input = {n, n}, .kernel = {1, 1}});
    const std::string sizes = "a sparse factor of 10000000000x10000000000 with up to 10000000000 nonzeros";
    test::throws_saying<SizeError>([&] { pad_matrix(plane); }, sizes);
    test::throws_saying<SizeError>([&] { stride_matrix(plane); }, sizes);
    test::throws_saying<SizeError>([&] { zero_stuffing_matrix(plane); }, sizes);
    test::throws_saying<SizeError>([&] { tap_matrix(plane, {0, 0}); }, sizes);
    const ConvGeometry line({.input = {2 * n}, .kernel = {n}});
    test::throws_saying<SizeError>([&] { unfold_matrix(line); }, "a sparse factor of 10000100000x200000");
    const ConvGeometry far({.input = {2}, .kernel = {1}, .padding = {{Index{1} << 60, 0}}});
    test::throws_saying<SizeError>([&] { pad_matrix(far.axis(0)); }, "a sparse factor of");
}

BOOST_AUTO_TEST_CASE(unfolding_lists_the_windows) {
    const ConvGeometry g({.input = {3}, .kernel = {2}, .in_channels = 2});
    const auto unfold = unfold_matrix<Integer>(g);
    BOOST_TEST(unfold.isCompressed());
    BOOST_TEST(unfold_matrix<Integer>(ConvGeometry({.input = {3}, .kernel = {2}})).isCompressed());
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
    BOOST_TEST(is(channels_last<Integer>(0, 3), Matrix(0, 0)));
    test::throws_saying<ShapeError>([] { channels_last(-2, -3); }, "channels_last: -2 channels of -3 values");
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
    BOOST_TEST(is(block_diagonal<Integer>({}), Matrix(0, 0)));
    BOOST_TEST(is(kronecker<Integer>(blocks), Matrix{{3, -4, 0, 0}, {0, 0, 3, -4}}));
    test::throws_saying<ShapeError>([] { stacked<Integer>({}); }, "stacked: no blocks");
    test::throws_saying<ShapeError>([] { kronecker<Integer>({}); }, "kronecker: no factors");
    const std::array<Sparse<Integer>, 2> uneven = {one, identity_matrix<Integer>(3)};
    test::throws_saying<ShapeError>([&] { stacked<Integer>(uneven); }, "a block of 3 columns, expected 2");
}

BOOST_AUTO_TEST_CASE(a_product_with_nothing_in_it_is_empty) {
    const Sparse<Integer> nothing(2, 3);
    BOOST_TEST(is(kronecker(nothing, identity_matrix<Integer>(2)), Matrix::Zero(4, 6)));
    BOOST_TEST(is(kronecker(identity_matrix<Integer>(0), nothing), Matrix(0, 0)));
    const auto large = identity_matrix<Integer>(1'000);
    const std::array<Sparse<Integer>, 4> factors = {large, large, large, Sparse<Integer>(0, 0)};
    BOOST_TEST(is(kronecker<Integer>(factors), Matrix(0, 0)));
}

BOOST_AUTO_TEST_CASE(factors_may_have_room_between_their_rows) {
    Sparse<Integer> loose(2, 2);
    loose.insert(1, 0) = 5;
    loose.uncompress();
    const std::array<Sparse<Integer>, 1> alone = {loose};
    BOOST_TEST(is(kronecker(loose, identity_matrix<Integer>(1)), Matrix{{0, 0}, {5, 0}}));
    BOOST_TEST(is(kronecker<Integer>(alone), Matrix{{0, 0}, {5, 0}}));
    BOOST_TEST(is(stacked<Integer>(alone), Matrix{{0, 0}, {5, 0}}));
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
    test::throws_saying<ShapeError>([] { identity_matrix(-1); }, "identity_matrix: extent -1");
    const auto nothing = [](Index, auto) {};
    test::throws_saying<ShapeError>([&] { sparse_rows<Integer>(1, -2, 0, nothing); }, "a sparse factor of 1x-2");
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
