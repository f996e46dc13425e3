#include "category_letters.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "tap_colours.hpp"

namespace convmat::picture {
namespace {

std::vector<const Panel*> panels_of_categories(const Figure& figure) {
    std::vector<const Panel*> panels;
    for (const auto& row : figure.rows)
        for (const FigureItem& item : row)
            if (const Panel* panel = std::get_if<Panel>(&item); panel && panel->palette == Palette::categories)
                panels.push_back(panel);
    std::ranges::stable_sort(panels, std::greater<>(), [](const Panel* panel) {
        std::set<int> shown(panel->colours.begin(), panel->colours.end());
        for (const int colour : {no_colour, TapColours::of_several(), TapColours::of_zero()}) shown.erase(colour);
        return std::pair(std::ssize(shown), -std::ssize(panel->colours));
    });
    return panels;
}

} // namespace

CategoryLetters::CategoryLetters(const Figure& figure) {
    letters_[static_cast<std::size_t>(TapColours::of_several())] = 'x';
    letters_[static_cast<std::size_t>(TapColours::of_zero())] = '0';
    for (const KeyEntry& entry : figure.key)
        if (entry.palette == Palette::categories) give(entry.colour);
    for (const Panel* panel : panels_of_categories(figure))
        for (const int colour : panel->colours)
            if (colour != no_colour) give(colour);
}

void CategoryLetters::give(int colour) {
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWYZ";
    char& letter = letters_[static_cast<std::size_t>(colour)];
    if (letter == 0) letter = alphabet[given_++];
}

} // namespace convmat::picture
