#include "item_svg.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <span>
#include <stdexcept>

#include <convmat/base/error.hpp>

#include "palette.hpp"
#include "svg.hpp"

namespace convmat::picture {
namespace {

// Text on a cell: black or white, in light and in dark.
std::string text_class(Swatch swatch) {
    const auto letter = [&](Scheme scheme) {
        return is_bright(colour_of(swatch.first, swatch.second, scheme)) ? "b" : "w";
    };
    return std::string("on") + letter(Scheme::light) + letter(Scheme::dark);
}

double longest_text(const std::vector<std::string>& texts) {
    double longest = 0;
    for (const std::string& text : texts) longest = std::max(longest, text_width(printable(text, most_label)));
    return longest;
}

Layout layout_of(const Panel& panel, double cell) {
    Layout at;
    at.cell = cell;
    double ticks = 0;
    for (const Tick& tick : panel.row_ticks)
        ticks = std::max(ticks, std::min(text_width(tick.label), 7.0 * most_label));
    at.grid_left = (ticks > 0 ? ticks + 8 : 0) + (panel.row_axis.empty() ? 0 : line_height);
    at.grid_top = (panel.title.empty() ? 0 : line_height + 2) + (panel.col_axis.empty() ? 0 : line_height) +
                  (panel.col_ticks.empty() ? 0 : line_height) + 4;
    at.grid_width = cell * static_cast<double>(panel.cols);
    at.grid_height = cell * static_cast<double>(panel.rows);
    const double words =
        std::max(text_width(printable(panel.title, most_title)), text_width(printable(panel.col_axis, most_title)));
    at.width = at.grid_left + std::max(at.grid_width, words);
    return at;
}

// Width and height stand in a PNG's first chunk.
double extent_of(const ImagePanel& image, std::size_t byte) {
    constexpr std::size_t header = 24;
    constexpr std::array<std::uint8_t, 8> signature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
    const bool is_png = image.png.size() >= header && std::ranges::equal(std::span(image.png).first(8), signature);
    double extent = 0;
    for (std::size_t i = byte; is_png && i < byte + 4; ++i) extent = 256 * extent + image.png[i];
    if (extent < 1 || image.zoom < 1)
        throw ArgumentError({.parameter = extent < 1 ? "png" : "zoom",
                             .value = extent < 1 ? concat(image.png.size(), " bytes") : concat(image.zoom),
                             .expected = "a PNG file's bytes and a zoom of at least 1",
                             .found = concat("figure_svg: the image '", image.title, "' of ", image.png.size(),
                                             " bytes with zoom ", image.zoom)});
    return extent * static_cast<double>(image.zoom);
}

Layout layout_of(const ImagePanel& image) {
    Layout at;
    at.grid_top = image.title.empty() ? 0 : line_height + 2;
    at.grid_width = extent_of(image, 16);
    at.grid_height = extent_of(image, 20);
    at.width = std::max(at.grid_width, text_width(printable(image.title, most_title)));
    return at;
}

Layout layout_of(const std::string& sign) {
    Layout at;
    at.width = 2 * text_width(printable(sign, most_label));
    at.grid_width = at.width;
    return at;
}

// For each colour a path of its cells, where neighbours in a row are one rectangle.
std::map<int, std::string> paths_of(const Panel& panel, double cell) {
    std::map<int, std::string> paths;
    for (Index row = 0; row < panel.rows; ++row) {
        const auto begin = panel.colours.begin() + row * panel.cols;
        const auto end = begin + panel.cols;
        for (auto from = begin; from != end;) {
            const auto to = std::find_if(from, end, [from](int other) { return other != *from; });
            if (*from != no_colour)
                paths[*from] += "M" + number(static_cast<double>(from - begin) * cell) + " " +
                                number(static_cast<double>(row) * cell) + "h" +
                                number(static_cast<double>(to - from) * cell) + "v" + number(cell) + "h-" +
                                number(static_cast<double>(to - from) * cell) + "z";
            from = to;
        }
    }
    return paths;
}

// A panel's SVG, at (x, y).
class PanelDrawing {
  public:
    PanelDrawing(const Panel& panel, const Layout& layout, double x, double y)
        : panel_(panel),
          at_(layout),
          x_(x + layout.grid_left),
          y_(y + layout.grid_top),
          left_(x),
          top_(y) {}

