#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <convmat/base/types.hpp>

/// Pictures as values: grids of cells beside each other. figure_svg() and figure_text() write them.
namespace convmat {

/// What the numbers in Panel::colours mean.
enum class Palette {
    categories, ///< hue + 8 * shade: hues 0..6 and 7 (grey), shades 0..4; 15 is neutral, near the background
    diverging,  ///< 0..16: below zero, 8 for zero, above zero
    sequential, ///< 0..15: little to much
};

/// Of Panel::colours: nothing is there.
inline constexpr int no_colour = -1;

/// A label of an axis, `at` cells from its begin: 0.5 is the middle of the first cell.
struct Tick {
    double at = 0;
    std::string label;
};

/// A rectangle of cells with a frame around it.
struct Frame {
    Index row = 0;
    Index col = 0;
    Index rows = 1;
    Index cols = 1;
};

/// A grid of rows x cols cells. Lists of cells are row-major. Labels are UTF-8; what XML does not take is replaced.
struct Panel {
    std::string title = {};
    Index rows = 0;
    Index cols = 0;
    Palette palette = Palette::categories;
    std::vector<int> colours = {};       ///< rows * cols, of the palette, or no_colour
    std::vector<std::string> texts = {}; ///< rows * cols, or empty: nothing is written into the cells
    std::string row_axis = {};           ///< what the rows are
    std::string col_axis = {};
    std::vector<Tick> row_ticks = {};
    std::vector<Tick> col_ticks = {};
    std::vector<Index> row_lines = {}; ///< lines above these rows, such as where a channel begins
    std::vector<Index> col_lines = {};
    std::vector<Frame> frames = {};
};

/// A PNG file's bytes, such as encode_png(x) of convmat/io/image.hpp; a pixel is zoom x zoom pixels large.
struct ImagePanel {
    std::string title = {};
    std::vector<std::uint8_t> png = {};
    Index zoom = 1;
};

/// What stands in a figure's row: a grid, an image, or a sign between two of them, such as "+".
using FigureItem = std::variant<Panel, ImagePanel, std::string>;

/// What one colour means.
struct KeyEntry {
    Palette palette = Palette::categories;
    int colour = 0;
    std::string label;
};

/// What a palette's ends mean, and the middle one of a diverging one.
struct Ramp {
    Palette palette = Palette::sequential;
    std::string low;
    std::string high;
    std::string middle = {};
};

struct Figure {
    std::string title = {};
    std::vector<std::vector<FigureItem>> rows = {};
    std::vector<KeyEntry> key = {};
    std::optional<Ramp> ramp = {};
    std::vector<std::string> caption = {}; ///< sentences below the title, which explain the picture
};

/// The figure as a stand-alone SVG. Text stays text, titles cut after 100 characters and other labels after 60; colours
/// can be told apart with any kind of colour vision and follow the viewer's preference for light or dark; the same
/// figure gives the same bytes. Neighbouring cells of one colour are one shape of about 16 bytes. Throws
/// ArgumentError when a panel's lists do not have rows * cols members, a colour is not of its palette, a tick
/// lies outside its panel, or an image is no PNG. Cost: O(cells).
std::string figure_svg(const Figure& figure);

/// Which characters and colours a terminal takes.
struct TextOptions {
    Index columns = 80; ///< panels that do not fit beside each other stand below each other
    enum class Characters { unicode, ascii } characters = Characters::unicode;
    enum class Colours { none, ansi } colours = Colours::none; ///< xterm's 256 colours
};

/// The figure as text of at most `columns` columns: cells with texts as a table where that fits, others as blocks
/// (ASCII: `#` and signs for less), categories without colours as letters: a, b, c, ... in the order of the key, or of
/// the kernel, whose table says which weight has which letter. Where a character stands for several cells it shows the
/// strongest of them, or grey for several categories, and the panel says for how many. An image is named, not shown;
/// what is no UTF-8, or a control character, becomes '?'. Throws as figure_svg(), but for images. Cost: O(cells).
std::string figure_text(const Figure& figure, const TextOptions& options = {});

} // namespace convmat
