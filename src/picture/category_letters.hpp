#pragma once

#include <array>

#include <convmat/picture/figure.hpp>

namespace convmat::picture {

/// A letter for each colour of the categories in a figure, for text without colours: a, b, c, ... in the order of its
/// key, then of the panel that shows most of them in the fewest cells, which is the kernel's. What several of them make
/// is x, and what is neutral 0.
class CategoryLetters {
  public:
    explicit CategoryLetters(const Figure& figure);

    char of(int colour) const { return letters_[static_cast<std::size_t>(colour)]; }

  private:
    void give(int colour);

    std::array<char, 40> letters_{};
    std::size_t given_ = 0;
};

} // namespace convmat::picture
