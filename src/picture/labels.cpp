#include "labels.hpp"

#include <algorithm>
#include <array>

namespace convmat::picture {
namespace {

constexpr double label_height = 15;

bool overlap(const Box& a, const Box& b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

// Moved sideways as far as it takes.
Box slid_inside(Box box, const Box& area) {
    const double step = std::max(0.0, area.left - box.left) - std::max(0.0, box.right - area.right);
    box.left += step;
    box.right += step;
    return box;
}

struct Place {
    Box box;
    Anchor anchor = Anchor::start;
};

// The better ones first: a falling curve leaves the upper right and the lower left of its points free.
std::array<Place, 8> places(Point point, double radius, double gap, double width, double height) {
    const auto place = [&](double x, double y, Anchor anchor) {
        const double left = anchor == Anchor::start ? x : anchor == Anchor::end ? x - width : x - width / 2;
        return Place{{left, y, left + width, y + height}, anchor};
    };
    const double aside = radius + 2 + gap;
    const double right = point.x + aside;
    const double left = point.x - aside;
    const double above = point.y - height - gap;
    const double below = point.y + gap;
    return {place(right, above, Anchor::start),
            place(left, below, Anchor::end),
            place(left, above, Anchor::end),
            place(right, below, Anchor::start),
            place(point.x, point.y - aside - height, Anchor::middle),
            place(point.x, point.y + aside, Anchor::middle),
            place(right, point.y - height / 2, Anchor::start),
            place(left, point.y - height / 2, Anchor::end)};
}

} // namespace

bool crosses(const Box& box, Point p, Point q) {
    if (std::max(p.x, q.x) < box.left || std::min(p.x, q.x) > box.right || std::max(p.y, q.y) < box.top ||
        std::min(p.y, q.y) > box.bottom)
        return false;
    const auto side = [&](double x, double y) { return (q.x - p.x) * (y - p.y) - (q.y - p.y) * (x - p.x); };
    const auto [least, most] = std::minmax(
        {side(box.left, box.top), side(box.right, box.top), side(box.left, box.bottom), side(box.right, box.bottom)});
    return least <= 0 && most >= 0;
}

void Labels::keep_off(Point centre, double radius) {
    taken_.push_back({centre.x - radius, centre.y - radius, centre.x + radius, centre.y + radius});
}

bool Labels::is_inside(const Box& box) const {
    return box.left >= area_.left && box.right <= area_.right && box.top >= area_.top && box.bottom <= area_.bottom;
}

bool Labels::is_free(const Box& box) const {
    return is_inside(box) && std::ranges::none_of(taken_, [&](const Box& taken) { return overlap(box, taken); });
}

bool Labels::is_off_curve(const Box& box) const {
    for (std::size_t i = 1; i < curve_.size(); ++i)
        if (crosses(box, curve_[i - 1], curve_[i])) return false;
    return true;
}

std::string Labels::beside(Point point, double radius, Need need, std::string_view style,
                           const std::vector<std::string>& lines) {
    double width = 0;
    for (const std::string& line : lines) width = std::max(width, text_width(line));
    std::vector<Place> all;
    for (const double gap : {1.0, 7.0, 14.0})
        for (Place place : places(point, radius, gap, width, label_height * static_cast<double>(lines.size()))) {
            if (place.anchor == Anchor::middle) place.box = slid_inside(place.box, area_);
            if (is_inside(place.box)) all.push_back(place);
        }
    const auto free = [&](const Place& place) { return is_free(place.box); };
    auto chosen = std::ranges::find_if(all, [&](const Place& place) { return free(place) && is_off_curve(place.box); });
    if (chosen == all.end()) chosen = std::ranges::find_if(all, free);
    if (chosen == all.end() && need == Need::always) chosen = all.begin();
    if (chosen == all.end()) return {};
    taken_.push_back(chosen->box);
    const Box& box = chosen->box;
    const double x = chosen->anchor == Anchor::start ? box.left
                     : chosen->anchor == Anchor::end ? box.right
                                                     : (box.left + box.right) / 2;
    std::string svg;
    for (std::size_t i = 0; i < lines.size(); ++i)
        svg += text(x, box.top + label_height * static_cast<double>(i) + 12, chosen->anchor, style, lines[i]);
    return svg;
}

} // namespace convmat::picture
