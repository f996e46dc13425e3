#include <convmat/picture/l_curve.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <convmat/base/error.hpp>

#include "labels.hpp"
#include "scale.hpp"
#include "sheet.hpp"
#include "svg.hpp"

namespace convmat {
namespace {

using picture::Anchor;
using picture::left;
using picture::number;
using picture::Point;
using picture::power_of_ten;
using picture::Scale;
using picture::top;
using picture::xml_text;

constexpr double right = 848; // of the panel
constexpr double axis_bottom = 440;
constexpr double l_curve_height = 496;
constexpr double dot_radius = 3.5;
constexpr double mark_radius = 7;

// A point of the curve where it is drawn.
struct Shown {
    double lambda = 0;
    Point at;
};

double distance(Point p, Point q) { return std::hypot(p.x - q.x, p.y - q.y); }

// A dot of a round λ, or of several in one place.
struct Dot {
    Point at;
    std::string first;
    std::string last; // empty: there is one λ
};

void require(bool holds, const char* argument, double value, const char* expected) {
    if (!holds) throw std::invalid_argument(concat("l_curve_svg: ", argument, " is ", value, ", expected ", expected));
}

void require_drawable(const LCurve& curve) {
    double before = -1;
    for (const LCurvePoint& point : curve.points) {
        require(point.lambda >= 0 && std::isfinite(point.lambda), "lambda", point.lambda, "0 or more, and finite");
        if (point.lambda <= before)
            throw std::invalid_argument(
                concat("l_curve_svg: lambda is ", point.lambda, " after ", before, ", expected a larger one"));
        require(point.residual_norm >= 0, "residual_norm", point.residual_norm, "0 or more");
        require(point.penalty_norm >= 0, "penalty_norm", point.penalty_norm, "0 or more");
        before = point.lambda;
    }
    const double chosen = curve.chosen.value_or(0);
    require(chosen >= 0 && std::isfinite(chosen), "chosen", chosen, "0 or more, and finite");
}

// The points that have a place on two logarithmic axes.
std::vector<LCurvePoint> drawable(const LCurve& curve) {
    std::vector<LCurvePoint> points;
    const auto has_logarithm = [](double norm) { return norm > 0 && std::isfinite(norm); };
    for (const LCurvePoint& point : curve.points)
        if (has_logarithm(point.residual_norm) && has_logarithm(point.penalty_norm)) points.push_back(point);
    if (points.empty())
        throw std::invalid_argument(concat("l_curve_svg: of ", curve.points.size(),
                                           " points none has two norms that are finite and not 0, expected one"));
    return points;
}

Scale scale_of(const std::vector<LCurvePoint>& points, double LCurvePoint::*norm) {
    const auto [least, most] = std::ranges::minmax_element(points, {}, norm);
    return Scale::fitted((*least).*norm, (*most).*norm);
}

std::string axes(const Scale& horizontal, const Scale& vertical, const std::string& penalty) {
    std::string svg;
    for (const Scale::Tick& tick : vertical.ticks()) {
        const double y = axis_bottom - tick.at * (axis_bottom - top);
        svg += picture::line(left, y, right, y, "grid");
        svg += picture::text(left - 8, y + 4, Anchor::end, "tick", tick.label);
    }
    for (const Scale::Tick& tick : horizontal.ticks()) {
        const double x = left + tick.at * (right - left);
        svg += picture::line(x, top, x, axis_bottom, "grid");
        svg += picture::line(x, axis_bottom, x, axis_bottom + 5, "axis");
        svg += picture::text(x, axis_bottom + 19, Anchor::middle, "tick", tick.label);
    }
    svg += picture::line(left, axis_bottom, right, axis_bottom, "axis");
    svg += picture::line(left, top, left, axis_bottom, "axis");
    svg += picture::text(16, top - 12, Anchor::start, "label", xml_text(penalty, 100));
    return svg + picture::text((left + right) / 2, axis_bottom + 40, Anchor::middle, "label", "||A x - y||");
}

// Where the curve, whose first λ is not 0, has λ = 10^exponent: between two points along the line that joins them.
Point at_power_of_ten(const std::vector<Shown>& curve, double exponent) {
    const auto after =
        std::ranges::lower_bound(curve, exponent, {}, [](const Shown& p) { return std::log10(p.lambda); });
    if (after == curve.end()) return curve.back().at;
    if (after == curve.begin()) return after->at;
    const Shown& p = *(after - 1);
    const double begin = std::log10(p.lambda);
    const double part = (exponent - begin) / (std::log10(after->lambda) - begin);
    return {p.at.x + part * (after->at.x - p.at.x), p.at.y + part * (after->at.y - p.at.y)};
}

std::vector<Dot> round_dots(std::vector<Shown> curve) {
    constexpr double nearly = 1e-9;
    constexpr double near = 8;
    std::vector<Dot> dots;
    const auto add = [&](Point at, const std::string& label) {
        if (!dots.empty() && distance(dots.back().at, at) < near)
            dots.back().last = label;
        else
            dots.push_back({at, label, {}});
    };
    if (curve.front().lambda == 0) {
        add(curve.front().at, "0");
        curve.erase(curve.begin());
    }
    if (curve.empty()) return dots;
    const double first = std::ceil(std::log10(curve.front().lambda) - nearly);
    const double last = std::floor(std::log10(curve.back().lambda) + nearly);
    if (last > first) {
        const double step = std::ceil((last - first) / 12);
        for (double exponent = std::ceil(first / step) * step; exponent <= last; exponent += step)
            add(at_power_of_ten(curve, exponent), power_of_ten(exponent));
    } else {
        add(curve.front().at, number(curve.front().lambda, 3));
        if (curve.size() > 1) add(curve.back().at, number(curve.back().lambda, 3));
    }
    return dots;
}

const Shown& nearest(const std::vector<Shown>& curve, double lambda) {
    const auto ratio = [&](const Shown& point) {
        return point.lambda == lambda ? 0 : std::abs(std::log10(point.lambda) - std::log10(lambda));
    };
    return *std::ranges::min_element(curve, {}, ratio);
}

// Dots and the mark, then their labels over them; the mark's is placed first. A dot of its own under the mark is left
// out.
std::string dots_and_mark(const LCurve& curve, const std::vector<Shown>& shown, const std::vector<Point>& line) {
    using picture::Labels;
    Labels labels({left + 2, top - 8, picture::width - 4, axis_bottom - 2}, line);
    std::vector<Dot> dots = round_dots(shown);
    const Shown* mark = curve.chosen ? &nearest(shown, *curve.chosen) : nullptr;
    if (mark != nullptr)
        std::erase_if(dots, [&](const Dot& dot) { return dot.last.empty() && distance(dot.at, mark->at) < 1; });
    std::string svg;
    for (const Dot& dot : dots) {
        svg += picture::circle(dot.at, dot_radius, "dot");
        labels.keep_off(dot.at, dot_radius);
    }
    if (mark != nullptr) {
        svg += picture::circle(mark->at, mark_radius, "mark");
        labels.keep_off(mark->at, mark_radius);
        std::vector<std::string> lines = {"λ = " + number(mark->lambda, 3)};
        if (!curve.chosen_label.empty()) lines.insert(lines.begin(), xml_text(curve.chosen_label, 40));
        svg += labels.beside(mark->at, mark_radius, Labels::Need::always, "halo strong", lines);
    }
    for (const Dot& dot : dots)
        svg += labels.beside(dot.at, dot_radius, Labels::Need::when_free, "halo",
                             {"λ = " + dot.first + (dot.last.empty() ? "" : " to " + dot.last)});
    return svg;
}

} // namespace

std::string l_curve_svg(const LCurve& curve) {
    require_drawable(curve);
    const std::vector<LCurvePoint> points = drawable(curve);
    const Scale horizontal = scale_of(points, &LCurvePoint::residual_norm);
    const Scale vertical = scale_of(points, &LCurvePoint::penalty_norm);
    std::vector<Shown> shown;
    for (const LCurvePoint& point : points)
        shown.push_back({point.lambda,
                         {left + horizontal.at(point.residual_norm) * (right - left),
                          axis_bottom - vertical.at(point.penalty_norm) * (axis_bottom - top)}});
    std::vector<Point> line;
    for (const std::size_t i : picture::thinned(shown.size())) line.push_back(shown[i].at);
    std::string svg = picture::opening(l_curve_height, curve.title) + axes(horizontal, vertical, curve.penalty);
    svg += picture::polyline(line, "first") + dots_and_mark(curve, shown, line);
    return svg + "</svg>\n";
}

} // namespace convmat
