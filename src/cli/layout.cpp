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

} // namespace

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
