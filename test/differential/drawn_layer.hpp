#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>

#include <convmat/base/error.hpp>
#include <convmat/geometry/conv_geometry.hpp>

#include "oracle.hpp"

namespace convmat::differential {

/// Numbers that are the same on every machine for the same seed and count.
class Dice {
  public:
    Dice(std::uint64_t seed, std::uint64_t layer) {
        std::seed_seq sequence{seed & 0xffffffffU, seed >> 32, layer & 0xffffffffU, layer >> 32};
        random_.seed(sequence);
    }
    long between(long least, long most) {
        return least + static_cast<long>(random_() % static_cast<std::uint64_t>(most - least + 1));
    }
    bool one_in(long n) { return between(1, n) == 1; }

  private:
    std::mt19937_64 random_;
};

/// The outputs (or, of a transposed layer, the inputs of W) that docs/conventions.md gives an axis; false where there
/// are none.
inline bool finish_axis(AxisNumbers& axis, bool transposed, long output_padding) {
    const long reach = axis.d * (axis.k - 1) + 1;
    if (transposed) axis.n = axis.s * (axis.m - 1) + reach - axis.begin - axis.end + output_padding;
    if (axis.n < 1 || axis.n + axis.begin + axis.end < reach) return false;
    if (!transposed) axis.m = (axis.n + axis.begin + axis.end - reach) / axis.s + 1;
    return true;
}

inline AxisNumbers draw_axis(Dice& dice, long rank) {
    constexpr long most_input[] = {40, 12, 6, 4}, most_kernel[] = {9, 5, 3, 3};
    AxisNumbers axis;
    axis.n = axis.m = dice.one_in(5) ? 1 : dice.between(1, most_input[rank - 1]);
    axis.k = dice.between(1, most_kernel[rank - 1]);
    axis.s = dice.one_in(2) ? 1 : dice.between(2, 4);
    axis.d = dice.one_in(2) ? 1 : dice.between(2, 4);
    axis.boundary = all_boundaries[static_cast<std::size_t>(dice.between(0, 5))];
    const long most = dice.one_in(6) ? 2 * axis.n + 3 : 3;
    axis.begin = dice.between(-3, most);
    axis.end = dice.between(-3, most);
    return axis;
}

/// A small layer of any kind: `possible` says whether it has inputs and outputs at all.
struct DrawnLayer {
    LayerNumbers numbers;
    bool possible = true;

    explicit DrawnLayer(Dice& dice) {
        const long rank = dice.between(1, 4);
        numbers.groups = dice.one_in(3) ? dice.between(2, 3) : 1;
        numbers.in = numbers.groups * dice.between(1, rank < 3 ? 3 : 2);
        numbers.out = numbers.groups * dice.between(1, 2);
        numbers.transposed = dice.one_in(4);
        for (long j = 0; j < rank; ++j) {
            AxisNumbers axis = draw_axis(dice, rank);
            const long most = std::max(axis.s, axis.d) - 1;
            numbers.output_padding.push_back(numbers.transposed ? dice.between(0, most) : 0);
            possible = finish_axis(axis, numbers.transposed, numbers.output_padding.back()) && possible;
            numbers.axes.push_back(axis);
        }
    }
};

/// The same layer in the library's words.
inline ConvGeometry geometry_of(const LayerNumbers& layer) {
    const auto fill = [&layer](auto spec) {
        spec.groups = layer.groups;
        for (const AxisNumbers& axis : layer.axes) {
            spec.input.push_back(layer.transposed ? axis.m : axis.n);
            spec.kernel.push_back(axis.k);
            spec.stride.push_back(axis.s);
            spec.dilation.push_back(axis.d);
            spec.padding.push_back({axis.begin, axis.end});
            spec.boundary.push_back(axis.boundary);
        }
        spec.in_channels = layer.transposed ? layer.out : layer.in;
        spec.out_channels = layer.transposed ? layer.in : layer.out;
        return spec;
    };
    if (!layer.transposed) return ConvGeometry(fill(ConvSpec()));
    TransposedSpec spec = fill(TransposedSpec());
    spec.output_padding.assign(layer.output_padding.begin(), layer.output_padding.end());
    return ConvGeometry::from_transposed(spec);
}

inline std::string describe(const LayerNumbers& layer) {
    std::string text = concat(layer.transposed ? "transposed, W " : "W ", "channels ", layer.in, "->", layer.out,
                              " groups ", layer.groups);
    for (std::size_t j = 0; j < layer.axes.size(); ++j) {
        const AxisNumbers& a = layer.axes[j];
        text += concat(" | n=", a.n, " k=", a.k, " m=", a.m, " s=", a.s, " d=", a.d, " p=", a.begin, ":", a.end,
                       " a=", layer.output_padding[j], " ", to_string(a.boundary));
    }
    return text;
}

} // namespace convmat::differential
