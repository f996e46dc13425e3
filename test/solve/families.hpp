#pragma once

#include <cstdlib>
#include <vector>

#include "../support/random_layer.hpp"

/// Random layers of the kinds that each method of solution wants, which RandomLayers seldom draws.
namespace convmat::test {

template <class S>
struct Layer {
    ConvGeometry geometry;
    Tensor<S> kernel;
};

/// Channels and groups of a spec.
inline void draw_channels(RandomLayers& layers, ConvSpec& spec, bool square) {
    spec.groups = layers.between(0, 2) == 0 ? 2 : 1;
    spec.in_channels = spec.groups * layers.between(1, 2);
    spec.out_channels = square ? spec.in_channels : spec.groups * layers.between(1, 2);
}

inline void add_axis(ConvSpec& spec, Index n, Index k, Index s, Index d, Padding padding, Boundary boundary) {
    spec.input.push_back(n);
    spec.kernel.push_back(k);
    spec.stride.push_back(s);
    spec.dilation.push_back(d);
    spec.padding.push_back(padding);
    spec.boundary.push_back(boundary);
}

/// m = n / s: the windows start at every s-th position, wherever that is.
inline void add_periodic_axis(RandomLayers& layers, ConvSpec& spec, Index stride) {
    const Index n = stride * layers.between(1, 4), k = layers.between(1, 4), d = layers.between(1, 2);
    const Index begin = layers.between(-1, 3);
    add_axis(spec, n, k, stride, d, {begin, d * (k - 1) + 1 - stride - begin}, Boundary::periodic);
}

/// m = n, the middle tap above its output.
inline void add_centred_axis(RandomLayers& layers, ConvSpec& spec, Index most_radius, Boundary boundary) {
    const Index n = layers.between(1, 6), radius = layers.between(0, most_radius);
    const Index d = radius > 0 && most_radius > 1 ? layers.between(1, 2) : 1;
    add_axis(spec, n, 2 * radius + 1, 1, d, {d * radius, d * radius}, boundary);
}

/// K[..., t, ...] = K[..., k - 1 - t, ...] on the given axis.
template <class S>
void mirror(Tensor<S>& kernel, std::size_t axis) {
    Index inner = 1;
    for (std::size_t j = kernel.shape().size(); j-- > axis + 3;) inner *= kernel.shape()[j];
    const Index k = kernel.shape()[axis + 2];
    for (Index i = 0; i < kernel.size(); ++i) {
        const Index t = i / inner % k;
        if (t > k - 1 - t) kernel[i] = kernel[i + (k - 1 - 2 * t) * inner];
    }
}

template <class S>
Layer<S> integers_on(RandomLayers& layers, const ConvSpec& spec, const std::vector<std::size_t>& mirrored = {}) {
    const ConvGeometry geometry(spec);
    Tensor<S> kernel = layers.integers<S>(geometry.kernel_shape());
    for (const std::size_t axis : mirrored) mirror(kernel, axis);
    return {geometry, kernel};
}

/// Every axis periodic, with a stride that divides it.
template <class S>
Layer<S> periodic_layer(RandomLayers& layers) {
    ConvSpec spec;
    draw_channels(layers, spec, false);
    const Index rank = layers.between(1, 2);
    for (Index j = 0; j < rank; ++j) add_periodic_axis(layers, spec, layers.between(1, 2));
    return integers_on<S>(layers, spec);
}

/// Every axis half-symmetric, or zero-padded of at most three taps; the kernel mirrored.
template <class S>
Layer<S> mirrored_layer(RandomLayers& layers) {
    ConvSpec spec;
    draw_channels(layers, spec, false);
    const Index rank = layers.between(1, 2);
    std::vector<std::size_t> all;
    for (Index j = 0; j < rank; ++j) {
        if (layers.between(0, 1) == 0)
            add_centred_axis(layers, spec, 2, Boundary::half_symmetric);
        else
            add_centred_axis(layers, spec, 1, Boundary::zero);
        all.push_back(static_cast<std::size_t>(j));
    }
    return integers_on<S>(layers, spec, all);
}

/// One axis periodic, the other half-symmetric, or replicated without symmetry and so left to dense blocks; in any
/// order.
template <class S>
Layer<S> mixed_layer(RandomLayers& layers) {
    ConvSpec spec;
    draw_channels(layers, spec, false);
    const bool half = layers.between(0, 1) == 0, first = layers.between(0, 1) == 0;
    if (first) add_periodic_axis(layers, spec, layers.between(1, 2));
    add_centred_axis(layers, spec, 2, half ? Boundary::half_symmetric : Boundary::replicate);
    if (!first) add_periodic_axis(layers, spec, layers.between(1, 2));
    return integers_on<S>(layers, spec, half ? std::vector<std::size_t>{first ? 1u : 0u} : std::vector<std::size_t>{});
}

/// K[o, c, t] = M[o, c] a[t_1] b[t_2], any boundaries; the factors of each group are its own.
template <class S>
Layer<S> separable_layer(RandomLayers& layers) {
    ConvSpec spec;
    draw_channels(layers, spec, false);
    const Index rank = layers.between(2, 3);
    for (Index j = 0; j < rank; ++j)
        add_axis(spec, layers.between(3, rank == 2 ? 7 : 4), layers.between(1, 3), layers.between(1, 2), 1,
                 {layers.between(0, 2), layers.between(0, 2)},
                 all_boundaries[static_cast<std::size_t>(layers.between(0, 5))]);
    const ConvGeometry geometry(spec);
    Tensor<S> kernel(geometry.kernel_shape());
    const Tensor<S> channels = layers.integers<S>({geometry.out_channels() * geometry.in_channels_per_group()});
    std::vector<Tensor<S>> factors; // of all groups, one after the other
    for (const Axis& axis : geometry.axes()) factors.push_back(layers.integers<S>({geometry.groups() * axis.kernel}));
    for (Index i = 0; i < kernel.size(); ++i) {
        const Index pair = i / geometry.kernel_size();
        const Index group = pair / geometry.in_channels_per_group() / geometry.out_channels_per_group();
        S value = channels[pair];
        for (Index j = geometry.rank(), rest = i; j-- > 0;) {
            const Index k = geometry.axis(j).kernel;
            value *= factors[static_cast<std::size_t>(j)][group * k + rest % k];
            rest /= k;
        }
        kernel[i] = value;
    }
    return {geometry, kernel};
}

/// Depthwise, and every window ends (or starts) at its own position in row-major order, as PixelCNN's do; the weight of
/// that position outweighs the others together.
template <class S>
Layer<S> causal_layer(RandomLayers& layers) {
    ConvSpec spec;
    spec.groups = spec.in_channels = spec.out_channels = layers.between(1, 2);
    const Index rank = layers.between(1, 3);
    for (Index j = 0; j < rank; ++j) add_centred_axis(layers, spec, 2, Boundary::zero);
    Layer<S> layer = integers_on<S>(layers, spec);
    const Index taps = layer.geometry.kernel_size(), middle = taps / 2;
    const bool behind = layers.between(0, 1) == 0;
    for (Index i = 0; i < layer.kernel.size(); ++i) {
        const Index t = i % taps;
        if (behind ? t < middle : t > middle) layer.kernel[i] = S(0);
        if (t == middle) layer.kernel[i] = S(static_cast<double>(16 * taps));
    }
    return layer;
}

/// As many outputs as inputs, zero padding; any kernel.
template <class S>
Layer<S> square_layer(RandomLayers& layers) {
    ConvSpec spec;
    draw_channels(layers, spec, true);
    const Index rank = layers.between(1, 2);
    for (Index j = 0; j < rank; ++j) add_centred_axis(layers, spec, 2, Boundary::zero);
    return integers_on<S>(layers, spec);
}

} // namespace convmat::test
