#include <convmat/picture/curve.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include <convmat/base/error.hpp>
#include <convmat/base/types.hpp>

#include "scale.hpp"
#include "sheet.hpp"
#include "svg.hpp"

namespace convmat {
namespace {

using picture::Anchor;
using picture::left;
using picture::number;
using picture::Point;
using picture::Scale;
using picture::top;
using picture::xml_text;

constexpr double bottom = 392;          // of the panels
constexpr double zero_line = 372;       // of zeros below a logarithmic axis ...
constexpr double above_zero_line = 352; // ... which then ends here
constexpr double curve_right = 600;
constexpr double counts_left = 648;
constexpr double counts_right = 848;
constexpr double legend_top = 450;
constexpr double legend_step = 20;
constexpr std::size_t most_marked = 12;

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
        if (std::isfinite(line.value) && line.value >= 0 && lines.size() < most_marked) lines.push_back(line);
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

// σ_i against i, from 1 to `count`.
class CurvePanel {
  public:
    CurvePanel(const Vertical& vertical, std::size_t count) : vertical_(vertical), count_(static_cast<double>(count)) {}

    std::string axes() const;
    std::string curve(const std::vector<double>& values, const std::string& stroke, const std::string& dot) const;

  private:
    double x(double i) const {
        constexpr double inset = 8;
        const double from = left + inset;
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
    svg += picture::line(left, bottom, curve_right, bottom, "axis");
    svg += picture::line(left, top, left, bottom, "axis");
    return svg + picture::text((left + curve_right) / 2, bottom + 38, Anchor::middle, "label",
                               "i, of " + number(count_, 15) + " singular value" + (count_ > 1 ? "s" : ""));
}

std::string CurvePanel::curve(const std::vector<double>& values, const std::string& stroke,
                              const std::string& dot) const {
    constexpr std::size_t most_dots = 60;
    std::vector<Point> points;
    std::string dots;
    for (const std::size_t i : picture::thinned(values.size())) {
        points.push_back({x(static_cast<double>(i) + 1), vertical_.y(values[i])});
        if (values.size() <= most_dots) dots += picture::circle(points.back(), 3, dot);
    }
    return picture::polyline(points, stroke) + dots;
}

// What both panels lie on: a line and a label for each tick, and the line of zeros.
std::string vertical_axis(const Vertical& vertical) {
    std::string svg;
    const double end = vertical.end();
    for (const Scale::Tick& tick : vertical.scale.ticks()) {
        const double y = end - tick.at * (end - top);
        svg += picture::line(left, y, curve_right, y, "grid");
        svg += picture::line(counts_left, y, counts_right, y, "grid");
        svg += picture::text(left - 8, y + 4, Anchor::end, "tick", tick.label);
    }
    if (vertical.zeros_apart) {
        svg += picture::line(left, zero_line, curve_right, zero_line, "zero");
        svg += picture::line(counts_left, zero_line, counts_right, zero_line, "zero");
        const std::string label = vertical.zero > 0 ? "≤ " + number(vertical.zero, 2) : "0";
        svg += picture::text(left - 8, zero_line + 4, Anchor::end, "tick", label);
    }
    return svg + picture::text(left - 8, top - 16, Anchor::end, "label", "σ_i");
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
    return picture::line(left, y - 4, left + 40, y - 4, stroke) +
           picture::text(left + 50, y, Anchor::start, "label", label);
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
        svg += picture::line(left, y, curve_right, y, stroke);
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
    std::string svg = picture::opening(height, curve.title);
    svg += vertical_axis(vertical) + panel.axes() + counts_panel(vertical, curve.values);
    if (!curve.other.empty()) svg += panel.curve(curve.other, "other", "otherdot");
    svg += panel.curve(curve.values, "first", "dot") + lines_and_legend(curve, lines, vertical);
    return svg + "</svg>\n";
}

} // namespace convmat