    std::string svg() const { return words() + ticks() + cells() + rules() + texts() + frames(); }

  private:
    double x(double cells) const { return x_ + cells * at_.cell; }
    double y(double cells) const { return y_ + cells * at_.cell; }
    double right() const { return x_ + at_.grid_width; }
    double bottom() const { return y_ + at_.grid_height; }

    std::string words() const;
    std::string ticks() const;
    std::string cells() const;
    std::string rules() const;
    std::string texts() const;
    std::string zeros() const;
    std::string frames() const;

    const Panel& panel_;
    const Layout& at_;
    double x_, y_, left_, top_;
};

std::string PanelDrawing::words() const {
    std::string svg;
    double y = top_ + 12;
    if (!panel_.title.empty()) svg += text(x_, y, Anchor::start, "strong", xml_text(panel_.title, most_title));
    if (!panel_.title.empty()) y += line_height + 2;
    if (!panel_.col_axis.empty()) svg += text(x_, y, Anchor::start, "label", xml_text(panel_.col_axis, most_title));
    if (panel_.row_axis.empty()) return svg;
    const std::string where = coordinate(left_ + 12) + "," + coordinate(y_);
    return svg + "<text transform=\"translate(" + where + ") rotate(-90)\" text-anchor=\"end\" class=\"label\">" +
           xml_text(panel_.row_axis, most_title) + "</text>\n";
}

// Every first, second, ... tick: as many as have room, with the same distance between them.
template <class Extent>
std::vector<Tick> ticks_with_room(const std::vector<Tick>& ticks, double cell, const Extent& extent) {
    for (std::size_t step = 1;; ++step) {
        std::vector<Tick> chosen;
        bool fit = true;
        for (std::size_t i = 0; fit && i < ticks.size(); i += step) {
            fit = chosen.empty() ||
                  (ticks[i].at - chosen.back().at) * cell >= (extent(ticks[i]) + extent(chosen.back())) / 2;
            chosen.push_back(ticks[i]);
        }
        if (fit) return chosen;
    }
}

std::string PanelDrawing::ticks() const {
    constexpr double line = 12, apart = 6; // pixels
    const auto wide = [](const Tick& tick) {
        const std::string label = printable(tick.label, most_label);
        const auto narrow = std::ranges::count_if(label, [](char c) { return c == ',' || c == ':'; });
        return text_width(label) - text_width(",") / 2 * static_cast<double>(narrow) + apart;
    };
    const auto high = [](const Tick&) { return line; };
    std::string svg;
    for (const Tick& tick : ticks_with_room(panel_.col_ticks, at_.cell, wide))
        svg += text(x(tick.at), y_ - 6, Anchor::middle, "small", xml_text(tick.label, most_label));
    for (const Tick& tick : ticks_with_room(panel_.row_ticks, at_.cell, high))
        svg += text(x_ - 6, y(tick.at) + 4, Anchor::end, "small", xml_text(tick.label, most_label));
    return svg;
}

std::string PanelDrawing::cells() const {
    std::string svg = "<g transform=\"translate(" + coordinate(x_) + "," + coordinate(y_) + ")\">\n";
    for (const auto& [colour, path] : paths_of(panel_, at_.cell))
        svg += "<path class=\"cell " + class_of({panel_.palette, colour}) + "\" d=\"" + path + "\"/>\n";
    return svg + "</g>\n";
}

std::string PanelDrawing::rules() const {
    constexpr double large = 8; // cells with lines between them
    std::string svg;
    if (at_.cell >= large) {
        for (Index col = 1; col < panel_.cols; ++col)
            svg += line(x(static_cast<double>(col)), y_, x(static_cast<double>(col)), bottom(), "rule");
        for (Index row = 1; row < panel_.rows; ++row)
            svg += line(x_, y(static_cast<double>(row)), right(), y(static_cast<double>(row)), "rule");
    }
    for (const Index col : panel_.col_lines)
        svg += line(x(static_cast<double>(col)), y_, x(static_cast<double>(col)), bottom(), "block");
    for (const Index row : panel_.row_lines)
        svg += line(x_, y(static_cast<double>(row)), right(), y(static_cast<double>(row)), "block");
    return svg + rectangle(x_, y_, at_.grid_width, at_.grid_height, "edge");
}

std::string PanelDrawing::texts() const {
    std::string svg;
    if (panel_.texts.empty()) return zeros();
    for (std::size_t i = 0; i < panel_.texts.size(); ++i) {
        if (panel_.texts[i].empty()) continue;
        const auto row = static_cast<double>(static_cast<Index>(i) / panel_.cols);
        const auto col = static_cast<double>(static_cast<Index>(i) % panel_.cols);
        const int colour = panel_.colours[i];
        const std::string style = colour == no_colour ? "label" : text_class({panel_.palette, colour});
        svg += text(x(col + 0.5), y(row + 0.5) + 4, Anchor::middle, style, xml_text(panel_.texts[i], most_label));
    }
    return svg;
}

// What is stored and zero can be told from what is not stored.
std::string PanelDrawing::zeros() const {
    constexpr double large = 10;
    constexpr int zero = 8;
    std::string svg;
    for (std::size_t i = 0; panel_.palette == Palette::diverging && at_.cell >= large && i < panel_.colours.size(); ++i)
        if (panel_.colours[i] == zero)
            svg += circle({x(static_cast<double>(static_cast<Index>(i) % panel_.cols) + 0.5),
                           y(static_cast<double>(static_cast<Index>(i) / panel_.cols) + 0.5)},
                          1.5, "nought");
    return svg;
}

std::string PanelDrawing::frames() const {
    std::string svg;
    for (const Frame& f : panel_.frames)
        svg += rectangle(x(static_cast<double>(f.col)), y(static_cast<double>(f.row)),
                         static_cast<double>(f.cols) * at_.cell, static_cast<double>(f.rows) * at_.cell, "frame");
    return svg;
}

std::string image_svg(const ImagePanel& image, const Layout& at, double x, double y) {
    const std::string place = " x=\"" + coordinate(x) + "\" y=\"" + coordinate(y + at.grid_top) + "\"";
    return (image.title.empty() ? "" : text(x, y + 12, Anchor::start, "strong", xml_text(image.title, most_title))) +
           "<image" + place + " width=\"" + number(at.grid_width) + "\" height=\"" + number(at.grid_height) +
           "\" href=\"data:image/png;base64," + base64(image.png) +
           "\" style=\"image-rendering: optimizeSpeed; image-rendering: pixelated\"/>\n";
}

} // namespace

std::string class_of(Swatch swatch) {
    constexpr std::string_view letters = "cds";
    return std::string(1, letters[static_cast<std::size_t>(swatch.first)]) + number(swatch.second);
}

double cell_size(const Panel& panel, std::size_t beside) {
    if (!panel.texts.empty()) return std::max(24.0, longest_text(panel.texts) + 8);
    const double most = beside > 2 ? 320 : beside == 2 ? 420 : 640;
    const auto cells = static_cast<double>(std::max(panel.rows, panel.cols));
    constexpr double small = 4; // pixels, where rounding down would cost much of the size
    const double size = most / cells;
    return std::clamp(size < small ? std::round(size) : std::floor(size), 1.0, 22.0);
}

Layout layout_of(const FigureItem& item, double cell) {
    if (const Panel* panel = std::get_if<Panel>(&item)) return layout_of(*panel, cell);
    if (const ImagePanel* image = std::get_if<ImagePanel>(&item)) return layout_of(*image);
    return layout_of(std::get<std::string>(item));
}

std::string item_svg(const FigureItem& item, const Layout& at, double x, double y, double middle) {
    if (const Panel* panel = std::get_if<Panel>(&item)) return PanelDrawing(*panel, at, x, y).svg();
    if (const ImagePanel* image = std::get_if<ImagePanel>(&item)) return image_svg(*image, at, x, y);
    return text(x + at.width / 2, y + middle + 8, Anchor::middle, "sign",
                xml_text(std::get<std::string>(item), most_label));
}

} // namespace convmat::picture
