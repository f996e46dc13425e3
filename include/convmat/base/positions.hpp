#pragma once

#include <convmat/base/types.hpp>

namespace convmat {

/// The position whose row-major number it is: i_j = number / (n_j+1 n_j+2 ...) mod n_j, the last axis the fastest.
inline Shape unravel(Index number, const Shape& extents) {
    Shape at(extents.size());
    for (std::size_t j = extents.size(); j-- > 0; number /= extents[j]) at[j] = number % extents[j];
    return at;
}

/// The row-major number of a position: unravel's inverse.
inline Index ravel(const Shape& at, const Shape& extents) {
    Index number = 0;
    for (std::size_t j = 0; j < extents.size(); ++j) number = number * extents[j] + at[j];
    return number;
}

/// The next position, row-major; false after the last, which becomes the first.
inline bool advance(Shape& at, const Shape& extents) {
    for (std::size_t j = extents.size(); j-- > 0;) {
        if (++at[j] < extents[j]) return true;
        at[j] = 0;
    }
    return false;
}

} // namespace convmat
