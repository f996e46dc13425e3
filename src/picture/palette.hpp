#pragma once

#include <cstdint>

#include <convmat/picture/figure.hpp>

namespace convmat::picture {

struct Rgb {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
};

enum class Scheme { light, dark };

/// How many colours a palette has.
int size_of(Palette palette);

/// The colour of a cell. Categories are the same in both schemes, but for the neutral one; of the others, what is
/// little is near the background.
Rgb colour_of(Palette palette, int index, Scheme scheme);

/// Whether black is easier to read on it than white.
bool is_bright(Rgb colour);

/// The nearest of xterm's 6 x 6 x 6 colours.
int xterm_colour(Rgb colour);

/// Throws ArgumentError naming `who` unless every panel's lists fit its size and its palette, ticks lie on
/// their panel, and keys have colours.
void require_consistent(const Figure& figure, const char* who);

} // namespace convmat::picture
