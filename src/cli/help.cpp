#include "help.hpp"

#include <algorithm>

#include "extents.hpp"

namespace convmat::cli {
namespace {

constexpr std::size_t meaning_column = 34;

// Breaks a long line at spaces, and indents what follows to the column of meanings.
std::string wrapped(std::string line) {
    constexpr std::size_t width = 110;
    std::string text;
    while (line.size() > width) {
        const std::size_t space = line.rfind(' ', width);
        if (space == std::string::npos || space <= meaning_column) break;
        text += line.substr(0, space) + "\n";
        line.replace(0, space + 1, std::string(meaning_column, ' '));
    }
    return text + line;
}

std::string option_line(const std::string& name, const std::string& meaning) {
    std::string line = "  " + name;
    if (line.size() >= meaning_column) line += "\n";
    const std::size_t begin = line.ends_with('\n') ? line.size() : 0;
    line.resize(begin + meaning_column, ' ');
    return line + meaning + "\n";
}

std::vector<std::string> headings_of(const std::vector<Option>& options) {
    std::vector<std::string> headings = {"Options"};
    for (const Option& option : options)
        if (std::ranges::find(headings, option.heading) == headings.end()) headings.push_back(option.heading);
    return headings;
}

std::string options_part(const std::vector<Option>& options) {
    std::string text;
    for (const std::string& heading : headings_of(options)) {
        text += "\n" + heading + ":\n";
        if (heading == "Options") text += option_line("-h,--help", "Print this help and exit");
        for (const Option& option : options)
            if (option.heading == heading)
                text += option_line(option.name + (option.is_flag() ? "" : " " + option.kind), option.meaning);
        text += "\n";
    }
    return text;
}

} // namespace

std::string help_page(const CommandSummary& summary, const std::vector<Option>& options) {
    const std::string page =
        summary.summary + "\nUsage: convmat " + summary.command + " [OPTIONS]\n" + options_part(options) +
        "Example:\n" + summary.example +
        "\n\nExit codes: 0 done; 1 a check failed; 2 bad input or usage, with one line on standard error that "
        "names\nthe option or file, the value and what was expected, and no output file touched.";
    std::string text;
    for (const std::string_view line : split(page, '\n')) text += wrapped(std::string(line)) + "\n";
    return text;
}

} // namespace convmat::cli
