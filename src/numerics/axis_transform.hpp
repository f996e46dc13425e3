#pragma once

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/axis.hpp>

#include "scalars.hpp"

namespace convmat::numerics {

/// The unitary transform in which an axis is diagonal, whatever the weights of the other axes.
enum class AxisTransform { none, fourier, cosine, sine };

const char* name_of(AxisTransform transform);

/// Fourier: periodic with n = s m. Cosine (DCT-II): half-symmetric, or replicate where no tap reaches further than one
/// position, with K mirrored on this axis. Sine (DST-I): zero, with K mirrored and no tap further than one position.
/// `j` is the axis's number among K's axes (O, C, k...).
template <class S>
AxisTransform transform_of(const Axis& axis, const Tensor<S>& kernel, std::size_t j);

/// Frequencies of the input that read one frequency of the output: s for Fourier, otherwise 1.
Index aliases_of(const Axis& axis, AxisTransform transform);

/// What frequency f multiplies tap t by: e^{2 pi i f (d t - p) / n}, cos(pi f (d t - p) / n), or
/// cos(pi (f + 1) (d t - p) / (n + 1)).
Complex wave(const Axis& axis, AxisTransform transform, Index f, Index t);

/// Value i of the unit vector that belongs to frequency f on an axis of n positions.
Complex basis(AxisTransform transform, Index n, Index f, Index i);

} // namespace convmat::numerics
