#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <convmat/picture/figure.hpp>

#include "category_letters.hpp"
#include "palette.hpp"
#include "svg.hpp"
#include "tap_colours.hpp"

namespace convmat {
namespace {

using namespace picture;
using Characters = TextOptions::Characters;

// Characters of UTF-8 text, each one column wide.
std::size_t columns_of(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// What has no ASCII form is spelt out.
std::string plain(std::string text) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 16> spellings = {{{"×", "x"},
                                                                                          {"ᵀ", "^T"},
                                                                                          {"₁", "1"},
                                                                                          {"₂", "2"},
                                                                                          {"₃", "3"},
                                                                                          {"₄", "4"},
                                                                                          {"₅", "5"},
                                                                                          {"₆", "6"},
                                                                                          {"₇", "7"},
                                                                                          {"₈", "8"},
                                                                                          {"₉", "9"},
                                                                                          {"·", "*"},
                                                                                          {"…", "..."},
                                                                                          {"σ", "sigma"},
                                                                                          {"λ", "lambda"},
                                                                                          {"←", "<-"}}};
    for (const auto& [sign, words] : spellings)
        for (std::size_t at = text.find(sign); at != std::string::npos; at = text.find(sign, at + words.size()))
            text.replace(at, sign.size(), words);
    for (char& c : text)
        if ((static_cast<unsigned char>(c) & 0x80U) != 0) c = '?';
    return text;
}

// Lines of a known width, which colours do not count for.
struct Block {
    std::vector<std::string> lines;
    std::size_t width = 0;

    void add(std::string line, std::size_t columns) {
        lines.push_back(std::move(line));
        width = std::max(width, columns);
        widths.push_back(columns);
    }
    void add(const std::string& line) { add(line, columns_of(line)); }
    std::string padded(std::size_t i) const {
        return i < lines.size() ? lines[i] + std::string(width - widths[i], ' ') : std::string(width, ' ');
    }

  private:
    std::vector<std::size_t> widths;
};

class TextWriter {
  public:
    TextWriter(const Figure& figure, const TextOptions& options)
        : unicode_(options.characters == Characters::unicode),
          ansi_(options.colours == TextOptions::Colours::ansi),
          columns_(static_cast<std::size_t>(std::max<Index>(options.columns, 20))),
          letters_(figure) {
        for (const auto& row : figure.rows)
            for (const FigureItem& item : row) names_categories_ = names_categories_ || shows_letters(item);
    }

    std::string words(const std::string& text) const {
        constexpr std::size_t most = 1000;
        return unicode_ ? printable(text, most) : plain(printable(text, most));
    }
    Block block_of(const FigureItem& item) const;
    std::string key_of(const Figure& figure) const;
    std::size_t columns() const { return columns_; }

  private:
    std::string painted(const std::string& sign, Palette palette, int colour) const;
    std::string sign_of(Palette palette, int colour) const;
    bool shows_letters(const FigureItem& item) const;
    std::string table_text(const Panel& panel, std::size_t at) const;
    Block table(const Panel& panel) const;
    Block cells(const Panel& panel) const;
    Block small_cells(const Panel& panel, const std::vector<std::string>& labels) const;
    std::string half_cell(const Panel& panel, int upper, int lower) const;
    std::vector<std::string> row_labels(const Panel& panel) const;
    void add_column_labels(Block& block, const Panel& panel, std::size_t indent, std::size_t cell) const;

