#include "survey.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "direct.hpp"

namespace convmat::solve {
namespace {

// What is kept, or made now.
template <class T, class Make>
const T& once(std::optional<T>& kept, const Make& make) {
    if (!kept) kept.emplace(make());
    return *kept;
}

} // namespace

template <class S>
const Transformable<S>& Survey<S>::transformable() {
    return once(transformable_, [&] { return Transformable<S>(system_.geometry(), system_.kernel(), system_.form()); });
}

template <class S>
const Separable<S>& Survey<S>::separable() {
    return once(separable_, [&] { return Separable<S>(system_.geometry(), system_.kernel(), system_.form()); });
}

template <class S>
const PeriodicTwin<S>& Survey<S>::periodic_twin() {
    return once(periodic_twin_, [&] { return PeriodicTwin<S>(system_); });
}

template <class S>
const Objection& Survey<S>::no_triangle() {
    return once(no_triangle_, [&] { return no_triangle_because(system_); });
}

template <class S>
double Survey<S>::norm() {
    return once(norm_, [&] { return norm_of(system_); });
}

template <class S>
double Survey<S>::cholesky_seconds() {
    return once(factor_, [&] { return rough_factor(); }).operations / dense_rate;
}

template <class S>
double Survey<S>::cholesky_entries() {
    return once(factor_, [&] { return rough_factor(); }).entries;
}

// The last separator of nested dissection is dense, of S unknowns; its factor takes S³ / 3 operations and S² / 2
// entries, the others together about 50 and 40 times that (as measured on squares).
template <class S>
typename Survey<S>::Factor Survey<S>::rough_factor() const {
    const bool wide = system_.rows() < system_.cols() &&
                      (system_.penalty() == Penalty::none || system_.penalty() == Penalty::identity);
    const Grid grid = unknowns_of(system_, wide ? Unknowns::y : Unknowns::x);
    const auto groups = static_cast<double>(grid.groups);
    double unknowns = static_cast<double>(grid.channels) / groups, positions = 1;
    double cut = std::numeric_limits<double>::infinity(), band = 1;
    for (std::size_t j = 0; j < grid.extents.size(); ++j) {
        positions *= static_cast<double>(grid.extents[j]);
        const auto n = static_cast<double>(grid.extents[j]);
        const double thick = std::min(n, static_cast<double>(grid.widths[j] * (grid.periodic[j] ? 2 : 1)));
        cut = std::min(cut, thick / n);
        band *= std::max(1.0, thick);
    }
    const double separator = cut * positions * unknowns;
    const double local = positions * unknowns * band * unknowns;
    const double complex = Eigen::NumTraits<S>::IsComplex ? 4 : 1;
    return {groups * (16 * std::pow(separator, 3) + local * band * unknowns) * complex,
            groups * (20 * separator * separator + local)};
}

template <class S>
double norm_of(const System<S>& system) {
    const ConvGeometry& geometry = system.geometry();
    const Index each = geometry.weights() / geometry.out_channels();
    double most = 0;
    for (Index o = 0; o < geometry.out_channels(); ++o) {
        double sum = 0;
        for (Index i = 0; i < each; ++i) sum += std::abs(system.kernel()[o * each + i]);
        most = std::max(most, sum);
    }
    return most;
}

template double norm_of(const System<double>&);
template double norm_of(const System<Complex>&);
template class Survey<double>;
template class Survey<Complex>;

} // namespace convmat::solve
