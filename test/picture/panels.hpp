#pragma once

#include <string>
#include <vector>

#include <convmat/picture/figure.hpp>

namespace convmat::test {

inline const Panel& panel_of(const Figure& figure, std::size_t row, std::size_t at) {
    return std::get<Panel>(figure.rows.at(row).at(at));
}

inline std::vector<std::string> numbers(const std::vector<double>& values) {
    std::vector<std::string> texts;
    for (const double value : values) texts.push_back(std::to_string(static_cast<int>(value)));
    return texts;
}

} // namespace convmat::test
