#pragma once

#include <vector>

#include <convmat/base/error.hpp>
#include <convmat/base/types.hpp>

namespace convmat {

/// A spec's list as one value an axis: empty -> `fallback` everywhere, one value -> the same everywhere.
template <class T>
std::vector<T> expand(const std::vector<T>& list, Index rank, const T& fallback, const char* name) {
    const auto count = static_cast<std::size_t>(rank);
    if (list.empty()) return std::vector<T>(count, fallback);
    if (list.size() == 1) return std::vector<T>(count, list.front());
    if (list.size() == count) return list;
    throw GeometryError(
        concat(name, " has ", list.size(), " values, expected 1 or ", rank, ", one for each spatial axis"));
}

/// Throws unless value >= least; axis < 0 says that the parameter belongs to no axis.
inline void require_at_least(Index value, Index least, const char* name, Index axis = -1) {
    if (value >= least) return;
    throw GeometryError(concat(name, " is ", value, axis < 0 ? std::string() : concat(" on axis ", axis),
                               ", expected at least ", least));
}

/// The number of spatial axes: that of `input`, which must be that of `kernel`.
inline Index common_rank(const Shape& input, const Shape& kernel) {
    if (input.empty()) throw GeometryError("input has no spatial axis, expected at least 1");
    if (input.size() != kernel.size())
        throw GeometryError(concat("input ", to_string(input), " has ", input.size(), " spatial axes but kernel ",
                                   to_string(kernel), " has ", kernel.size()));
    return static_cast<Index>(input.size());
}

} // namespace convmat
