#pragma once

#include <cstdint>
#include <vector>

#include <convmat/base/types.hpp>

namespace convmat::solve {

/// A grid of positions, `channels` unknowns at each, where unknowns depend on each other when their positions differ by
/// at most width[j] on every axis j (of `groups` groups of channels, on their own group's alone).
struct Grid {
    Index channels = 1;
    Index groups = 1;
    Shape extents;
    Shape widths;
    std::vector<bool> periodic; ///< whether an axis closes in on itself
};

/// An order of the unknowns, numbered (channel, position...), for a sparse factor with little fill: a slab across the
/// longest axis, as thick as the dependence is wide, splits the grid into two that do not depend on each other; it
/// comes last, each half is ordered in the same way (A. George, 1973). No graph is searched.
std::vector<std::int64_t> nested_dissection(const Grid& grid);

} // namespace convmat::solve
