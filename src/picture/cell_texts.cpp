#include "cell_texts.hpp"

#include <algorithm>
#include <cmath>

#include "svg.hpp"

namespace convmat::picture {

std::vector<std::string> cell_texts(std::span<const double> values) {
    constexpr std::size_t longest = 6;
    for (int digits = 4; digits >= 2; --digits) {
        std::vector<std::string> texts;
        for (const double value : values) texts.push_back(number(value, digits));
        if (std::ranges::all_of(texts, [](const std::string& text) { return text.size() <= longest; })) return texts;
    }
    return {};
}

int diverging_colour(double value, double largest) {
    constexpr int middle = 8;
    if (value == 0 || largest == 0) return middle;
    const int step = std::max(1, static_cast<int>(std::lround(middle * (std::abs(value) / largest))));
    return value < 0 ? middle - step : middle + step;
}

int sequential_colour(double part) { return static_cast<int>(std::lround(15 * std::clamp(part, 0.0, 1.0))); }

} // namespace convmat::picture
