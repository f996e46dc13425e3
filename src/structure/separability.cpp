#include "separability.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <limits>

#include <convmat/base/dense.hpp>
#include <convmat/base/rearrange.hpp>
#include <convmat/base/scalars.hpp>
#include <convmat/geometry/axes.hpp>
#include <convmat/structure/exact_rank.hpp>
#include <convmat/structure/kernels.hpp>

namespace convmat::detail {
namespace {

__extension__ typedef __int128 Int128; // NOLINT(modernize-use-using): __extension__ wants a typedef

constexpr Index most_taps_for_rank = 64;

// A contiguous array with a position in it, its pivot: the largest value.
template <ScalarType Scalar>
struct Pivoted {
    std::span<const Scalar> values;
    Shape extents, steps;
    Index pivot = 0;

    Index at(Index i, std::size_t part) const { return i / steps[part] % extents[part]; }
    // The position of i, moved to the pivot's place along one part; and the pivot, moved to i's place there.
    Index across(Index i, std::size_t part) const { return i + (at(pivot, part) - at(i, part)) * steps[part]; }
    Index along(Index i, std::size_t part) const { return pivot + (at(i, part) - at(pivot, part)) * steps[part]; }
    const Scalar& operator[](Index i) const { return values[static_cast<std::size_t>(i)]; }
    // Relative to the pivot: no more than 1, so that products neither overflow nor vanish as a whole.
    DoubleOf<Scalar> ratio(Index i) const { return in_double((*this)[i]) / in_double((*this)[pivot]); }
};

template <ScalarType Scalar>
Pivoted<Scalar> pivoted(const ConvGeometry& geometry, std::span<const Scalar> values) {
    Pivoted<Scalar> array;
    array.values = values;
    array.extents = each_axis(geometry.axes(), &Axis::kernel);
    array.extents.insert(array.extents.begin(), std::ssize(values) / geometry.kernel_size());
    array.steps = steps_of(array.extents);
    const auto largest = std::ranges::max_element(values, {}, [](const Scalar& v) { return std::abs(in_double(v)); });
    array.pivot = largest - values.begin();
    return array;
}

// ||K - K_1||_F / ||K||_F, where K_1 is given relative to the pivot.
template <ScalarType Scalar, class Product>
double residual(const Pivoted<Scalar>& array, const Product& product) {
    double off = 0, all = 0;
    for (Index i = 0; i < std::ssize(array.values); ++i) {
        off += std::norm(array.ratio(i) - product(i));
        all += std::norm(array.ratio(i));
    }
    return std::sqrt(off / all);
}

// K[i] K[pivot] = K[i across] K[i along] for every i: the part against all others is a matrix of rank 1.
template <ScalarType Scalar>
bool separates(const Pivoted<Scalar>& array, std::size_t part, double tolerance) {
    if (array.extents[part] == 1) return true;
    if constexpr (std::same_as<Scalar, std::int64_t>) {
        for (Index i = 0; i < std::ssize(array.values); ++i)
            if (Int128{array[i]} * array[array.pivot] !=
                Int128{array[array.across(i, part)]} * array[array.along(i, part)])
                return false;
        return true;
    } else {
        return residual(array, [&](Index i) {
                   return array.ratio(array.across(i, part)) * array.ratio(array.along(i, part));
               }) <= tolerance;
    }
}

template <ScalarType Scalar>
double product_residual(const Pivoted<Scalar>& array) {
    return residual(array, [&](Index i) {
        DoubleOf<Scalar> product = 1;
        for (std::size_t part = 0; part < array.extents.size(); ++part) product *= array.ratio(array.along(i, part));
        return product;
    });
}

template <ScalarType Scalar>
bool is_finite(std::span<const Scalar> values) {
    return std::ranges::all_of(values, [](const Scalar& v) { return std::isfinite(std::abs(in_double(v))); });
}

} // namespace

template <ScalarType Scalar>
Separability separability(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, double tolerance,
                          std::optional<Index> group) {
    std::span<const Scalar> values = kernel.values();
    if (group) {
        const auto count = values.size() / static_cast<std::size_t>(geometry.groups());
        values = values.subspan(static_cast<std::size_t>(*group) * count, count);
    }
    Separability found;
    found.parts.assign(static_cast<std::size_t>(geometry.rank()) + 1, false);
    if (!is_finite(values)) return found;
    const Pivoted<Scalar> array = pivoted(geometry, values);
    if (array[array.pivot] == Scalar(0)) return {std::vector<bool>(found.parts.size(), true), true, 0.0};
    for (std::size_t part = 0; part < found.parts.size(); ++part) found.parts[part] = separates(array, part, tolerance);
    const bool each = std::ranges::count(found.parts, false) == 0;
    found.residual = each && std::same_as<Scalar, std::int64_t> ? 0 : product_residual(array);
    found.all = each && (std::same_as<Scalar, std::int64_t> || *found.residual <= tolerance);
    return found;
}

template <ScalarType Scalar>
Index rank_on_two_axes(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, double tolerance) {
    Shape extents;
    for (const Axis& axis : geometry.axes())
        if (axis.kernel > 1) extents.push_back(axis.kernel);
    if (kernel.size() != geometry.kernel_size() || extents.size() != 2) return 0;
    if (std::min(extents[0], extents[1]) > most_taps_for_rank || !is_finite(kernel.values())) return 0;
    if constexpr (std::same_as<Scalar, std::int64_t>) {
        return exact_rank(sparse_from<Scalar>(kernel.values(), extents[0], extents[1]));
    } else {
        std::vector<DoubleOf<Scalar>> columns; // of the transpose, whose columns are the kernel's rows
        for (const Scalar& value : kernel.values()) columns.push_back(in_double(value));
        const auto values = dense::singular_values(extents[1], extents[0], std::span<const DoubleOf<Scalar>>(columns));
        // What rounding alone may leave in the place of a zero.
        const double rounding =
            4 * static_cast<double>(extents[0] + extents[1]) * std::numeric_limits<double>::epsilon();
        const double least = std::max(tolerance, rounding) * values.front();
        return std::ranges::count_if(values, [&](double value) { return value > least; });
    }
}

template Separability separability(const ConvGeometry&, const Tensor<float>&, double, std::optional<Index>);
template Separability separability(const ConvGeometry&, const Tensor<double>&, double, std::optional<Index>);
template Separability separability(const ConvGeometry&, const Tensor<std::complex<float>>&, double,
                                   std::optional<Index>);
template Separability separability(const ConvGeometry&, const Tensor<std::complex<double>>&, double,
                                   std::optional<Index>);
template Separability separability(const ConvGeometry&, const Tensor<std::int64_t>&, double, std::optional<Index>);
template Index rank_on_two_axes(const ConvGeometry&, const Tensor<float>&, double);
template Index rank_on_two_axes(const ConvGeometry&, const Tensor<double>&, double);
template Index rank_on_two_axes(const ConvGeometry&, const Tensor<std::complex<float>>&, double);
template Index rank_on_two_axes(const ConvGeometry&, const Tensor<std::complex<double>>&, double);
template Index rank_on_two_axes(const ConvGeometry&, const Tensor<std::int64_t>&, double);

} // namespace convmat::detail
