#pragma once

#include <algorithm>
#include <utility>

#include <convmat/base/types.hpp>

namespace convmat {

/// The position `number` of a box, row-major: the last axis runs fastest, and ravel(unravel(i, n), n) = i for
/// 0 <= i < n_1 ... n_D. One value an axis.
inline Shape unravel(Index number, const Shape& extents) {
    Shape at(extents.size());
    for (std::size_t j = extents.size(); j-- > 0; number /= extents[j]) at[j] = number % extents[j];
    return at;
}

/// (...(i_1 n_2 + i_2) n_3 + ...) + i_D: the number of a position in row-major order.
inline Index ravel(const Shape& at, const Shape& extents) {
    Index number = 0;
    for (std::size_t j = 0; j < extents.size(); ++j) number = number * extents[j] + at[j];
    return number;
}

/// Moves `at` to the next position in row-major order; after the last one to the first, and returns false.
inline bool advance(Shape& at, const Shape& extents) {
    for (std::size_t j = extents.size(); j-- > 0; at[j] = 0)
        if (++at[j] < extents[j]) return true;
    return false;
}

/// Calls `visit(position)` for every position of a box in row-major order; never where an extent is below 1.
template <class Visit>
void for_each_position(const Shape& extents, const Visit& visit) {
    if (std::ranges::any_of(extents, [](Index extent) { return extent < 1; })) return;
    Shape at(extents.size(), 0);
    do {
        visit(std::as_const(at));
    } while (advance(at, extents));
}

} // namespace convmat
