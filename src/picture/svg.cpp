#include "svg.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

namespace convmat::picture {
namespace {

// Bytes of the UTF-8 character that `text` begins with; 0 for none, and for those that XML does not take.
std::size_t character_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) return lead >= 0x20 && lead != 0x7F ? 1 : 0;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
    std::uint32_t code = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return 0;
        code = code << 6U | (byte(i) & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 5> least = {0, 0, 0xA0, 0x800, 0x10000};
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    const bool turns = (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069); // the way of writing
    return code < least[length] || surrogate || turns || code == 0xFFFE || code == 0xFFFF || code > 0x10FFFF ? 0
                                                                                                             : length;
}

std::string_view escaped(std::string_view character) {
    switch (character.front()) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    default:
        return character;
    }
}

std::string in(std::string_view name, double value) {
    return " " + std::string(name) + "=\"" + coordinate(value) + "\"";
}

std::string of_class(std::string_view style) { return " class=\"" + std::string(style) + "\""; }

} // namespace

std::string printable(std::string_view label, std::size_t most) {
    std::string result;
    for (std::size_t count = 0; !label.empty(); ++count) {
        if (count == most) return result + "…";
        const std::size_t length = character_length(label);
        result += length == 0 ? "?" : label.substr(0, length);
        label.remove_prefix(length == 0 ? 1 : length);
    }
    return result;
}

std::string xml_text(std::string_view label, std::size_t most) {
    std::string result;
    for (const char character : printable(label, most)) result += escaped({&character, 1});
    return result;
}

std::string coordinate(double value) {
    std::array<char, 64> buffer{};
    const auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, 1);
    return {buffer.data(), error == std::errc() ? end : buffer.data()};
}

std::string number(double value, int digits) {
    if (value == 0) value = 0; // not -0
    std::array<char, 64> buffer{};
    const auto [end, error] =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::general, digits);
    std::string text(buffer.data(), error == std::errc() ? end : buffer.data());
    const auto e = text.find('e');
    if (e == std::string::npos) return text;
    const std::string sign = text[e + 1] == '-' ? "-" : "";
    return text.substr(0, e + 1) + sign + text.substr(text.find_first_not_of("+-0", e + 1));
}

double text_width(std::string_view label) {
    constexpr std::string_view broad = "MWmw@%";
    double columns = 0;
    for (const char character : label) {
        const auto byte = static_cast<std::uint8_t>(character);
        if (byte < 0x80 || byte >= 0xC0) columns += byte >= 0xE0 || broad.find(character) != broad.npos ? 2 : 1;
    }
    return 7 * columns;
}

std::vector<std::string> wrapped(const std::string& words, const std::function<bool(const std::string&)>& fits) {
    std::vector<std::string> lines(1);
    for (std::size_t from = 0; from < words.size();) {
        const std::size_t to = std::min(words.find(' ', from), words.size());
        const std::string word = words.substr(from, to - from);
        if (!lines.back().empty() && !fits(lines.back() + " " + word)) lines.emplace_back();
        lines.back() += (lines.back().empty() ? "" : " ") + word;
        from = to + 1;
    }
    return lines;
}

std::string base64(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto byte = [&](std::size_t k) { return i + k < bytes.size() ? std::uint32_t{bytes[i + k]} : 0U; };
        const std::uint32_t three = byte(0) << 16U | byte(1) << 8U | byte(2);
        for (std::uint32_t digit = 0; digit < 4; ++digit)
            text += i + digit <= bytes.size() ? digits[three >> (18 - 6 * digit) & 63U] : '=';
    }
    return text;
}

std::string line(double x1, double y1, double x2, double y2, std::string_view style) {
    return "<line" + in("x1", x1) + in("y1", y1) + in("x2", x2) + in("y2", y2) + of_class(style) + "/>\n";
}

std::string rectangle(double x, double y, double width, double height, std::string_view style) {
    return "<rect" + in("x", x) + in("y", y) + in("width", width) + in("height", height) + of_class(style) + "/>\n";
}

std::string circle(Point centre, double radius, std::string_view style) {
    return "<circle" + in("cx", centre.x) + in("cy", centre.y) + " r=\"" + number(radius) + "\"" + of_class(style) +
           "/>\n";
}

std::string polyline(const std::vector<Point>& points, std::string_view style) {
    std::string list;
    for (const Point& point : points)
        list += (list.empty() ? "" : " ") + coordinate(point.x) + "," + coordinate(point.y);
    return "<polyline points=\"" + list + "\"" + of_class(style) + "/>\n";
}

namespace {

std::string_view name_of(Anchor anchor) {
    switch (anchor) {
    case Anchor::start:
        return "start";
    case Anchor::middle:
        return "middle";
    case Anchor::end:
        break;
    }
    return "end";
}

} // namespace

std::string text(double x, double y, Anchor anchor, std::string_view style, std::string_view escaped) {
    return "<text" + in("x", x) + in("y", y) + " text-anchor=\"" + std::string(name_of(anchor)) + "\"" +
           of_class(style) + ">" + std::string(escaped) + "</text>\n";
}

} // namespace convmat::picture
