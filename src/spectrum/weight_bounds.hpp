#pragma once

#include <vector>

#include <convmat/geometry/conv_geometry.hpp>

#include "../numerics/axis_norms.hpp"
#include "../numerics/scaled_kernel.hpp"

/// The numbers of one group's weights that bounds of ||W||_2 are made of.
namespace convmat::spectrum {

using numerics::AxisNorms;
using numerics::ScaledKernel;

/// A layer with its weights scaled, and its axes in numbers. The geometry must outlive it.
template <class S>
struct ScaledLayer {
    ScaledLayer(const ConvGeometry& of, const Tensor<S>& weights, const char* who)
        : geometry(of),
          kernel(of, weights, who) {
        for (const Axis& axis : of.axes()) axes.emplace_back(axis);
    }

    Index outs() const { return geometry.out_channels_per_group(); }
    Index ins() const { return geometry.in_channels_per_group(); }
    Index taps() const { return geometry.kernel_size(); }
    Index group_size() const { return outs() * ins() * taps(); }
    /// The weights of a group, (outs, ins, k...).
    const S* group(Index g) const { return kernel.kernel.data() + g * group_size(); }

    const ConvGeometry& geometry;
    ScaledKernel<S> kernel;
    std::vector<AxisNorms> axes;
};

/// ||W_g||_F = sqrt(<K, (G_1 ⊗ ... ⊗ G_D) K>); taps that meet may cancel, and what rounding makes of that is added.
template <class S>
double frobenius_of_group(const ScaledLayer<S>& layer, const S* weights);

/// sqrt(||W_g||_1 ||W_g||_inf), or a little more.
template <class S>
double schur_of_group(const ScaledLayer<S>& layer, const S* weights);

/// prod_j ||Π_tj|| for every tap, row-major.
template <class S>
std::vector<double> tap_norms(const ScaledLayer<S>& layer);

/// sum_t ||K_t||_2 norms[t]
template <class S>
double taps_of_group(const ScaledLayer<S>& layer, const S* weights, const std::vector<double>& norms);

/// ||N||_2, N[o, c] = sum_t |K[o, c, t]| norms[t]
template <class S>
double young_of_group(const ScaledLayer<S>& layer, const S* weights, const std::vector<double>& norms);

/// ||K_mat||_2 of K as an (outs) x (ins taps) matrix.
template <class S>
double reshaped_of_group(const ScaledLayer<S>& layer, const S* weights);

} // namespace convmat::spectrum
