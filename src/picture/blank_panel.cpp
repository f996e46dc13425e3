#include "blank_panel.hpp"

#include <convmat/base/error.hpp>

#include "positions.hpp"

namespace convmat::picture {

Panel blank_panel(const std::string& title, const Shape& shape, const char* who) {
    constexpr Index most = 256;
    const Index cols = shape.empty() ? 0 : shape.back();
    const Index rows = cols == 0 ? 0 : trailing(shape, shape.size()) / cols;
    if (rows < 1 || cols < 1 || rows > most || cols > most)
        throw ShapeError({.parameter = "shape",
                          .value = to_string(shape),
                          .expected = concat("1x1 to ", most, "x", most),
                          .found = concat(who, ": an array of shape ", to_string(shape), " to be shown in ", rows, "x",
                                          cols, " cells")});
    Panel panel = {.title = title, .rows = rows, .cols = cols};
    const Index slice = shape.size() > 2 ? shape[shape.size() - 2] : rows;
    for (Index row = slice; row < rows; row += slice) panel.row_lines.push_back(row);
    panel.colours.assign(static_cast<std::size_t>(rows * cols), no_colour);
    return panel;
}

bool has_room_for_numbers(const Panel& panel) {
    constexpr Index most_rows = 52, most_cols = 26;
    return panel.rows <= most_rows && panel.cols <= most_cols;
}

} // namespace convmat::picture
