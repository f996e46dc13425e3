#include "sheet.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "svg.hpp"

namespace convmat::picture {
namespace {

constexpr const char* light_style = R"(<style>
text { font-family: system-ui, sans-serif; font-size: 12px; fill: #24292f; }
.title { font-size: 15px; font-weight: 600; }
.back { fill: #ffffff; }
.grid { stroke: #dfe3e8; }
.axis { stroke: #57606a; }
.zero { stroke: #57606a; stroke-dasharray: 2 3; }
.first { stroke: #0072b2; stroke-width: 2; fill: none; }
.other { stroke: #d55e00; stroke-width: 2; stroke-dasharray: 7 3; fill: none; }
.dot { fill: #0072b2; }
.otherdot { fill: #d55e00; }
.mark { fill: #d55e00; stroke: #ffffff; stroke-width: 2; }
.halo { stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round; paint-order: stroke; }
.strong { font-weight: 600; }
.bar { fill: #0072b2; fill-opacity: 0.75; }
.line0 { stroke: #00795a; stroke-width: 1.5; stroke-dasharray: 10 4; }
.line1 { stroke: #a03c78; stroke-width: 1.5; stroke-dasharray: 3 3; }
.line2 { stroke: #8a6d00; stroke-width: 1.5; stroke-dasharray: 10 3 2 3; }
)";

constexpr const char* dark_style = R"(@media (prefers-color-scheme: dark) {
text { fill: #e6edf3; }
.back { fill: #0d1117; }
.grid { stroke: #2b323b; }
.axis { stroke: #9aa4af; }
.zero { stroke: #9aa4af; }
.first { stroke: #56b4e9; }
.other { stroke: #f28c38; }
.dot { fill: #56b4e9; }
.otherdot { fill: #f28c38; }
.mark { fill: #f28c38; stroke: #0d1117; }
.halo { stroke: #0d1117; }
.bar { fill: #56b4e9; }
.line0 { stroke: #2fc79a; }
.line1 { stroke: #e39cc8; }
.line2 { stroke: #f0d24a; }
)";

} // namespace

std::string opening(double height, std::string_view title) { return opening(width, height, title, {}); }

std::string opening(double across, double height, std::string_view title, const Styles& more, double title_left) {
    const std::string escaped = xml_text(title, 100);
    const std::string size = number(across) + "\" height=\"" + number(height);
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + size + "\" viewBox=\"0 0 " + number(across) + " " +
           number(height) + "\" role=\"img\">\n<title>" + escaped + "</title>\n" + light_style + more.all + dark_style +
           more.dark + "}\n</style>\n" + rectangle(0, 0, across, height, "back") +
           text(title_left, 24, Anchor::start, "title", escaped);
}

std::vector<std::size_t> thinned(std::size_t count) {
    constexpr std::size_t most_points = 600;
    std::vector<std::size_t> chosen(std::min(count, most_points));
    std::iota(chosen.begin(), chosen.end(), std::size_t{0});
    if (count > most_points)
        for (std::size_t& i : chosen)
            i = static_cast<std::size_t>(std::llround(static_cast<double>(i) * static_cast<double>(count - 1) /
                                                      static_cast<double>(most_points - 1)));
    return chosen;
}

} // namespace convmat::picture
