#include "effective_layer.hpp"

#include <algorithm>
#include <complex>
#include <cstdint>

#include <convmat/base/checked.hpp>
#include <convmat/base/positions.hpp>
#include <convmat/geometry/axes.hpp>

namespace convmat::detail {
namespace {

// Whether some output reads an input by tap t: 0 <= s u + d t - p < n for some 0 <= u < m.
bool touches(const Axis& axis, Index t) {
    if (axis.boundary != Boundary::zero) return true; // each extended value is a combination of inputs
    const Index offset = axis.dilation * t - axis.padding.begin;
    const Index first = std::max<Index>(0, ceil_div(-offset, axis.stride));
    const Index last = std::min(axis.output - 1, floor_div(axis.input - 1 - offset, axis.stride));
    return first <= last;
}

Axis cut(Axis axis, Index first, Index last) {
    axis.padding.begin -= axis.dilation * first;
    axis.padding.end -= axis.dilation * (axis.kernel - 1 - last);
    axis.kernel = last - first + 1;
    return axis;
}

// The boundary that reads the same, of those that are simpler to reason about.
Boundary simplest_boundary(const Axis& axis) {
    const Index first = -axis.padding.begin;
    const Index last = first + axis.stride * (axis.output - 1) + axis.effective_kernel() - 1;
    if (axis.boundary == Boundary::zero || is_inside(axis)) return Boundary::zero;
    if (axis.input == 1) return Boundary::periodic;
    if (axis.boundary == Boundary::whole_symmetric && axis.input == 2) return Boundary::periodic;
    if (axis.boundary == Boundary::replicate && first >= -1 && last <= axis.input) return Boundary::half_symmetric;
    return axis.boundary;
}

Index offset_of(const Axis& axis, Index t) {
    if (is_scalar(axis) && axis.boundary != Boundary::zero) return 0;
    return axis.dilation * t - axis.padding.begin;
}

Shape offsets_of(const ConvGeometry& geometry, const Shape& tap) {
    Shape offsets;
    for (std::size_t j = 0; j < tap.size(); ++j) offsets.push_back(offset_of(geometry.axes()[j], tap[j]));
    return offsets;
}

// The axes cut to the taps first..last; `least` and `most` are the extreme offsets.
EffectiveLayer cut(const ConvGeometry& geometry, const Shape& first, const Shape& last, const Shape& least,
                   const Shape& most) {
    EffectiveLayer layer;
    layer.first_tap = first;
    layer.least = least;
    layer.most = most;
    for (std::size_t j = 0; j < first.size(); ++j) {
        const Axis& axis = geometry.axes()[j];
        layer.axes.push_back(cut(axis, first[j], last[j]));
        layer.axes.back().boundary = simplest_boundary(layer.axes.back());
        layer.was_periodic.push_back(axis.boundary == Boundary::periodic ||
                                     simplest_boundary(axis) == Boundary::periodic);
    }
    return layer;
}

EffectiveLayer nothing() {
    EffectiveLayer layer;
    layer.is_zero = true;
    return layer;
}

// Which taps have a weight that is not 0, between any two channels.
template <ScalarType Scalar>
std::vector<bool> taps_with_weights(const Tensor<Scalar>& kernel, Index taps) {
    std::vector<bool> used(static_cast<std::size_t>(taps), false);
    for (Index i = 0; i < kernel.size(); ++i)
        if (kernel[i] != Scalar(0)) used[static_cast<std::size_t>(i % taps)] = true;
    return used;
}

} // namespace

EffectiveLayer effective_layer(const ConvGeometry& geometry) {
    Shape first, last;
    for (const Axis& axis : geometry.axes()) {
        Index t = 0, end = axis.kernel;
        while (t < end && !touches(axis, t)) ++t;
        while (end > t && !touches(axis, end - 1)) --end;
        if (t == end) return nothing();
        first.push_back(t);
        last.push_back(end - 1);
    }
    return cut(geometry, first, last, offsets_of(geometry, first), offsets_of(geometry, last));
}

template <ScalarType Scalar>
EffectiveLayer effective_layer(const ConvGeometry& geometry, const Tensor<Scalar>& kernel) {
    const std::vector<bool> used = taps_with_weights(kernel, geometry.kernel_size());
    std::vector<std::vector<bool>> touching;
    for (const Axis& axis : geometry.axes()) {
        touching.emplace_back();
        for (Index t = 0; t < axis.kernel; ++t) touching.back().push_back(touches(axis, t));
    }
    Shape first, last, least, most;
    Index number = 0;
    for_each_position(each_axis(geometry.axes(), &Axis::kernel), [&](const Shape& t) {
        bool touches_w = used[static_cast<std::size_t>(number++)];
        for (std::size_t j = 0; touches_w && j < t.size(); ++j) touches_w = touching[j][static_cast<std::size_t>(t[j])];
        if (!touches_w) return;
        const Shape offsets = offsets_of(geometry, t);
        if (first.empty()) {
            first = last = t;
            least = most = offsets;
        }
        least = std::min(least, offsets);
        most = std::max(most, offsets);
        for (std::size_t j = 0; j < t.size(); ++j) {
            first[j] = std::min(first[j], t[j]);
            last[j] = std::max(last[j], t[j]);
        }
    });
    return first.empty() ? nothing() : cut(geometry, first, last, least, most);
}

template EffectiveLayer effective_layer(const ConvGeometry&, const Tensor<float>&);
template EffectiveLayer effective_layer(const ConvGeometry&, const Tensor<double>&);
template EffectiveLayer effective_layer(const ConvGeometry&, const Tensor<std::complex<float>>&);
template EffectiveLayer effective_layer(const ConvGeometry&, const Tensor<std::complex<double>>&);
template EffectiveLayer effective_layer(const ConvGeometry&, const Tensor<std::int64_t>&);

} // namespace convmat::detail
