#pragma once

#include <vector>

#include <convmat/picture/spy.hpp>

#include "positions.hpp"

namespace convmat::picture {

/// A block of entries of a sparse matrix: how many are stored, and the first of those of largest magnitude.
struct SpyCell {
    Index entries = 0;
    Index row = 0;
    Index col = 0;
    double value = 0;
};

/// What is stored where, in rows.cells() x cols.cells() cells.
struct SpyCells {
    Stretch rows;
    Stretch cols;
    std::vector<SpyCell> cells; // row-major

    bool is_exact() const { return rows.is_exact() && cols.is_exact(); }
    Index most_entries() const;
    double largest() const;
};

/// One pass over the stretches of the matrix, by all threads. Throws ArgumentError for a value that is not
/// finite.
SpyCells collect(const detail::LineSource& matrix, const Stretch& rows, const Stretch& cols);

} // namespace convmat::picture
