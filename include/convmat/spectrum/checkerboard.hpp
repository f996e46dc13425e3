#pragma once

#include <limits>
#include <string>
#include <vector>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/spectrum/singular_values.hpp>

namespace convmat {

/// How often the windows of one axis cover what W reads, that is what W^T paints: with K = 1, away from the borders.
struct AxisOverlap {
    Index kernel = 1;          ///< k
    Index stride = 1;          ///< s
    Index dilation = 1;        ///< d
    std::vector<Index> counts; ///< of position i, at i mod s: the taps t with d t - p = i (mod s)
    bool even = true;          ///< all counts are equal: gcd(s, d) = 1 and s divides k
    Index kernel_below = 0;    ///< the largest k' <= k that makes them equal; 0: there is none
    Index kernel_above = 0;    ///< the least k' >= k that does; 0: none does, as gcd(s, d) > 1
    Index nearest_stride = 1;  ///< the s' nearest to s that makes them equal, of two the smaller: it divides k
    Index interior = 0;        ///< positions that every tap of their phase paints, and no boundary adds to
};

/// What the transposed layer makes of a constant, and why: checkerboards are phases with different sums.
struct Checkerboard {
    std::vector<AxisOverlap> axes;
    bool even_overlap = true;  ///< on every axis
    Tensor<double> phase_sums; ///< shape (C, s...): what W^T 1 is at positions i = ρ (mod s) away from the borders
    Tensor<double> phase_sums_imag; ///< of complex weights, otherwise empty; phase_sums are then the real parts
    std::vector<double> spread;     ///< of each channel, (largest - smallest) / largest magnitude of its phase sums;
                                    ///< complex: the diagonal of the rectangle around them for the difference
    double largest_spread = 0;
    bool even_sums = true;       ///< every channel's phase sums are equal up to rounding: a constant stays constant
    Tensor<double> of_ones;      ///< W^T 1, shape (C, n...), borders included
    Tensor<double> of_ones_imag; ///< of complex weights, otherwise empty
    std::string text;            ///< all that in sentences, with what to change
};

namespace detail {

/// `epsilon`: what a weight was rounded by; 0 for integers.
template <class S>
Checkerboard checkerboard_of(const ConvGeometry& geometry, const Tensor<S>& kernel, double epsilon);

} // namespace detail

/// (W^T 1)[c, i] = σ[c, i mod s],  σ[c, ρ] = sum_o sum_{t: d t - p = ρ (mod s)} K[o, c, t]
///
/// at every position i away from the borders: the transposed layer paints a constant as a checkerboard unless the phase
/// sums σ of each of its output channels c (W's input channels) are equal (I-53; A. Odena, V. Dumoulin and C. Olah,
/// Deconvolution and Checkerboard Artifacts, 2016). Weights that are all equal paint as many times as windows overlap:
/// floor(k/s) or ceil(k/s) on an axis, with d = 1; with gcd(s, d) > 1 some positions are never painted, whatever k is.
/// With stride 1 there is one phase and nothing to see. Cost: O(weights) and one product with W^T. Throws ShapeError
/// when K does not fit the geometry, ArgumentError for a weight that is not finite, SizeError when the phases
/// or the positions do not fit memory.
template <ScalarType Scalar>
Checkerboard checkerboard_of(const ConvGeometry& geometry, const Tensor<Scalar>& kernel) {
    using Real = typename Eigen::NumTraits<Scalar>::Real;
    const double epsilon = std::is_integral_v<Real> ? 0.0 : static_cast<double>(std::numeric_limits<Real>::epsilon());
    return detail::checkerboard_of(geometry, detail::widened<Spectral<Scalar>>(kernel), epsilon);
}

} // namespace convmat
