#include "layout.hpp"

#include <algorithm>
#include <vector>

namespace convmat::cli {
namespace {

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end > 0) words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

// An option with what follows it, up to the next option: what one line holds together.
std::vector<std::string> pieces_of(std::string_view command) {
    std::vector<std::string> pieces;
    while (true) {
        const std::size_t next = command.find(" --", 1);
        pieces.emplace_back(command.substr(0, next));
        if (next == std::string_view::npos) return pieces;
        command.remove_prefix(next + 1);
    }
}

// Where the rest of a long line goes: below the text that follows two spaces, if there is room right of it.
std::size_t hanging_indent(const std::string& line, std::size_t width) {
    const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
    std::size_t indent = begin + 2;
    for (std::size_t gap = line.find("  ", begin); gap != std::string::npos; gap = line.find("  ", gap + 1)) {
        const std::size_t next = line.find_first_not_of(' ', gap);
        if (next == std::string::npos) break;
        if (columns_of(line.substr(0, next)) > width * 3 / 5) return std::max(indent, width / 2);
        indent = columns_of(line.substr(0, next));
        gap = next;
    }
    return indent;
}

// The last space at which so many columns end.
std::size_t last_break(const std::string& line, std::size_t width, std::size_t begin) {
    std::size_t found = std::string::npos;
    for (std::size_t space = line.find(' ', begin); space != std::string::npos; space = line.find(' ', space + 1)) {
        if (columns_of(line.substr(0, space)) > width) break;
        found = space;
    }
    return found;
}

std::string folded_line(std::string line, std::size_t width) {
    std::string text;
    const std::size_t indent = std::min(hanging_indent(line, width), width / 2);
    std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
    while (columns_of(line) > width) {
        std::size_t space = last_break(line, width, begin);
        if (space == std::string::npos) space = line.find(' ', begin);
        if (space == std::string::npos) break;
        text += line.substr(0, line.find_last_not_of(' ', space) + 1) + "\n";
        line.replace(0, std::min(line.find_first_not_of(' ', space), line.size()), std::string(indent, ' '));
        begin = indent;
    }
    return text + line + "\n";
}

} // namespace

std::string folded(std::string_view lines, std::size_t width) {
    std::string text;
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size());
        text += folded_line(std::string(lines.substr(0, end)), width);
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
    return text;
}

std::size_t columns_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string wrapped(std::string_view paragraph, std::size_t width, std::string_view first, std::size_t indent) {
    std::string text;
    std::string line(first);
    bool empty = true;
    for (const std::string& word : words_of(paragraph)) {
        if (!empty && columns_of(line) + 1 + columns_of(word) > width) {
            text += line + "\n";
            line.assign(indent, ' ');
            empty = true;
        }
        line += (empty ? "" : " ") + word;
        empty = false;
    }
    return text + line + "\n";
}

std::string wrapped_command(std::string_view command, std::size_t width) {
    constexpr std::string_view go_on = " \\\n      ";
    std::string text = "  ";
    std::size_t column = 2;
    for (const std::string& piece : pieces_of(command)) {
        const std::size_t room = columns_of(piece) + 3; // with the backslash that may follow
        const bool breaks = column > 6 && column + room > width;
        if (breaks) text += go_on;
        const bool begins = breaks || text.size() == 2;
        text += (begins ? "" : " ") + piece;
        column = (breaks ? 6 : column + (begins ? 0 : 1)) + columns_of(piece);
    }
    return text + "\n";
}

} // namespace convmat::cli
