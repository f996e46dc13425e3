#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What all pictures have in common: their width and where panels begin, the colours, the title.
namespace convmat::picture {

constexpr double width = 880;
constexpr double top = 56;  // of the panels
constexpr double left = 72; // of the first panel

/// A curve's begin: <svg>, the style sheet for light and dark, the background and the title (cut after 100 characters).
std::string opening(double height, std::string_view title);

/// The same of another width, with more style rules: `styles` for all, `dark_styles` where the viewer prefers dark.
struct Styles {
    std::string all;
    std::string dark;
};
std::string opening(double across, double height, std::string_view title, const Styles& more, double title_left = left);

/// Which of `count` points of a curve are drawn: at most 600, both ends among them, evenly between these.
std::vector<std::size_t> thinned(std::size_t count);

} // namespace convmat::picture
