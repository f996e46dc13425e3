#pragma once

// A convolution by another hand: written from docs/conventions.md alone, with its own numbers, and sharing no code with
// the library, reference:: least of all. Every axis is extended by a dense matrix whose rows are the boundary's rule
// read aloud, then the extended array is correlated. Slow, and plain enough to be believed.

#include <cstddef>
#include <utility>
#include <vector>

#include <convmat/geometry/boundary.hpp>

namespace convmat::differential {

struct AxisNumbers {
    long n = 1, k = 1, m = 1, s = 1, d = 1, begin = 0, end = 0;
    Boundary boundary = Boundary::zero;
};

struct LayerNumbers {
    long in = 1, out = 1, groups = 1;
    std::vector<AxisNumbers> axes;
    bool transposed = false;
    std::vector<long> output_padding;
};

/// An array of any rank, the last index running fastest.
template <class S>
struct Array {
    std::vector<long> shape;
    std::vector<S> values;

    explicit Array(std::vector<long> extents) : shape(std::move(extents)) {
        std::size_t count = 1;
        for (const long extent : shape) count *= static_cast<std::size_t>(extent);
        values.resize(count);
    }
    S& operator[](const std::vector<long>& index) {
        long place = 0;
        for (std::size_t j = 0; j < shape.size(); ++j) place = place * shape[j] + index[j];
        return values[static_cast<std::size_t>(place)];
    }
};

/// Calls f(index) for every index of the shape.
template <class F>
void for_each_index(const std::vector<long>& shape, const F& f) {
    std::vector<long> index(shape.size(), 0);
    for (std::size_t j = shape.size() + 1; j > 0;) {
        f(index);
        for (j = shape.size(); j > 0 && ++index[j - 1] == shape[j - 1]; --j) index[j - 1] = 0;
    }
}

/// row += coefficient · (x at position q, as a combination of x[0..n)).
template <class S>
void add_position(Boundary boundary, long q, S coefficient, std::vector<S>& row) {
    const long n = static_cast<long>(row.size());
    const long last = n - 1;
    if (q >= 0 && q <= last) {
        row[static_cast<std::size_t>(q)] += coefficient;
        return;
    }
    const long edge = q < 0 ? 0 : last;
    switch (boundary) {
    case Boundary::zero:
        return;
    case Boundary::periodic:
        return add_position(boundary, q < 0 ? q + n : q - n, coefficient, row);
    case Boundary::half_symmetric:
        return add_position(boundary, q < 0 ? -1 - q : 2 * n - 1 - q, coefficient, row);
    case Boundary::whole_symmetric:
        return add_position(boundary, n == 1 ? 0 : 2 * edge - q, coefficient, row);
    case Boundary::replicate:
        return add_position(boundary, edge, coefficient, row);
    case Boundary::antireflective:
        if (n == 1) return add_position(boundary, 0, coefficient, row);
        add_position(boundary, edge, coefficient + coefficient, row);
        add_position(boundary, 2 * edge - q, -coefficient, row);
    }
}

/// (n + begin + end) x n: what stands at each position of the padded axis.
template <class S>
std::vector<std::vector<S>> extension(const AxisNumbers& axis) {
    std::vector<std::vector<S>> rows;
    for (long q = -axis.begin; q < axis.n + axis.end; ++q) {
        rows.emplace_back(static_cast<std::size_t>(axis.n), S(0));
        add_position(axis.boundary, q, S(1), rows.back());
    }
    return rows;
}

/// The array with its axis `along` multiplied by the matrix, or by the matrix's transpose.
template <class S>
Array<S> along_axis(Array<S> x, std::size_t along, const std::vector<std::vector<S>>& matrix, bool transposed) {
    auto shape = x.shape;
    shape[along] = static_cast<long>(transposed ? matrix.front().size() : matrix.size());
    Array<S> y(shape);
    for_each_index(x.shape, [&](const std::vector<long>& from) {
        auto to = from;
        for (long i = 0; i < shape[along]; ++i) {
            const auto [row, column] = transposed ? std::pair(from[along], i) : std::pair(i, from[along]);
            const S factor = matrix[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
            if (factor == S(0)) continue;
            to[along] = i;
            y[to] += factor * x[from];
        }
    });
    return y;
}

/// (channels, an extent of every axis).
inline std::vector<long> shape_of(long channels, const LayerNumbers& layer, long AxisNumbers::*extent) {
    std::vector<long> shape = {channels};
    for (const AxisNumbers& axis : layer.axes) shape.push_back(axis.*extent);
    return shape;
}

/// Calls f(place of Y, place of the padded X, place of K) for every product that the sum over c and t has.
template <class F>
void for_each_product(const LayerNumbers& layer, const F& f) {
    auto kernel = shape_of(layer.in / layer.groups, layer, &AxisNumbers::k);
    for_each_index(shape_of(layer.out, layer, &AxisNumbers::m), [&](const std::vector<long>& output) {
        const long group = output[0] / (layer.out / layer.groups);
        for_each_index(kernel, [&](const std::vector<long>& tap) {
            std::vector<long> weight = {output[0]};
            weight.insert(weight.end(), tap.begin(), tap.end());
            std::vector<long> padded = {group * (layer.in / layer.groups) + tap[0]};
            for (std::size_t j = 0; j < layer.axes.size(); ++j)
                padded.push_back(layer.axes[j].s * output[j + 1] + layer.axes[j].d * tap[j + 1]);
            f(output, padded, weight);
        });
    });
}

/// Y = W X.
template <class S>
Array<S> convolve(const LayerNumbers& layer, Array<S> kernel, Array<S> x) {
    for (std::size_t j = 0; j < layer.axes.size(); ++j) x = along_axis(x, j + 1, extension<S>(layer.axes[j]), false);
    Array<S> y(shape_of(layer.out, layer, &AxisNumbers::m));
    for_each_product(layer, [&](const auto& output, const auto& padded, const auto& weight) {
        y[output] += kernel[weight] * x[padded];
    });
    return y;
}

/// X = W^T Y: what was read is written to, and the other way round.
template <class S>
Array<S> transpose(const LayerNumbers& layer, Array<S> kernel, Array<S> y) {
    auto shape = shape_of(layer.in, layer, &AxisNumbers::n);
    for (std::size_t j = 0; j < layer.axes.size(); ++j) shape[j + 1] += layer.axes[j].begin + layer.axes[j].end;
    Array<S> x(shape);
    for_each_product(layer, [&](const auto& output, const auto& padded, const auto& weight) {
        x[padded] += kernel[weight] * y[output];
    });
    for (std::size_t j = 0; j < layer.axes.size(); ++j) x = along_axis(x, j + 1, extension<S>(layer.axes[j]), true);
    return x;
}

} // namespace convmat::differential
