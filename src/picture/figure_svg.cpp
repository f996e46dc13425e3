#include <algorithm>
#include <set>
#include <utility>

#include <convmat/picture/figure.hpp>

#include "item_svg.hpp"
#include "palette.hpp"
#include "sheet.hpp"
#include "svg.hpp"

namespace convmat {
namespace {

using namespace picture;

constexpr double margin = 24;
constexpr double gap = 36; // between the items of a row
constexpr double figure_top = 44;
constexpr double least_width = 420;
constexpr double key_swatch = 14;

std::string rgb(Rgb c) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "#";
    for (const std::uint8_t channel : {c.red, c.green, c.blue}) {
        text += digits[channel / 16];
        text += digits[channel % 16];
    }
    return text;
}

Styles styles_of(const std::set<Swatch>& used) {
    Styles styles;
    styles.all = ".cell { shape-rendering: crispEdges; }\n.rule { stroke: #ffffff; }\n.block { stroke: #57606a; }\n"
                 ".edge { stroke: #8c959f; fill: none; }\n.frame { stroke: #1f2328; stroke-width: 2.5; fill: none; }\n"
                 ".small { font-size: 11px; }\n.sign { font-size: 22px; }\n.onbb, .onbw { fill: #111111; }\n"
                 ".onww, .onwb { fill: #ffffff; }\n.nought { fill: #6e7681; }\n";
    styles.dark = ".rule { stroke: #0d1117; }\n.block { stroke: #9aa4af; }\n.edge { stroke: #6e7681; }\n"
                  ".frame { stroke: #f0f6fc; }\n.onbb, .onwb { fill: #111111; }\n.onbw, .onww { fill: #ffffff; }\n";
    for (const Swatch& swatch : used) {
        const auto rule = [&](Scheme scheme) {
            return "." + class_of(swatch) + " { fill: " + rgb(colour_of(swatch.first, swatch.second, scheme)) + "; }\n";
        };
        styles.all += rule(Scheme::light);
        if (rule(Scheme::dark) != rule(Scheme::light)) styles.dark += rule(Scheme::dark);
    }
    return styles;
}

// The rows of items, where they are, and what they need.
struct Sheet {
    std::vector<std::vector<Layout>> layouts;
    std::vector<double> tops; // where the grids of a row begin, from the row's top
    std::vector<double> heights;
    double width = least_width;
};

Sheet sheet_of(const Figure& figure) {
    Sheet sheet;
    double with_texts = 0; // one size for all that is written into, so that arrays can be compared
    for (const auto& row : figure.rows)
        for (const FigureItem& item : row)
            if (const Panel* panel = std::get_if<Panel>(&item); panel != nullptr && !panel->texts.empty())
                with_texts = std::max(with_texts, cell_size(*panel, row.size()));
    for (const auto& row : figure.rows) {
        std::vector<Layout> layouts;
        double top = 0, below = 0, width = 0;
        for (const FigureItem& item : row) {
            const Panel* panel = std::get_if<Panel>(&item);
            const bool is_written_into = panel != nullptr && !panel->texts.empty();
            layouts.push_back(layout_of(item, is_written_into    ? with_texts
                                              : panel == nullptr ? 0
                                                                 : cell_size(*panel, row.size())));
            top = std::max(top, layouts.back().grid_top);
            below = std::max(below, layouts.back().grid_height);
            width += layouts.back().width + (layouts.size() > 1 ? gap : 0);
        }
        sheet.layouts.push_back(std::move(layouts));
        sheet.tops.push_back(top);
        sheet.heights.push_back(top + below);
        sheet.width = std::max(sheet.width, width);
    }
    return sheet;
}

// A sign stands at the middle of what is beside it, so far below the grids' begin.
double middle_of_neighbours(const std::vector<Layout>& row, std::size_t i) {
    const double before = i > 0 ? row[i - 1].grid_height : 0;
    const double after = i + 1 < row.size() ? row[i + 1].grid_height : 0;
    return before > 0 && after > 0 ? std::min(before, after) / 2 : std::max(before, after) / 2;
}

std::string rows_svg(const Figure& figure, const Sheet& sheet, double& y) {
    std::string svg;
    for (std::size_t r = 0; r < figure.rows.size(); ++r) {
        double x = margin;
        for (std::size_t i = 0; i < figure.rows[r].size(); ++i) {
            const Layout& at = sheet.layouts[r][i];
            svg += item_svg(figure.rows[r][i], at, x, y + sheet.tops[r] - at.grid_top,
                            middle_of_neighbours(sheet.layouts[r], i));
            x += at.width + gap;
        }
        y += sheet.heights[r] + margin;
    }
    return svg;
}

std::string key_svg(const std::vector<KeyEntry>& key, double width, double& y) {
    if (key.empty()) return {};
    std::string svg;
    double x = margin;
    for (const KeyEntry& entry : key) {
        const double taken = key_swatch + 8 + text_width(printable(entry.label, most_label)) + 20;
        if (x > margin && x + taken > width + margin) {
            x = margin;
            y += line_height + 2;
        }
        svg += rectangle(x, y, key_swatch, key_swatch, class_of({entry.palette, entry.colour}));
        svg += text(x + key_swatch + 8, y + 11, Anchor::start, "label", xml_text(entry.label, most_label));
        x += taken;
    }
    y += line_height + 8;
    return svg;
}

std::string ramp_svg(const std::optional<Ramp>& ramp, double& y) {
    if (!ramp) return {};
    const int steps = size_of(ramp->palette);
    const double from = margin + text_width(printable(ramp->low, most_label)) + 8;
    std::string svg = text(from - 8, y + 11, Anchor::end, "label", xml_text(ramp->low, most_label));
    for (int i = 0; i < steps; ++i)
        svg += rectangle(from + i * key_swatch, y, key_swatch, key_swatch, class_of({ramp->palette, i}));
    const double to = from + steps * key_swatch;
    svg += text(to + 8, y + 11, Anchor::start, "label", xml_text(ramp->high, most_label));
    if (!ramp->middle.empty()) {
        svg += text((from + to) / 2, y + 28, Anchor::middle, "small", xml_text(ramp->middle, most_label));
        y += line_height;
    }
    y += line_height + 8;
    return svg;
}

std::string caption_svg(const std::vector<std::string>& caption, double width, double& y) {
    std::string svg;
    const auto fits = [width](const std::string& line) { return 0.88 * text_width(line) <= width; };
    for (const std::string& sentence : caption)
        for (const std::string& line : wrapped(sentence, fits)) {
            svg += text(margin, y + 10, Anchor::start, "label", xml_text(line, 200));
            y += line_height;
        }
    return svg;
}

std::set<Swatch> swatches_of(const Figure& figure) {
    std::set<Swatch> used;
    for (const auto& row : figure.rows)
        for (const FigureItem& item : row)
            if (const Panel* panel = std::get_if<Panel>(&item))
                for (const int colour : panel->colours)
                    if (colour != no_colour) used.insert({panel->palette, colour});
    for (const KeyEntry& entry : figure.key) used.insert({entry.palette, entry.colour});
    for (int i = 0; figure.ramp && i < size_of(figure.ramp->palette); ++i) used.insert({figure.ramp->palette, i});
    return used;
}

} // namespace

std::string figure_svg(const Figure& figure) {
    require_consistent(figure, "figure_svg");
    const std::set<Swatch> used = swatches_of(figure);
    Sheet sheet = sheet_of(figure);
    sheet.width = std::max(sheet.width, std::min(1.25 * text_width(figure.title), 1000.0));
    double y = figure_top;
    std::string body = caption_svg(figure.caption, sheet.width, y);
    body += key_svg(figure.key, sheet.width, y);
    body += ramp_svg(figure.ramp, y);
    y += figure.caption.empty() ? 0 : 8;
    body += rows_svg(figure, sheet, y);
    return opening(sheet.width + 2 * margin, y, figure.title, styles_of(used), margin) + body + "</svg>\n";
}

} // namespace convmat
