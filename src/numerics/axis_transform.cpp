#include "axis_transform.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <convmat/base/checked.hpp>
#include <convmat/base/turn.hpp>
#include <convmat/structure/mirrored.hpp>

namespace convmat::numerics {
namespace {

__extension__ using Wide = __int128;

// Of a b / n turns.
Complex turn_of_product(Index a, Index b, Index n) {
    return turn(static_cast<Index>(Wide{floor_mod(a, n)} * floor_mod(b, n) % n), n);
}

// Whether the taps lie as far before the output's own position as behind it, and there are as many outputs as inputs.
bool centred(const Axis& axis) {
    return axis.stride == 1 && axis.output == axis.input && axis.effective_kernel() == 2 * axis.padding.begin + 1;
}

} // namespace

const char* name_of(AxisTransform transform) {
    switch (transform) {
    case AxisTransform::fourier:
        return "Fourier transform";
    case AxisTransform::cosine:
        return "cosine transform (DCT-II)";
    case AxisTransform::sine:
        return "sine transform (DST-I)";
    default:
        return "none";
    }
}

template <class S>
AxisTransform transform_of(const Axis& axis, const Tensor<S>& kernel, std::size_t j) {
    if (axis.boundary == Boundary::periodic)
        return axis.input % axis.stride == 0 && axis.input / axis.stride == axis.output ? AxisTransform::fourier
                                                                                        : AxisTransform::none;
    if (!centred(axis) || !detail::is_mirrored(kernel, j, 0, axis.kernel - 1)) return AxisTransform::none;
    const bool near = axis.effective_kernel() <= 3, point = axis.kernel == 1;
    const bool as_half_symmetric =
        axis.boundary == Boundary::half_symmetric || (axis.boundary == Boundary::replicate && near);
    if (as_half_symmetric || (point && axis.boundary != Boundary::zero)) return AxisTransform::cosine;
    return axis.boundary == Boundary::zero && near ? AxisTransform::sine : AxisTransform::none;
}

template AxisTransform transform_of(const Axis&, const Tensor<double>&, std::size_t);
template AxisTransform transform_of(const Axis&, const Tensor<Complex>&, std::size_t);

Index aliases_of(const Axis& axis, AxisTransform transform) {
    return transform == AxisTransform::fourier ? axis.stride : 1;
}

Complex wave(const Axis& axis, AxisTransform transform, Index f, Index t) {
    const Index offset = axis.dilation * t - axis.padding.begin, n = axis.input;
    switch (transform) {
    case AxisTransform::fourier:
        return turn_of_product(f, offset, n);
    case AxisTransform::cosine:
        return turn_of_product(f, offset, 2 * n).real();
    case AxisTransform::sine:
        return turn_of_product(f + 1, offset, 2 * (n + 1)).real();
    default:
        return 1;
    }
}

Complex basis(AxisTransform transform, Index n, Index f, Index i) {
    const auto extent = static_cast<double>(n);
    switch (transform) {
    case AxisTransform::fourier:
        return turn_of_product(f, i, n) / std::sqrt(extent);
    case AxisTransform::cosine:
        return turn_of_product(f, 2 * i + 1, 4 * n).real() * std::sqrt((f == 0 ? 1 : 2) / extent);
    case AxisTransform::sine:
        return turn_of_product(f + 1, i + 1, 2 * (n + 1)).imag() * std::sqrt(2 / (extent + 1));
    default:
        return i == f ? 1 : 0;
    }
}

} // namespace convmat::numerics
