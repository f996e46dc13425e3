#pragma once

#include <utility>

#include <convmat/base/rearrange.hpp>
#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>

#include "structure/dense_structure.hpp"
#include "support/random_layer.hpp"

namespace convmat::test {

/// Of the dense matrices that are looked at.
inline constexpr Index most_entries = 20'000;

/// Layers that meet the classes: windows that keep the extent, cover it causally or tile it, under few boundaries.
class LikelyLayers {
  public:
    explicit LikelyLayers(unsigned seed) : layers_(seed) {}

    ConvGeometry geometry(Index rank) {
        for (;;) {
            ConvSpec spec;
            spec.groups = pick(2) ? 1 : between(2, 3);
            spec.in_channels = spec.groups * (pick(2) ? 1 : between(1, 3));
            spec.out_channels = pick(3) ? spec.groups * between(1, 4) : spec.in_channels;
            const bool alike = pick(2);
            const Index kind = between(0, 4);
            for (Index j = 0; j < rank; ++j) add_axis(spec, alike ? kind : between(0, 4), rank);
            try {
                const ConvGeometry geometry(spec);
                if (geometry.rows() * geometry.cols() <= most_entries) return geometry;
            } catch (const GeometryError&) { // a tile that does not fit: draw again
            }
        }
    }

    /// Values of every kind: dense, few, one a channel, a product, mirrored.
    Tensor<Integer> kernel(const ConvGeometry& g) {
        const Shape shape = g.kernel_shape();
        Tensor<Integer> kernel = layers_.integers<Integer>(shape);
        switch (between(0, 7)) {
        case 0:
            return product(g);
        case 1:
        case 2:
            return mirrored(std::move(kernel));
        case 3:
            for (Integer& value : kernel.values())
                if (!pick(3)) value = 0;
            return kernel;
        case 4:
            return one_a_channel(g);
        case 5:
            return mirrored(product(g));
        default:
            return kernel;
        }
    }

    /// One weight for each output channel, 1 but for one in eight; the first channels one after the other.
    Tensor<Integer> one_a_channel(const ConvGeometry& g) {
        Tensor<Integer> kernel(g.kernel_shape());
        const Index weights = kernel.size() / g.out_channels(), start = between(0, 1) * between(0, weights - 1);
        const bool in_turn = pick(2);
        for (Index o = 0; o < g.out_channels(); ++o)
            kernel[o * weights + (in_turn ? (start + o) % weights : between(0, weights - 1))] = pick(16) ? -1 : 1;
        return kernel;
    }

    Index between(Index least, Index most) { return layers_.between(least, most); }
    bool pick(Index one_in) { return between(1, one_in) == 1; }

  private:
    void add_axis(ConvSpec& spec, Index kind, Index rank) {
        const Index k = pick(4) ? 1 : between(1, 3), d = between(1, 2), reach = d * (k - 1);
        const Index n = pick(6) ? 1 : between(1, rank == 1 ? 9 : rank == 2 ? 6 : 4), s = between(1, 3);
        spec.kernel.push_back(kind == 4 && pick(2) ? s : k);
        spec.dilation.push_back(kind == 4 ? 1 : d);
        spec.input.push_back(kind >= 3 ? s * between(1, 3) : n);
        spec.stride.push_back(kind >= 3 ? s : 1);
        const Index before = pick(2) || kind == 1 ? reach / 2 : pick(2) ? reach : between(-1, reach + 1);
        spec.padding.push_back(kind == 4 ? Padding{} : Padding{before, reach - before - (kind == 3 ? s - 1 : 0)});
        const Boundary mirror = pick(2) ? Boundary::half_symmetric : Boundary::replicate;
        spec.boundary.push_back(kind == 0 || kind == 3 ? Boundary::periodic : kind == 1 ? mirror : Boundary::zero);
    }

    Tensor<Integer> product(const ConvGeometry& g) {
        const Shape shape = g.kernel_shape(), pair = {shape[0], shape[1]};
        const Tensor<Integer> channels = layers_.integers<Integer>(pair);
        Tensor<Integer> kernel(shape);
        for (Index i = 0; i < kernel.size(); ++i) kernel[i] = channels[i / g.kernel_size()];
        const Shape steps = detail::steps_of(shape);
        for (std::size_t j = 2; j < shape.size(); ++j) {
            const Tensor<Integer> along = layers_.integers<Integer>({shape[j]});
            for (Index i = 0; i < kernel.size(); ++i) kernel[i] *= along[i / steps[j] % shape[j]];
        }
        return kernel;
    }

    static Tensor<Integer> mirrored(Tensor<Integer> kernel) {
        const Shape steps = detail::steps_of(kernel.shape());
        for (std::size_t j = 2; j < steps.size(); ++j)
            for (Index i = 0; i < kernel.size(); ++i) {
                const Index extent = kernel.shape()[j], t = i / steps[j] % extent;
                if (2 * t >= extent) kernel[i] = kernel[i + (extent - 1 - 2 * t) * steps[j]];
            }
        return kernel;
    }

    RandomLayers layers_;
};

} // namespace convmat::test
