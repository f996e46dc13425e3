#include "positions.hpp"

#include <algorithm>
#include <cmath>

#include <convmat/base/positions.hpp>

#include "scale.hpp"

namespace convmat::picture {

std::string position_label(const Shape& shape, Index index) {
    std::string label;
    const Shape at = unravel(index, shape);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        const std::string part = std::to_string(at[axis]);
        if (axis == 0 && shape.size() > 1) {
            if (shape[0] > 1) label = part + ":" + label;
        } else {
            label = label.empty() ? part : part + "," + label;
        }
    }
    return label;
}

std::string position_name(const std::string& what, char channel, char position, const Shape& shape) {
    constexpr std::string_view digits = "₁₂₃₄₅₆₇₈₉";
    constexpr std::size_t digit_bytes = 3;
    const std::size_t rank = shape.size() - 1;
    std::string name = what + " ";
    if (shape[0] > 1) name += std::string(1, channel) + ":";
    for (std::size_t axis = 0; axis < rank; ++axis) {
        name += (axis > 0 ? "," : "") + std::string(1, position);
        if (rank > 1 && axis < 9) name += digits.substr(axis * digit_bytes, digit_bytes);
    }
    return name;
}

Index trailing(const Shape& shape, std::size_t axes) {
    Index size = 1;
    for (std::size_t axis = shape.size() - std::min(axes, shape.size()); axis < shape.size(); ++axis)
        size *= shape[axis];
    return size;
}

Stretch whole(const Shape& shape, Index most) {
    constexpr Index most_tries = 10'000;
    const Index extent = trailing(shape, shape.size());
    const Index row = shape.back();
    const Index least = extent == 0 ? 1 : (extent - 1) / std::min(most, extent) + 1;
    if (least > row) return {extent, 0, extent, (least - 1) / row * row + row};
    for (Index block = least; block < least + std::min(least, most_tries); ++block)
        if (row % block == 0) return {extent, 0, extent, block};
    return {extent, 0, extent, least};
}

std::vector<Tick> position_ticks(const Shape& shape, const Stretch& stretch) {
    constexpr Index most_cells = 48;
    constexpr Index few = 8;
    Index step = 1;
    if (!stretch.is_exact() || stretch.cells() > most_cells) {
        Index unit = 1; // the largest block of which there are several
        for (std::size_t axes = 1; axes < shape.size(); ++axes)
            if (trailing(shape, axes) * 4 <= stretch.shown) unit = trailing(shape, axes);
        const double blocks = static_cast<double>(stretch.shown) / static_cast<double>(unit);
        step = unit * std::max<Index>(1, std::llround(nice_step(blocks / few)));
    }
    std::vector<Tick> ticks;
    const double middle = stretch.is_exact() ? 0.5 : 0;
    for (Index i = (stretch.first + step - 1) / step * step; i < stretch.first + stretch.shown; i += step)
        ticks.push_back({stretch.at(i) + middle, position_label(shape, i)});
    return ticks;
}

std::vector<Index> block_lines(const Shape& shape, const Stretch& stretch) {
    constexpr Index most_exact = 48;
    constexpr Index most_lines = 32;
    const bool small = stretch.is_exact() && stretch.cells() <= most_exact;
    const Index channel = trailing(shape, shape.size() - 1);
    const Index row = shape.size() > 2 ? shape.back() : channel;
    const Index block = small && row > 1 ? row : channel;
    std::vector<Index> lines;
    if (block < 2 || stretch.shown / block > most_lines) return lines;
    for (Index i = (stretch.first / block + 1) * block; i < stretch.first + stretch.shown; i += block)
        lines.push_back(std::lround(stretch.at(i)));
    return lines;
}

} // namespace convmat::picture
