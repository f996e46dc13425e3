#include <convmat/picture/curve.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include <convmat/base/error.hpp>
#include <convmat/base/types.hpp>

#include "scale.hpp"
#include "svg.hpp"

namespace convmat {
namespace {

using picture::Anchor;
using picture::coordinate;
using picture::number;
using picture::Scale;
using picture::xml_text;

constexpr double width = 880;
constexpr double top = 56;
constexpr double bottom = 392;          // of the panels
constexpr double zero_line = 372;       // of zeros below a logarithmic axis ...
constexpr double above_zero_line = 352; // ... which then ends here
constexpr double curve_left = 72;
constexpr double curve_right = 600;
constexpr double counts_left = 648;
constexpr double counts_right = 848;
constexpr double legend_top = 450;
constexpr double legend_step = 20;
constexpr std::size_t most_points = 600;
constexpr std::size_t most_lines = 12;

constexpr const char* style = R"(<style>
text { font-family: system-ui, sans-serif; font-size: 12px; fill: #24292f; }
.title { font-size: 15px; font-weight: 600; }
.back { fill: #ffffff; }
.grid { stroke: #dfe3e8; }
.axis { stroke: #57606a; }
.zero { stroke: #57606a; stroke-dasharray: 2 3; }
.first { stroke: #0072b2; stroke-width: 2; fill: none; }
.other { stroke: #d55e00; stroke-width: 2; stroke-dasharray: 7 3; fill: none; }
.dot { fill: #0072b2; }
.otherdot { fill: #d55e00; }
.bar { fill: #0072b2; fill-opacity: 0.75; }
.line0 { stroke: #00795a; stroke-width: 1.5; stroke-dasharray: 10 4; }
.line1 { stroke: #a03c78; stroke-width: 1.5; stroke-dasharray: 3 3; }
.line2 { stroke: #8a6d00; stroke-width: 1.5; stroke-dasharray: 10 3 2 3; }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; }
.back { fill: #0d1117; }
.grid { stroke: #2b323b; }
.axis { stroke: #9aa4af; }
.zero { stroke: #9aa4af; }
.first { stroke: #56b4e9; }
.other { stroke: #f28c38; }
.dot { fill: #56b4e9; }
.otherdot { fill: #f28c38; }
.bar { fill: #56b4e9; }
.line0 { stroke: #2fc79a; }
.line1 { stroke: #e39cc8; }
.line2 { stroke: #f0d24a; }
}
</style>
)";

// The vertical axis, which both panels share.
struct Vertical {
    Scale scale;
    double zero;      // values up to this are zeros ...
    bool zeros_apart; // ... which lie on a line of their own

    double end() const { return zeros_apart ? above_zero_line : bottom; }
    double y(double value) const {
        if (zeros_apart && value <= zero) return zero_line;
        return end() - scale.at(value <= zero ? 0 : value) * (end() - top);
    }
};

void require_descending(const std::vector<double>& values) {
    double before = INFINITY;
    for (const double value : values) {
        if (!(value >= 0 && value <= before && std::isfinite(value)))
            throw std::invalid_argument(concat("singular_value_curve_svg: ", value, " after ", before,
                                               ", expected finite values, the largest first, down to 0"));
        before = value;
    }
}

void require_drawable(const SingularValueCurve& curve) {
    if (curve.values.empty())
        throw std::invalid_argument("singular_value_curve_svg: no singular value, expected at least one");
    require_descending(curve.values);
    require_descending(curve.other);
    if (!(curve.zero >= 0))
        throw std::invalid_argument(concat("singular_value_curve_svg: zero is ", curve.zero, ", expected 0 or more"));
}

std::vector<ReferenceLine> finite_lines(const SingularValueCurve& curve) {
    std::vector<ReferenceLine> lines;
    for (const ReferenceLine& line : curve.lines)
        if (std::isfinite(line.value) && line.value >= 0 && lines.size() < most_lines) lines.push_back(line);
    return lines;
}

Vertical vertical_of(const SingularValueCurve& curve, const std::vector<ReferenceLine>& lines) {
    double most = curve.values.front();
    double least = INFINITY; // of what is not zero
    bool zeros = false;
    const auto see = [&](double value) {
        most = std::max(most, value);
        if (value > curve.zero)
            least = std::min(least, value);
        else
            zeros = true;
    };
    for (const double value : curve.values) see(value);
    for (const double value : curve.other) see(value);
    for (const ReferenceLine& line : lines) see(line.value);
    constexpr double decades = 1e3;
    if (std::isfinite(least) && least < most / decades) return {Scale::logarithmic(least, most), curve.zero, zeros};
    constexpr double room = 1.06;
    return {Scale::linear(most > 0 ? most * room : 1, 6), curve.zero, false};
}

// Which of `count` values are drawn: both ends, and evenly between them.
std::vector<std::size_t> thinned(std::size_t count) {
    std::vector<std::size_t> chosen(std::min(count, most_points));
    std::iota(chosen.begin(), chosen.end(), std::size_t{0});
    if (count > most_points)
        for (std::size_t& i : chosen)
            i = static_cast<std::size_t>(std::llround(static_cast<double>(i) * static_cast<double>(count - 1) /
                                                      static_cast<double>(most_points - 1)));
    return chosen;
}

// σ_i against i, from 1 to `count`.
class CurvePanel {
  public:
    CurvePanel(const Vertical& vertical, std::size_t count) : vertical_(vertical), count_(static_cast<double>(count)) {}

    std::string axes() const;
    std::string curve(const std::vector<double>& values, const std::string& stroke, const std::string& dot) const;

  private:
    double x(double i) const {
        constexpr double inset = 8;
        const double from = curve_left + inset;
        const double to = curve_right - inset;
        return count_ > 1 ? from + (i - 1) / (count_ - 1) * (to - from) : (from + to) / 2;
    }

    const Vertical& vertical_;
    double count_;
};

std::string CurvePanel::axes() const {
    std::string svg;
    const double step = std::max(1.0, picture::nice_step(count_ / 7));
    const auto tick = [&](double i) {
        svg += picture::line(x(i), bottom, x(i), bottom + 5, "axis");
        svg += picture::text(x(i), bottom + 19, Anchor::middle, "tick", number(i, 12));
    };
    if (step > 1) tick(1);
    for (double i = step; i <= count_; i += step) tick(i);
    svg += picture::line(curve_left, bottom, curve_right, bottom, "axis");
    svg += picture::line(curve_left, top, curve_left, bottom, "axis");
    return svg + picture::text((curve_left + curve_right) / 2, bottom + 38, Anchor::middle, "label",
                               "i, of " + number(count_, 15) + " singular value" + (count_ > 1 ? "s" : ""));
}

std::string CurvePanel::curve(const std::vector<double>& values, const std::string& stroke,
                              const std::string& dot) const {
    constexpr std::size_t most_dots = 60;
    std::string points;
    std::string dots;
    for (const std::size_t i : thinned(values.size())) {
        const std::string at_x = coordinate(x(static_cast<double>(i) + 1));
        const std::string at_y = coordinate(vertical_.y(values[i]));
        points += (points.empty() ? "" : " ") + at_x + "," + at_y;
        if (values.size() <= most_dots)
            dots += "<circle cx=\"" + at_x + "\" cy=\"" + at_y + "\" r=\"3\" class=\"" + dot + "\"/>\n";
    }
    return "<polyline points=\"" + points + "\" class=\"" + stroke + "\"/>\n" + dots;
}

// What both panels lie on: a line and a label for each tick, and the line of zeros.
std::string vertical_axis(const Vertical& vertical) {
    std::string svg;
    const double end = vertical.end();
    for (const Scale::Tick& tick : vertical.scale.ticks()) {
        const double y = end - tick.at * (end - top);
        svg += picture::line(curve_left, y, curve_right, y, "grid");
        svg += picture::line(counts_left, y, counts_right, y, "grid");
        svg += picture::text(curve_left - 8, y + 4, Anchor::end, "tick", tick.label);
    }
    if (vertical.zeros_apart) {
        svg += picture::line(curve_left, zero_line, curve_right, zero_line, "zero");
        svg += picture::line(counts_left, zero_line, counts_right, zero_line, "zero");
        const std::string label = vertical.zero > 0 ? "≤ " + number(vertical.zero, 2) : "0";
        svg += picture::text(curve_left - 8, zero_line + 4, Anchor::end, "tick", label);
    }
    return svg + picture::text(curve_left - 8, top - 16, Anchor::end, "label", "σ_i");
}

// How many values lie where: bars that lie on the vertical axis.
std::string counts_panel(const Vertical& vertical, const std::vector<double>& values) {
    constexpr std::size_t bins = 40;
    std::array<double, bins + 1> counts{}; // the last: zeros apart
    for (const double value : values) {
        const bool apart = vertical.zeros_apart && value <= vertical.zero;
        const double at = apart ? 0 : vertical.scale.at(value <= vertical.zero ? 0 : value);
        ++counts[apart ? bins : std::min(static_cast<std::size_t>(at * bins), bins - 1)];
    }
    const Scale scale = Scale::linear(std::max(3.0, *std::ranges::max_element(counts)), 3);
    const double end = vertical.end();
    const double height = (end - top) / bins;
    std::string svg;
    for (std::size_t bin = 0; bin <= bins; ++bin) {
        if (counts[bin] == 0) continue;
        const double y = bin == bins ? zero_line - height / 2 : end - static_cast<double>(bin + 1) * height;
        const double length = std::max(1.0, scale.at(counts[bin]) * (counts_right - counts_left));
        svg += picture::rectangle(counts_left, y + 0.5, length, height - 1, "bar");
    }
    for (const Scale::Tick& tick : scale.ticks()) {
        const double x = counts_left + tick.at * (counts_right - counts_left);
        svg += picture::line(x, bottom, x, bottom + 5, "axis");
        svg += picture::text(x, bottom + 19, Anchor::middle, "tick", tick.label);
    }
    svg += picture::line(counts_left, bottom, counts_right, bottom, "axis");
    svg += picture::line(counts_left, top, counts_left, bottom, "axis");
    return svg +
           picture::text((counts_left + counts_right) / 2, bottom + 38, Anchor::middle, "label", "number of values");
}

// A row: how it is drawn, and what it is.
std::string legend_row(std::size_t row, const std::string& stroke, const std::string& label) {
    const double y = legend_top + static_cast<double>(row) * legend_step;
    return picture::line(curve_left, y - 4, curve_left + 40, y - 4, stroke) +
           picture::text(curve_left + 50, y, Anchor::start, "label", label);
}

std::string lines_and_legend(const SingularValueCurve& curve, const std::vector<ReferenceLine>& lines,
                             const Vertical& vertical) {
    constexpr std::size_t most = 100;
    std::string svg = legend_row(0, "first", "singular values of " + xml_text(curve.label, most));
    std::size_t row = 1;
    if (!curve.other.empty())
        svg += legend_row(row++, "other", "singular values of " + xml_text(curve.other_label, most));
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string stroke = "line" + number(static_cast<double>(i % 3));
        const double y = vertical.y(lines[i].value);
        svg += picture::line(curve_left, y, curve_right, y, stroke);
        svg += picture::line(counts_left, y, counts_right, y, stroke);
        svg += legend_row(row++, stroke, xml_text(lines[i].label, most) + ": " + number(lines[i].value));
    }
    return svg;
}

} // namespace

std::string singular_value_curve_svg(const SingularValueCurve& curve) {
    require_drawable(curve);
    const std::vector<ReferenceLine> lines = finite_lines(curve);
    const Vertical vertical = vertical_of(curve, lines);
    const CurvePanel panel(vertical, std::max(curve.values.size(), curve.other.size()));
    const std::size_t rows = 1 + (curve.other.empty() ? 0 : 1) + lines.size();
    const double height = legend_top + static_cast<double>(rows) * legend_step;
    const std::string title = xml_text(curve.title, 100);
    const std::string size = number(width) + "\" height=\"" + number(height);
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + size + "\" viewBox=\"0 0 " +
                      number(width) + " " + number(height) + "\" role=\"img\">\n<title>" + title + "</title>\n" + style;
    svg += picture::rectangle(0, 0, width, height, "back");
    svg += picture::text(curve_left, 24, Anchor::start, "title", title);
    svg += vertical_axis(vertical) + panel.axes() + counts_panel(vertical, curve.values);
    if (!curve.other.empty()) svg += panel.curve(curve.other, "other", "otherdot");
    svg += panel.curve(curve.values, "first", "dot") + lines_and_legend(curve, lines, vertical);
    return svg + "</svg>\n";
}

} // namespace convmat
