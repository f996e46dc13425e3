#include "extents.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

#include "error.hpp"
#include "names.hpp"

namespace convmat::cli {
namespace {

// The whole of `text` as a number, or false.
template <class Number>
bool read_number(std::string_view text, Number& number) {
    if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

bool read_pair(std::string_view text, Padding& padding) {
    const auto ends = split(text, ':');
    if (ends.size() > 2) return false;
    return read_number(ends.front(), padding.begin) && read_number(ends.back(), padding.end);
}

struct NamedRule {
    std::string_view name;
    PaddingRule rule;
};

constexpr std::array<NamedRule, 5> rules = {{{"valid", PaddingRule::valid},
                                             {"full", PaddingRule::full},
                                             {"same", PaddingRule::same_upper},
                                             {"same_upper", PaddingRule::same_upper},
                                             {"same_lower", PaddingRule::same_lower}}};

using NameElsewhere = std::pair<std::string_view, std::string_view>;

// What other systems call them: a name may mean two things.
constexpr std::array<NameElsewhere, 16> boundaries_elsewhere = {
    {{"reflect", "half_symmetric, which SciPy's ndimage means by it, or whole_symmetric, as NumPy and PyTorch do"},
     {"mirror", "whole_symmetric, which SciPy's ndimage means by it, or half_symmetric, where the edge is repeated"},
     {"symmetric", "half_symmetric, which NumPy and MATLAB mean by it, or whole_symmetric without the edge repeated"},
     {"symm", "half_symmetric, which SciPy's signal means by it"},
     {"grid-mirror", "half_symmetric, which SciPy's ndimage means by it"},
     {"reflexive", "half_symmetric, which inverse problems mean by it"},
     {"neumann", "half_symmetric, which inverse problems mean by it"},
     {"wrap", "periodic, which NumPy and SciPy mean by it"},
     {"grid-wrap", "periodic, which SciPy's ndimage means by it"},
     {"circular", "periodic, which PyTorch and MATLAB mean by it"},
     {"edge", "replicate, which NumPy means by it"},
     {"nearest", "replicate, which SciPy's ndimage means by it"},
     {"constant", "zero: other constants make no linear map"},
     {"grid-constant", "zero: other constants make no linear map"},
     {"fill", "zero: other constants make no linear map"},
     {"zeros", "zero, which PyTorch means by it"}}};

bool looks_like_a_rule(std::string_view text) {
    return !text.empty() && text.find_first_of("0123456789:") == std::string_view::npos;
}

} // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    std::size_t end = 0;
    while ((end = text.find(separator)) != std::string_view::npos) {
        pieces.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    pieces.push_back(text);
    return pieces;
}

Index parse_integer(std::string_view name, std::string_view text) {
    Index number = 0;
    if (!read_number(text, number)) throw InputError(name, text, "a 64-bit integer");
    return number;
}

double parse_real(std::string_view name, std::string_view text) {
    double number = 0;
    if (!read_number(text, number) || !std::isfinite(number)) throw InputError(name, text, "a finite number");
    return number;
}

Shape parse_extents(std::string_view name, std::string_view text) {
    Shape extents;
    for (const std::string_view piece : split(text, 'x')) {
        Index extent = 0;
        if (!read_number(piece, extent)) throw InputError(name, text, "integers joined by 'x', as in 3x64x64");
        extents.push_back(extent);
    }
    return extents;
}

PaddingChoice parse_padding(std::string_view name, std::string_view text) {
    if (looks_like_a_rule(text)) return parse_padding_rule(name, text);
    std::vector<Padding> paddings;
    for (const std::string_view piece : split(text, 'x')) {
        Padding padding;
        if (!read_pair(piece, padding))
            throw InputError(
                name, text,
                "a number or begin:end for each axis joined by 'x', as in 1, 1x2 or 1:2x0, or valid, full, "
                "same, same_upper, same_lower");
        paddings.push_back(padding);
    }
    return paddings;
}

PaddingRule parse_padding_rule(std::string_view name, std::string_view text) {
    for (const NamedRule& known : rules)
        if (text == known.name) return known.rule;
    std::vector<std::string> names;
    for (const NamedRule& known : rules) names.emplace_back(known.name);
    throw InputError(name, text, "numbers, or " + one_of(text, names));
}

Boundary parse_boundary(std::string_view name, std::string_view text) {
    for (const Boundary boundary : all_boundaries)
        if (text == to_string(boundary)) return boundary;
    for (const auto& [elsewhere, here] : boundaries_elsewhere)
        if (text == elsewhere) throw InputError(name, text, here);
    throw InputError(name, text, one_of(text, boundary_names()));
}

std::vector<std::string> boundary_names() {
    std::vector<std::string> names;
    for (const Boundary boundary : all_boundaries) names.emplace_back(to_string(boundary));
    return names;
}

std::uint64_t parse_seed(std::string_view name, std::string_view text) {
    const Index seed = parse_integer(name, text);
    if (seed < 0) throw InputError(name, text, "an integer from 0");
    return static_cast<std::uint64_t>(seed);
}

std::vector<Boundary> parse_boundaries(std::string_view name, std::string_view text) {
    std::vector<Boundary> boundaries;
    for (const std::string_view piece : split(text, ',')) boundaries.push_back(parse_boundary(name, piece));
    return boundaries;
}

} // namespace convmat::cli
