#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include <convmat/picture/figure.hpp>

/// One item of a figure as SVG: how much room it takes, and what it looks like.
namespace convmat::picture {

constexpr double line_height = 18;
constexpr std::size_t most_label = 60;  // characters
constexpr std::size_t most_title = 100; // of titles and axes

/// A colour, and its class in the style sheet.
using Swatch = std::pair<Palette, int>;
std::string class_of(Swatch swatch);

/// Where an item's parts are, from its upper left corner.
struct Layout {
    double cell = 1;
    double grid_left = 0;
    double grid_top = 0;
    double grid_width = 0;
    double grid_height = 0;
    double width = 0;
};

/// How large a panel's cells are, with `beside` items in its row: room for what is written into them, or as large as
/// the panel may be.
double cell_size(const Panel& panel, std::size_t beside);

/// `cell` is the size of a panel's cells. Throws ArgumentError for an image that is no PNG.
Layout layout_of(const FigureItem& item, double cell);

/// The item at (x, y); a sign stands `middle` below its y.
std::string item_svg(const FigureItem& item, const Layout& at, double x, double y, double middle);

} // namespace convmat::picture
