#include <convmat/spectrum/checkerboard.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <convmat/base/checked.hpp>
#include <convmat/base/positions.hpp>
#include <convmat/matrix_free/conv_operator.hpp>
#include <convmat/taps/source_index.hpp>

#include "../numerics/scaled_kernel.hpp"

namespace convmat::detail {
namespace {

using namespace numerics;

Index phase_of(const Axis& axis, Index t) { return floor_mod(axis.dilation * t - axis.padding.begin, axis.stride); }

// Inputs that every tap of their phase reads, d t - p = i (mod s), and that nothing from outside is folded to.
Index interior_inputs(const Axis& axis) {
    std::vector<bool> inside(static_cast<std::size_t>(axis.input), true);
    const auto lose = [&](Index i) { inside[static_cast<std::size_t>(i)] = false; };
    for (Index t = 0; t < axis.kernel; ++t) {
        const Index first = axis.dilation * t - axis.padding.begin, last = first + axis.stride * (axis.output - 1);
        for (Index i = floor_mod(first, axis.stride); i < std::min(first, axis.input); i += axis.stride) lose(i);
        const Index after = std::max(last + axis.stride, floor_mod(last, axis.stride));
        for (Index i = after; i < axis.input; i += axis.stride) lose(i);
    }
    for (Index t = 0; t < axis.kernel && axis.boundary != Boundary::zero; ++t) {
        const auto read = [&](Index u) { return axis.stride * u + axis.dilation * t - axis.padding.begin; };
        const auto lose_sources = [&](Index q) {
            for (const Source& source : sources(axis.boundary, axis.input, q)) lose(source.position);
        };
        for (Index u = 0; u < axis.output && read(u) < 0; ++u) lose_sources(read(u));
        for (Index u = axis.output; u-- > 0 && read(u) >= axis.input;) lose_sources(read(u));
    }
    return std::ranges::count(inside, true);
}

// The divisor of k without a common factor with d that is nearest to s.
Index nearest_even_stride(const Axis& axis) {
    Index nearest = 1;
    for (Index s = 2; s <= axis.kernel; ++s)
        if (axis.kernel % s == 0 && std::gcd(s, axis.dilation) == 1 &&
            std::abs(s - axis.stride) < std::abs(nearest - axis.stride))
            nearest = s;
    return nearest;
}

AxisOverlap overlap_of(const Axis& axis) {
    AxisOverlap overlap{.kernel = axis.kernel, .stride = axis.stride, .dilation = axis.dilation, .counts = {}};
    overlap.counts.resize(static_cast<std::size_t>(axis.stride), 0);
    for (Index t = 0; t < axis.kernel; ++t) ++overlap.counts[static_cast<std::size_t>(phase_of(axis, t))];
    overlap.even = std::ranges::min(overlap.counts) == std::ranges::max(overlap.counts);
    if (std::gcd(axis.stride, axis.dilation) == 1) {
        overlap.kernel_below = axis.kernel / axis.stride * axis.stride;
        overlap.kernel_above = checked_mul(ceil_div(axis.kernel, axis.stride), axis.stride, "kernel extent");
    }
    overlap.nearest_stride = nearest_even_stride(axis);
    overlap.interior = interior_inputs(axis);
    return overlap;
}

// σ[c, ρ] and, for what rounding may be, the sum of magnitudes of each channel.
template <class S>
struct PhaseSums {
    Tensor<S> sums;
    std::vector<double> magnitudes;
};

template <class S>
PhaseSums<S> phase_sums_of(const ConvGeometry& g, const Tensor<S>& kernel) {
    Shape shape = {g.in_channels()}, taps;
    for (const Axis& axis : g.axes()) {
        shape.push_back(axis.stride);
        taps.push_back(axis.kernel);
    }
    PhaseSums<S> result{Tensor<S>(shape), std::vector<double>(static_cast<std::size_t>(g.in_channels()), 0)};
    const Index phases = result.sums.size() / g.in_channels();
    const Index ins = g.in_channels_per_group(), outs = g.out_channels_per_group();
    Shape t(taps.size(), 0);
    for (Index tap = 0; tap < g.kernel_size(); ++tap, advance(t, taps)) {
        Index phase = 0;
        for (std::size_t j = 0; j < t.size(); ++j) phase = phase * g.axes()[j].stride + phase_of(g.axes()[j], t[j]);
        for (Index pair = 0; pair < g.out_channels() * ins; ++pair) { // (o, c of the group)
            const Index channel = pair / ins / outs * ins + pair % ins;
            const S& weight = kernel[pair * g.kernel_size() + tap];
            result.sums[channel * phases + phase] += weight;
            result.magnitudes[static_cast<std::size_t>(channel)] += std::abs(weight);
        }
    }
    return result;
}

template <class S>
double diagonal_of(std::span<const S> values) {
    double low[2] = {std::real(values[0]), std::imag(values[0])}, high[2] = {low[0], low[1]};
    for (const S& value : values) {
        const double parts[2] = {std::real(value), std::imag(value)};
        for (int i = 0; i < 2; ++i) {
            low[i] = std::min(low[i], parts[i]);
            high[i] = std::max(high[i], parts[i]);
        }
    }
    return std::hypot(high[0] - low[0], high[1] - low[1]);
}

template <class S>
void measure_spread(Checkerboard& board, const PhaseSums<S>& phases, double epsilon, Index summands) {
    const std::size_t channels = phases.magnitudes.size(), count = phases.sums.values().size() / channels;
    const double rounding = // of two sums: of the weights, and of adding them up in double
        epsilon == 0 ? 0 : 2 * (epsilon + static_cast<double>(summands) * std::numeric_limits<double>::epsilon());
    for (std::size_t c = 0; c < channels; ++c) {
        const auto sums = std::span<const S>(phases.sums.values()).subspan(c * count, count);
        double most = 0;
        for (const S& sum : sums) most = std::max(most, std::abs(sum));
        const double difference = diagonal_of(sums);
        board.spread.push_back(most > 0 ? difference / most : 0);
        if (difference > rounding * phases.magnitudes[c]) board.even_sums = false;
    }
    board.largest_spread = std::ranges::max(board.spread);
}

template <class S>
void store(const Tensor<S>& from, double factor, Tensor<double>& real, Tensor<double>& imaginary) {
    real = Tensor<double>(from.shape());
    if constexpr (!is_real<S>) imaginary = Tensor<double>(from.shape());
    for (Index i = 0; i < from.size(); ++i) {
        real[i] = std::real(from[i]) * factor;
        if constexpr (!is_real<S>) imaginary[i] = std::imag(from[i]) * factor;
    }
}

std::string counts_in_words(const std::vector<Index>& counts) {
    constexpr std::size_t most = 12;
    std::string text;
    for (std::size_t i = 0; i < std::min(counts.size(), most); ++i) text += concat(i > 0 ? " " : "", counts[i]);
    return counts.size() > most ? text + " ..." : text;
}

std::string remedy(const AxisOverlap& a) {
    const auto instead = [](const char* name, Index to, Index from) {
        return concat(name, " = ", to, " instead of ", from);
    };
    const std::string stride = instead("s", a.nearest_stride, a.stride);
    if (a.kernel_above == 0)
        return concat("no k makes it even, as s and d have the common factor ", std::gcd(a.stride, a.dilation),
                      " and positions between are never painted; ", stride, " does");
    const bool below = a.kernel_below > 0 && a.kernel - a.kernel_below < a.kernel_above - a.kernel;
    return concat(instead("k", below ? a.kernel_below : a.kernel_above, a.kernel), " or ", stride, " makes it even");
}

std::string in_words(const AxisOverlap& a, std::size_t number) {
    const std::string axis =
        concat("Axis ", number, " (k = ", a.kernel, ", s = ", a.stride, ", d = ", a.dilation, "): ");
    if (a.stride == 1) return axis + "stride 1, one phase, nothing to report.\n";
    const std::string small = a.interior > 0 ? "" : " (all positions are near a border here)";
    if (a.even)
        return concat(axis, "every position is painted ", a.counts.front(), " times: even, as s divides k", small,
                      ".\n");
    return concat(axis, "positions are painted ", counts_in_words(a.counts), " times in turn", small, "; ", remedy(a),
                  ".\n");
}

std::string in_words(const Checkerboard& board) {
    const auto unit = [](const AxisOverlap& a) { return a.stride == 1; };
    if (std::ranges::all_of(board.axes, unit))
        return "Stride 1: nothing to report. Every position is painted by all taps, so a constant stays constant away "
               "from the borders.\n";
    std::string text;
    for (std::size_t j = 0; j < board.axes.size(); ++j) text += in_words(board.axes[j], j);
    if (board.even_sums)
        return text + "These weights paint a constant without a checkerboard: all phase sums are equal" +
               (board.even_overlap ? ".\n" : ", which makes up for the uneven overlap.\n");
    const auto worst = std::ranges::max_element(board.spread) - board.spread.begin();
    text += concat("These weights paint a constant as a checkerboard: the phase sums of channel ", worst, " differ by ",
                   100 * board.largest_spread, " % of the largest");
    return text + (board.even_overlap ? "; the overlap is even, so it is the weights alone.\n" : ".\n");
}

} // namespace

template <class S>
Checkerboard checkerboard_of(const ConvGeometry& geometry, const Tensor<S>& kernel, double epsilon) {
    const ScaledKernel<S> scaled(geometry, kernel, "checkerboard_of: the kernel");
    Checkerboard board;
    const PhaseSums<S> phases = phase_sums_of(geometry, scaled.kernel); // before the axes: its size is checked
    Tensor<S> of_ones(geometry.input_shape()), ones(geometry.output_shape());
    for (const Axis& axis : geometry.axes()) {
        board.axes.push_back(overlap_of(axis));
        board.even_overlap = board.even_overlap && board.axes.back().even;
    }
    measure_spread(board, phases, epsilon, geometry.out_channels_per_group() * geometry.kernel_size());
    std::ranges::fill(ones.values(), S(1));
    ConvOperator<S>(geometry, scaled.kernel).transpose().apply(ones.data(), of_ones.data());
    store(phases.sums, scaled.factor, board.phase_sums, board.phase_sums_imag);
    store(of_ones, scaled.factor, board.of_ones, board.of_ones_imag);
    board.text = in_words(board);
    return board;
}

template Checkerboard checkerboard_of(const ConvGeometry&, const Tensor<double>&, double);
template Checkerboard checkerboard_of(const ConvGeometry&, const Tensor<Complex>&, double);

} // namespace convmat::detail
