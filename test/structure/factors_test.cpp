#include <convmat/structure/factors.hpp>

#include <vector>

#include <boost/test/unit_test.hpp>

#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/reference/loops.hpp>
#include <convmat/structure/kernels.hpp>
#include <convmat/structure/related_layers.hpp>

#include "factor_support.hpp"
#include "support/throws_saying.hpp"

namespace factors_test {

using namespace convmat;
using namespace convmat::test;

namespace {

Axis padded(Boundary boundary) {
    return ConvGeometry({.input = {3}, .kernel = {1}, .padding = {{2, 1}}, .boundary = {boundary}}).axis(0);
}

constexpr Index most = std::numeric_limits<Index>::max();

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

} // namespace factors_test
