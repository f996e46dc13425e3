#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <convmat/base/types.hpp>
#include <convmat/picture/figure.hpp>

/// Rows and columns of W in terms of the arrays they stand for: shape (C, n_1, ..., n_D), flat index in row-major
/// order.
namespace convmat::picture {

/// "c:i,j", or "i,j" where there is one channel.
std::string position_label(const Shape& shape, Index index);

/// What such labels mean: "output o:u₁,u₂", or "output u₁,u₂" where there is one channel.
std::string position_name(const std::string& what, char channel, char position, const Shape& shape);

/// A stretch of rows or columns that is drawn in cells of `block` of them (the last cell may have fewer).
struct Stretch {
    Index extent = 1; ///< of the whole axis
    Index first = 0;
    Index shown = 1;
    Index block = 1;

    Index cells() const { return shown == 0 ? 0 : (shown - 1) / block + 1; }
    /// The first of those that cell `cell` stands for; of cells(), the end of the last.
    Index begin_of(Index cell) const { return first + std::min(cell * block, shown); }
    /// Where `index` is, in cells.
    double at(Index index) const { return static_cast<double>(index - first) / static_cast<double>(block); }
    bool is_exact() const { return block == 1; }
};

/// The whole axis in at most `most` cells, whose blocks divide the rows of the image, or consist of them, where they
/// can.
Stretch whole(const Shape& shape, Index most);

/// Labels of a stretch: all where there is room, otherwise of positions that begin a row, a slice or a channel.
std::vector<Tick> position_ticks(const Shape& shape, const Stretch& stretch);

/// The cells where a channel, or in a small exact picture a row of the image, begins; none where they would be too
/// many.
std::vector<Index> block_lines(const Shape& shape, const Stretch& stretch);

/// The number of values that the last `axes` axes hold.
Index trailing(const Shape& shape, std::size_t axes);

} // namespace convmat::picture
