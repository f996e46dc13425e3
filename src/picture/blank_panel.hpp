#pragma once

#include <string>

#include <convmat/picture/figure.hpp>

namespace convmat::picture {

/// An array's cells, without colours or texts: all axes but the last are stacked, with lines where a channel or a slice
/// begins. Throws ShapeError naming `who` where there is no cell, or more than 256 rows or columns of them.
Panel blank_panel(const std::string& title, const Shape& shape, const char* who);

/// Whether numbers can be written into the cells.
bool has_room_for_numbers(const Panel& panel);

} // namespace convmat::picture