    bool unicode_;
    bool ansi_;
    std::size_t columns_;
    CategoryLetters letters_;
    bool names_categories_ = false; // letters stand for them somewhere: tables say which
};

std::string TextWriter::painted(const std::string& sign, Palette palette, int colour) const {
    if (!ansi_ || colour == no_colour) return sign;
    const Rgb rgb = colour_of(palette, colour, Scheme::light);
    return "\x1b[48;5;" + std::to_string(xterm_colour(rgb)) + "m\x1b[38;5;" + (is_bright(rgb) ? "16" : "231") + "m" +
           sign + "\x1b[0m";
}

// Without colours: letters for categories, signs for values, shades for densities.
std::string TextWriter::sign_of(Palette palette, int colour) const {
    if (colour == no_colour) return unicode_ ? "·" : ".";
    switch (palette) {
    case Palette::categories:
        return std::string(1, letters_.of(colour));
    case Palette::diverging:
        return colour == 8 ? "0" : colour < 8 ? "-" : "+";
    case Palette::sequential:
        break;
    }
    constexpr std::array<std::string_view, 4> shades = {"░", "▒", "▓", "█"};
    constexpr std::string_view ascii = ":+*#";
    const auto level = static_cast<std::size_t>(colour / 4);
    return unicode_ ? std::string(shades[level]) : std::string(1, ascii[level]);
}

std::vector<std::string> TextWriter::row_labels(const Panel& panel) const {
    std::vector<std::string> labels(static_cast<std::size_t>(panel.rows));
    for (const Tick& tick : panel.row_ticks) {
        const auto row = static_cast<std::size_t>(std::clamp<double>(tick.at, 0, static_cast<double>(panel.rows - 1)));
        if (labels[row].empty()) labels[row] = words(tick.label);
    }
    std::size_t width = 0;
    for (const std::string& label : labels) width = std::max(width, columns_of(label));
    for (std::string& label : labels)
        label = width == 0 ? "" : std::string(width - columns_of(label), ' ') + label + " ";
    return labels;
}

void TextWriter::add_column_labels(Block& block, const Panel& panel, std::size_t indent, std::size_t cell) const {
    std::string line;
    std::size_t used = 0;
    for (const Tick& tick : panel.col_ticks) {
        const std::string label = words(tick.label);
        const auto at = indent + static_cast<std::size_t>(tick.at) * cell;
        const std::size_t right = at + cell > columns_of(label) ? at + cell - columns_of(label) : 0;
        const std::size_t begin = cell > 2 ? right : at; // a table's numbers end with their column
        if (used > 0 && begin < used + 1) continue;
        line += std::string(begin - std::min(begin, used), ' ') + label;
        used = std::max(begin, used) + columns_of(label);
    }
    if (used > 0) block.add(line);
}

// Whether a panel's categories are shown by their letters alone.
bool TextWriter::shows_letters(const FigureItem& item) const {
    const Panel* panel = std::get_if<Panel>(&item);
    if (ansi_ || panel == nullptr || panel->palette != Palette::categories) return false;
    return panel->texts.empty() || table(*panel).width > columns_;
}

std::string TextWriter::table_text(const Panel& panel, std::size_t at) const {
    if (panel.texts[at].empty()) return sign_of(panel.palette, no_colour);
    const int colour = panel.colours[at];
    const bool named = names_categories_ && panel.palette == Palette::categories && colour != no_colour &&
                       colour != TapColours::of_zero();
    return (named ? sign_of(panel.palette, colour) + "=" : "") + words(panel.texts[at]);
}

Block TextWriter::table(const Panel& panel) const {
    std::size_t longest = 1;
    for (std::size_t at = 0; at < panel.texts.size(); ++at)
        longest = std::max(longest, columns_of(table_text(panel, at)));
    const std::vector<std::string> labels = row_labels(panel);
    Block block;
    if (!panel.title.empty()) block.add(words(panel.title));
    add_column_labels(block, panel, columns_of(labels.front()), longest + 1);
    for (Index row = 0; row < panel.rows; ++row) {
        std::string line = labels[static_cast<std::size_t>(row)];
        for (Index col = 0; col < panel.cols; ++col) {
            const auto at = static_cast<std::size_t>(row * panel.cols + col);
            const std::string text = table_text(panel, at);
            line += painted(std::string(longest + 1 - columns_of(text), ' ') + text, panel.palette,
                            panel.texts[at].empty() ? no_colour : panel.colours[at]);
        }
        block.add(line, columns_of(labels.front()) + (longest + 1) * static_cast<std::size_t>(panel.cols));
    }
    return block;
}

// A cell of two characters, which is about square, where there is room.
Block TextWriter::cells(const Panel& panel) const {
    const std::vector<std::string> labels = row_labels(panel);
    const std::size_t indent = columns_of(labels.front());
    const auto cols = static_cast<std::size_t>(panel.cols);
    if (indent + 2 * cols > columns_) return small_cells(panel, labels);
    Block block;
    if (!panel.title.empty()) block.add(words(panel.title));
    add_column_labels(block, panel, indent, 2);
    for (Index row = 0; row < panel.rows; ++row) {
        std::string line = labels[static_cast<std::size_t>(row)];
        for (Index col = 0; col < panel.cols; ++col) {
            const int colour = panel.colours[static_cast<std::size_t>(row * panel.cols + col)];
            const std::string sign = sign_of(panel.palette, colour);
            const bool counts = panel.palette == Palette::sequential; // shades, and blanks between them
            const std::string two = !counts ? " " + sign : colour == no_colour ? "  " : sign + sign;
            line += painted(two, panel.palette, colour);
        }
        block.add(line, indent + 2 * cols);
    }
    return block;
}

// Two cells above each other, in their colours.
std::string TextWriter::half_cell(const Panel& panel, int upper, int lower) const {
    if (upper == no_colour && lower == no_colour) return " ";
    const auto code = [&](int colour) {
        return std::to_string(xterm_colour(colour_of(panel.palette, colour, Scheme::light)));
    };
    if (upper == no_colour) return "\x1b[38;5;" + code(lower) + "m▄\x1b[0m";
    if (lower == no_colour) return "\x1b[38;5;" + code(upper) + "m▀\x1b[0m";
    return "\x1b[38;5;" + code(upper) + "m\x1b[48;5;" + code(lower) + "m▀\x1b[0m";
}

// What one character says of several cells: the strongest value; of categories the one there is, whatever is neutral
// beside it, or grey.
int merged(const Panel& panel, Index row, Index col, Index block) {
    int found = no_colour;
    const auto strength = [&](int colour) {
        return panel.palette == Palette::diverging ? std::abs(colour - 8) : colour;
    };
    for (Index i = row; i < std::min(row + block, panel.rows); ++i)
        for (Index j = col; j < std::min(col + block, panel.cols); ++j) {
            const int colour = panel.colours[static_cast<std::size_t>(i * panel.cols + j)];
            if (colour == no_colour || colour == found) continue;
            const bool categories = panel.palette == Palette::categories;
            if (categories && colour == TapColours::of_zero() && found != no_colour) continue;
            if (found == no_colour || (categories && found == TapColours::of_zero()))
                found = colour;
            else if (categories)
                found = TapColours::of_several();
            else if (strength(colour) > strength(found))
                found = colour;
        }
    return found;
}

// A character for a cell, or for as many as it takes; with colours a character holds two, one above the other.
Block TextWriter::small_cells(const Panel& panel, const std::vector<std::string>& labels) const {
    const std::size_t indent = columns_of(labels.front());
    const std::size_t room = columns_ > indent + 1 ? columns_ - indent : 1;
    const Index block = (panel.cols - 1) / static_cast<Index>(room) + 1;
    const bool halves = ansi_ && unicode_;
    Block lines;
    if (!panel.title.empty()) lines.add(words(panel.title));
    if (block == 1) add_column_labels(lines, panel, indent, 1);
    for (Index row = 0; row < panel.rows; row += halves ? 2 * block : block) {
        std::string line = labels[static_cast<std::size_t>(row)];
        std::size_t width = indent;
        for (Index col = 0; col < panel.cols; col += block, ++width) {
            const int upper = merged(panel, row, col, block);
            const bool blank = upper == no_colour && panel.palette == Palette::sequential;
            line += halves  ? half_cell(panel, upper, merged(panel, row + block, col, block))
                    : blank ? " "
                            : painted(sign_of(panel.palette, upper), panel.palette, upper);
        }
        lines.add(line, width);
    }
    const std::string each = std::to_string(block) + " × " + std::to_string(block);
    if (block > 1) lines.add(words("(a character stands for " + each + " cells)"));
    return lines;
}

Block TextWriter::block_of(const FigureItem& item) const {
    Block block;
    if (const Panel* panel = std::get_if<Panel>(&item)) {
        if (!panel->texts.empty()) block = table(*panel);
        if (panel->texts.empty() || block.width > columns_) block = cells(*panel);
    } else if (const ImagePanel* image = std::get_if<ImagePanel>(&item)) {
        block.add("[image] " + words(image->title));
    } else {
        block.add(words(std::get<std::string>(item)));
    }
    return block;
}

std::string TextWriter::key_of(const Figure& figure) const {
    std::string text;
    for (const KeyEntry& entry : figure.key)
        text += painted(sign_of(entry.palette, entry.colour), entry.palette, entry.colour) + " " + words(entry.label) +
                "\n";
    if (!figure.ramp) return text;
    const Ramp& ramp = *figure.ramp;
    text += words(ramp.low) + " ";
    for (int i = 0; i < picture::size_of(ramp.palette); i += ramp.palette == Palette::sequential ? 4 : 1)
        text += painted(sign_of(ramp.palette, i), ramp.palette, i);
    return text + " " + words(ramp.high) + "\n";
}

// Blocks beside each other as far as they fit, aligned at their lower ends.
std::string beside_each_other(const std::vector<Block>& blocks, std::size_t columns) {
    constexpr std::size_t space = 3;
    std::string text;
    for (std::size_t first = 0; first < blocks.size();) {
        std::size_t last = first, width = 0, height = 0;
        while (last < blocks.size() && (last == first || width + space + blocks[last].width <= columns)) {
            width += (last == first ? 0 : space) + blocks[last].width;
            height = std::max(height, blocks[last].lines.size());
            ++last;
        }
        for (std::size_t line = 0; line < height; ++line) {
            std::string joined;
            for (std::size_t b = first; b < last; ++b) {
                const std::size_t above = height - blocks[b].lines.size();
                joined += (b == first ? "" : std::string(space, ' ')) +
                          (line < above ? std::string(blocks[b].width, ' ') : blocks[b].padded(line - above));
            }
            text += joined.substr(0, joined.find_last_not_of(' ') + 1) + "\n";
        }
        first = last;
    }
    return text;
}

} // namespace

std::string figure_text(const Figure& figure, const TextOptions& options) {
    require_consistent(figure, "figure_text");
    const TextWriter writer(figure, options);
    const auto fits = [&writer](const std::string& line) { return columns_of(line) <= writer.columns(); };
    std::string text = figure.title.empty() ? "" : writer.words(figure.title) + "\n";
    for (const std::string& sentence : figure.caption)
        for (const std::string& line : wrapped(writer.words(sentence), fits)) text += line + "\n";
    text += writer.key_of(figure);
    for (const auto& row : figure.rows) {
        std::vector<Block> blocks;
        for (const FigureItem& item : row) blocks.push_back(writer.block_of(item));
        text += "\n" + beside_each_other(blocks, writer.columns());
    }
    return text;
}

} // namespace convmat
