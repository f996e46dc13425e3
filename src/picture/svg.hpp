#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace convmat::picture {

/// A label of at most `most` characters (then …); what is no UTF-8, or a control character, as '?'.
std::string printable(std::string_view label, std::size_t most);

/// A label as XML text: markup escaped, at most `most` characters (then …), what is no UTF-8 or no XML as '?'.
std::string xml_text(std::string_view label, std::size_t most);

/// A coordinate, with one decimal: locales have no say.
std::string coordinate(double value);

/// A number to read: `digits` significant ones, as %g but for exponents, which have no leading zero: 1e-5.
std::string number(double value, int digits = 6);

/// About what a label takes at 12 pixels in any font: what is no Latin or Greek, and the broadest letters, count twice.
double text_width(std::string_view label);

/// Lines that fit, broken at spaces; a word that does not fit has a line of its own.
std::vector<std::string> wrapped(const std::string& words, const std::function<bool(const std::string&)>& fits);

/// Bytes as a data URI has them.
std::string base64(std::span<const std::uint8_t> bytes);

struct Point {
    double x = 0;
    double y = 0;
};

enum class Anchor { start, middle, end };

// Elements; `style` is a class of the style sheet.
std::string line(double x1, double y1, double x2, double y2, std::string_view style);
std::string rectangle(double x, double y, double width, double height, std::string_view style);
std::string circle(Point centre, double radius, std::string_view style);
std::string polyline(const std::vector<Point>& points, std::string_view style);
std::string text(double x, double y, Anchor anchor, std::string_view style, std::string_view escaped);

} // namespace convmat::picture
