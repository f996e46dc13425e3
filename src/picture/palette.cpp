#include "palette.hpp"

#include <array>
#include <cmath>
#include <stdexcept>

#include <convmat/base/error.hpp>

namespace convmat::picture {
namespace {

constexpr int hues = 8;
constexpr int shades = 5;
constexpr int diverging_steps = 17;
constexpr int sequential_steps = 16;

constexpr Rgb white = {255, 255, 255};
constexpr Rgb black = {0, 0, 0};

// M. Okabe and K. Ito, Color Universal Design (2008): told apart with any kind of colour vision; and a grey.
constexpr std::array<Rgb, hues> hue_colours = {{{0, 114, 178},
                                                {230, 159, 0},
                                                {0, 158, 115},
                                                {213, 94, 0},
                                                {86, 180, 233},
                                                {204, 121, 167},
                                                {240, 228, 66},
                                                {150, 150, 150}}};

Rgb mix(Rgb a, Rgb b, double part) {
    const auto channel = [part](std::uint8_t from, std::uint8_t to) {
        return static_cast<std::uint8_t>(std::lround(from + part * (to - from)));
    };
    return {channel(a.red, b.red), channel(a.green, b.green), channel(a.blue, b.blue)};
}

// Of what is there and counts for little: near the background.
constexpr int neutral = 2 * hues - 1;

Rgb neutral_colour(Scheme scheme) { return scheme == Scheme::light ? Rgb{232, 232, 232} : Rgb{52, 58, 66}; }

Rgb category(int index, Scheme scheme) {
    if (index == neutral) return neutral_colour(scheme);
    const Rgb hue = hue_colours[static_cast<std::size_t>(index % hues)];
    switch (index / hues) {
    case 0:
        return hue;
    case 1:
        return mix(hue, white, 0.4);
    case 2:
        return mix(hue, black, 0.35);
    case 3:
        return mix(hue, white, 0.7);
    default:
        return mix(hue, black, 0.6);
    }
}

// From vermilion over a grey near the background to blue.
Rgb diverging(int index, Scheme scheme) {
    const bool light = scheme == Scheme::light;
    const Rgb zero = neutral_colour(scheme);
    const Rgb below = light ? Rgb{166, 54, 3} : Rgb{255, 145, 60};
    const Rgb above = light ? Rgb{8, 69, 148} : Rgb{105, 180, 255};
    constexpr int middle = diverging_steps / 2;
    const double part = std::pow(std::abs(index - middle) / static_cast<double>(middle), 0.8);
    return mix(zero, index < middle ? below : above, part);
}

Rgb sequential(int index, Scheme scheme) {
    const double part = index / static_cast<double>(sequential_steps - 1);
    if (scheme == Scheme::light) return mix({198, 219, 239}, {8, 48, 107}, part);
    return mix({28, 62, 99}, {208, 232, 255}, part);
}

void require_colour(Palette palette, int colour, int least, const char* who) {
    if (colour < least || colour >= size_of(palette))
        throw ArgumentError({.parameter = "colour",
                             .value = concat(colour),
                             .expected = concat(least, " to ", size_of(palette) - 1),
                             .found = concat(who, ": colour ", colour)});
}

void require_lists(const Panel& panel, const char* who) {
    constexpr Index most = Index{1} << 24;
    const bool some = panel.rows >= 1 && panel.cols >= 1 && panel.rows <= most && panel.cols <= most;
    const auto cells = some ? static_cast<std::size_t>(panel.rows * panel.cols) : 0;
    if (!some || panel.colours.size() != cells || (!panel.texts.empty() && panel.texts.size() != cells))
        throw ArgumentError({.parameter = "panel",
                             .value = concat(panel.colours.size(), " colours and ", panel.texts.size(), " texts"),
                             .expected = "one for each cell (no text at all is fine)",
                             .found = concat(who, ": a panel of ", panel.rows, "x", panel.cols, " cells has ",
                                             panel.colours.size(), " colours and ", panel.texts.size(), " texts")});
    for (const int colour : panel.colours) require_colour(panel.palette, colour, no_colour, who);
}

void require_ticks(const std::vector<Tick>& ticks, Index cells, const char* who) {
    for (const Tick& tick : ticks)
        if (!(tick.at >= 0 && tick.at <= static_cast<double>(cells)))
            throw ArgumentError({.parameter = "ticks",
                                 .value = concat(tick.at),
                                 .expected = concat("0 to ", cells),
                                 .found = concat(who, ": a tick at ", tick.at)});
}

double luminance(Rgb c) { return (0.299 * c.red + 0.587 * c.green + 0.114 * c.blue) / 255; }

} // namespace

int size_of(Palette palette) {
    switch (palette) {
    case Palette::categories:
        return hues * shades;
    case Palette::diverging:
        return diverging_steps;
    case Palette::sequential:
        break;
    }
    return sequential_steps;
}

Rgb colour_of(Palette palette, int index, Scheme scheme) {
    switch (palette) {
    case Palette::categories:
        return category(index, scheme);
    case Palette::diverging:
        return diverging(index, scheme);
    case Palette::sequential:
        break;
    }
    return sequential(index, scheme);
}

bool is_bright(Rgb colour) { return luminance(colour) > 0.52; }

int xterm_colour(Rgb colour) {
    const auto level = [](std::uint8_t channel) {
        constexpr std::array<int, 6> levels = {0, 95, 135, 175, 215, 255};
        int best = 0;
        for (int i = 1; i < 6; ++i)
            if (std::abs(levels[static_cast<std::size_t>(i)] - channel) <
                std::abs(levels[static_cast<std::size_t>(best)] - channel))
                best = i;
        return best;
    };
    return 16 + 36 * level(colour.red) + 6 * level(colour.green) + level(colour.blue);
}

void require_consistent(const Figure& figure, const char* who) {
    for (const auto& row : figure.rows)
        for (const FigureItem& item : row)
            if (const Panel* panel = std::get_if<Panel>(&item)) {
                require_lists(*panel, who);
                require_ticks(panel->row_ticks, panel->rows, who);
                require_ticks(panel->col_ticks, panel->cols, who);
            }
    for (const KeyEntry& entry : figure.key) require_colour(entry.palette, entry.colour, 0, who);
}

} // namespace convmat::picture
