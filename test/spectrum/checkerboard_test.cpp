#include <convmat/spectrum/checkerboard.hpp>

#include <cstdlib>

#include <boost/test/unit_test.hpp>

#include <convmat/structure/related_layers.hpp>
#include <convmat/structure/sparse.hpp>
#include <convmat/taps/source_index.hpp>

#include "support.hpp"

namespace checkerboard_test {

using namespace convmat;
using namespace convmat::test;

namespace {

template <class S>
Tensor<S> ones(const Shape& shape) {
    Tensor<S> tensor(shape);
    std::ranges::fill(tensor.values(), S(1));
    return tensor;
}

// One axis, one channel, no padding.
ConvGeometry one_axis(Index n, Index k, Index s, Index d = 1) {
    return ConvGeometry(ConvSpec{.input = {n}, .kernel = {k}, .stride = {s}, .dilation = {d}});
}

// The positions that all taps of their phase paint, and nothing from outside, by trying all taps of all outputs.
Shape interior(const Axis& a) {
    Shape inputs;
    std::vector<Index> painted(static_cast<std::size_t>(a.input), 0);
    std::vector<bool> folded(static_cast<std::size_t>(a.input), false);
    for (Index u = 0; u < a.output; ++u)
        for (Index t = 0; t < a.kernel; ++t) {
            const Index q = a.stride * u + a.dilation * t - a.padding.begin;
            if (q >= 0 && q < a.input)
                ++painted[static_cast<std::size_t>(q)];
            else
                for (const Source& source : sources(a.boundary, a.input, q))
                    folded[static_cast<std::size_t>(source.position)] = true;
        }
    for (Index i = 0; i < a.input; ++i) {
        Index taps = 0;
        for (Index t = 0; t < a.kernel; ++t) taps += (i + a.padding.begin - a.dilation * t) % a.stride == 0 ? 1 : 0;
        if (painted[static_cast<std::size_t>(i)] == taps && !folded[static_cast<std::size_t>(i)]) inputs.push_back(i);
    }
    return inputs;
}

std::complex<double> value(const Tensor<double>& real, const Tensor<double>& imaginary, Index i) {
    return {real[i], imaginary.size() > 0 ? imaginary[i] : 0.0};
}

// Integer weights: the sums are exact. Returns the number of interior positions.
template <class S>
Index compare(const ConvGeometry& g, const Tensor<S>& kernel) {
    const Checkerboard board = checkerboard_of(g, kernel);
    const auto w = dense_w(g, kernel);
    const auto painted = (w.transpose() * DenseMatrix<Spectral<S>>::Ones(g.rows(), 1)).eval();
    for (Index i = 0; i < g.cols(); ++i)
        BOOST_TEST(std::abs(value(board.of_ones, board.of_ones_imag, i) - painted(i)) == 0);
    std::vector<Shape> inside;
    Shape counts = {g.in_channels()};
    for (Index j = 0; j < g.rank(); ++j) {
        inside.push_back(interior(g.axis(j)));
        counts.push_back(std::ssize(inside.back()));
        BOOST_TEST(board.axes[static_cast<std::size_t>(j)].interior == counts.back());
    }
    Index compared = 0;
    for_each_position(counts, [&](const Shape& at) {
        Index place = at[0], phase = at[0];
        for (std::size_t j = 0; j < inside.size(); ++j) {
            const Index i = inside[j][static_cast<std::size_t>(at[j + 1])];
            place = place * g.axes()[j].input + i;
            phase = phase * g.axes()[j].stride + i % g.axes()[j].stride;
        }
        BOOST_TEST(std::abs(value(board.phase_sums, board.phase_sums_imag, phase) - painted(place)) == 0);
        ++compared;
    });
    return compared;
}

template <class S>
Index compare_random(Index rank, unsigned seed, int cases) {
    RandomLayers layers(seed);
    Index compared = 0;
    for (int i = 0; i < cases; ++i) {
        const ConvGeometry geometry = layers.geometry(rank);
        if (geometry.rows() * geometry.cols() > 500'000) continue;
        BOOST_TEST_CONTEXT(describe(geometry))
        compared += compare(geometry, layers.integers<S>(geometry.kernel_shape()));
    }
    return compared;
}

// d2l's bilinear_kernel for one channel on one axis.
Tensor<double> bilinear(Index k) {
    const Index factor = (k + 1) / 2;
    const double centre = k % 2 == 1 ? static_cast<double>(factor) - 1 : static_cast<double>(factor) - 0.5;
    Tensor<double> kernel({1, 1, k});
    for (Index t = 0; t < k; ++t)
        kernel[t] = 1 - std::abs(static_cast<double>(t) - centre) / static_cast<double>(factor);
    return kernel;
}

std::vector<double> painted(Index n, Index k, Index s) {
    const auto board = checkerboard_of(one_axis(n, k, s), ones<double>({1, 1, k}));
    return {board.of_ones.values().begin(), board.of_ones.values().end()};
}

bool mentions(const Checkerboard& board, std::string_view words) { return board.text.find(words) != std::string::npos; }

// The same overlap with another k or s, found by counting in a layer that is built anew.
bool evenly_painted(const Axis& axis, Index kernel, Index stride) {
    const Index reach = axis.dilation * (kernel - 1) + 1;
    const ConvGeometry geometry = one_axis(3 * reach + 4 * stride * axis.dilation, kernel, stride, axis.dilation);
    const auto board = checkerboard_of(geometry, ones<double>({1, 1, kernel}));
    const Shape inside = interior(geometry.axis(0));
    BOOST_TEST_REQUIRE(std::ssize(inside) >= 2 * stride);
    return std::ranges::all_of(inside, [&](Index i) { return board.of_ones[i] == board.of_ones[inside.front()]; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(checkerboards)

BOOST_AUTO_TEST_CASE(the_examples_of_the_catalogue) {
    BOOST_TEST(painted(11, 3, 2) == (std::vector<double>{1, 1, 2, 1, 2, 1, 2, 1, 2, 1, 1}),
               boost::test_tools::per_element());
    BOOST_TEST(painted(10, 4, 2) == (std::vector<double>{1, 1, 2, 2, 2, 2, 2, 2, 1, 1}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(three_taps_with_stride_two_overlap_unevenly) {
    const auto board = checkerboard_of(one_axis(11, 3, 2), ones<double>({1, 1, 3}));
    const AxisOverlap& axis = board.axes.front();
    BOOST_TEST(axis.counts == (std::vector<Index>{2, 1}), boost::test_tools::per_element());
    BOOST_TEST(!axis.even);
    BOOST_TEST(!board.even_overlap);
    BOOST_TEST(!board.even_sums);
    BOOST_TEST(board.largest_spread == 0.5);
    BOOST_TEST(axis.kernel_below == 2);
    BOOST_TEST(axis.kernel_above == 4);
    BOOST_TEST(axis.nearest_stride == 1);
    BOOST_TEST(mentions(board, "k = 4 instead of 3 or s = 1 instead of 2"), board.text);
    BOOST_TEST(mentions(board, "differ by 50 %"), board.text);
}

BOOST_AUTO_TEST_CASE(padding_moves_the_phases) {
    const ConvGeometry geometry(ConvSpec{.input = {9}, .kernel = {3}, .stride = {2}, .padding = {{1, 1}}});
    const auto board = checkerboard_of(geometry, Tensor<double>({1, 1, 3}, {1, 2, 4}));
    BOOST_TEST(board.phase_sums[0] == 2); // t = 1 lies on even positions
    BOOST_TEST(board.phase_sums[1] == 5);
    BOOST_TEST(board.of_ones[4] == 2);
    BOOST_TEST(board.of_ones[5] == 5);
}

BOOST_AUTO_TEST_CASE(an_even_overlap_does_not_save_uneven_weights) {
    const auto even = checkerboard_of(one_axis(10, 4, 2), ones<double>({1, 1, 4}));
    BOOST_TEST(even.even_overlap);
    BOOST_TEST(even.even_sums);
    BOOST_TEST(mentions(even, "without a checkerboard"), even.text);
    const auto uneven = checkerboard_of(one_axis(10, 4, 2), Tensor<double>({1, 1, 4}, {1, 2, 1, 2}));
    BOOST_TEST(uneven.even_overlap);
    BOOST_TEST(!uneven.even_sums);
    BOOST_TEST(uneven.largest_spread == 0.5);
    BOOST_TEST(mentions(uneven, "it is the weights alone"), uneven.text);
}

BOOST_AUTO_TEST_CASE(bilinear_kernels_have_phase_sums_of_one) {
    for (const Index k : {3, 4, 6, 7, 64}) {
        const auto board = checkerboard_of(one_axis(4 * k, k, (k + 1) / 2), bilinear(k));
        for (const double sum : board.phase_sums.values()) BOOST_TEST(std::abs(sum - 1) <= 1e-14);
        BOOST_TEST(board.even_sums);
        BOOST_TEST(board.even_overlap == (k % 2 == 0));
    }
    BOOST_TEST(mentions(checkerboard_of(one_axis(12, 3, 2), bilinear(3)), "makes up for the uneven overlap"));
}

BOOST_AUTO_TEST_CASE(a_dilation_with_a_common_factor_leaves_holes) {
    const auto board = checkerboard_of(one_axis(30, 4, 2, 2), ones<double>({1, 1, 4}));
    const AxisOverlap& axis = board.axes.front();
    BOOST_TEST(axis.counts == (std::vector<Index>{4, 0}), boost::test_tools::per_element());
    BOOST_TEST(axis.kernel_above == 0);
    BOOST_TEST(axis.nearest_stride == 1);
    BOOST_TEST(board.largest_spread == 1);
    BOOST_TEST(mentions(board, "no k makes it even"), board.text);
}

BOOST_AUTO_TEST_CASE(stride_one_has_nothing_to_report) {
    const auto board = checkerboard_of(one_axis(9, 3, 1), Tensor<double>({1, 1, 3}, {1, -2, 5}));
    BOOST_TEST(board.even_sums);
    BOOST_TEST(board.even_overlap);
    BOOST_TEST(board.largest_spread == 0);
    BOOST_TEST(mentions(board, "nothing to report"), board.text);
}

BOOST_AUTO_TEST_CASE(phase_sums_are_what_random_layers_paint_away_from_the_borders) {
    Index compared = 0;
    for (Index rank = 1; rank <= 4; ++rank) {
        compared += compare_random<double>(rank, 500 + static_cast<unsigned>(rank), 100);
        compared += compare_random<std::complex<double>>(rank, 600 + static_cast<unsigned>(rank), 30);
    }
    compared += compare_random<std::int64_t>(2, 701, 30) + compare_random<float>(2, 702, 30);
    compared += compare_random<std::complex<float>>(2, 703, 30);
    BOOST_TEST(compared >= 2000, compared << " interior positions");
}

BOOST_AUTO_TEST_CASE(what_is_suggested_makes_the_overlap_even) {
    for (Index k = 1; k <= 9; ++k)
        for (Index s = 1; s <= 7; ++s)
            for (Index d = 1; d <= 4; ++d) BOOST_TEST_CONTEXT("k " << k << " s " << s << " d " << d) {
                    const ConvGeometry geometry = one_axis(80, k, s, d);
                    const Axis& axis = geometry.axis(0);
                    const auto overlap = checkerboard_of(geometry, ones<double>({1, 1, k})).axes.front();
                    BOOST_TEST(overlap.even == evenly_painted(axis, k, s));
                    BOOST_TEST(evenly_painted(axis, k, overlap.nearest_stride));
                    for (Index other = 1; other < 20; ++other) { // and nothing nearer does
                        if (std::abs(other - s) < std::abs(overlap.nearest_stride - s))
                            BOOST_TEST(!evenly_painted(axis, k, other));
                        const bool suggested = other == overlap.kernel_below || other == overlap.kernel_above;
                        const bool none = overlap.kernel_above == 0;
                        const bool nearer = none || (other > overlap.kernel_below && other < overlap.kernel_above);
                        if (suggested || nearer) BOOST_TEST(evenly_painted(axis, other, s) == suggested);
                    }
                }
}

BOOST_AUTO_TEST_CASE(huge_weights_do_not_overflow_on_the_way) {
    const auto board = checkerboard_of(one_axis(9, 3, 2), Tensor<double>({1, 1, 3}, {1e308, 1e308, -1e308}));
    BOOST_TEST(board.phase_sums[0] == 0);
    BOOST_TEST(board.phase_sums[1] == 1e308);
    BOOST_TEST(board.largest_spread == 1);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
    BOOST_CHECK_THROW(checkerboard_of(one_axis(9, 3, 2), Tensor<double>({1, 1, 2})), ShapeError);
    const Tensor<double> not_finite({1, 1, 3}, {1, NAN, 1});
    BOOST_CHECK_THROW(checkerboard_of(one_axis(9, 3, 2), not_finite), std::invalid_argument);
    throws_fault<ArgumentError>([&] { checkerboard_of(one_axis(9, 3, 2), not_finite); },
                                {.parameter = "kernel", .value = "nan", .expected = "a finite number"});
    BOOST_CHECK_THROW(checkerboard_of(one_axis(9, 3, Index{1} << 50), ones<double>({1, 1, 3})), SizeError);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace checkerboard_test
