#pragma once

#include <optional>
#include <span>

#include <convmat/base/types.hpp>

namespace convmat {

/// What is counted, in words: "rows of W". Where one parameter alone makes it too large, that parameter and its axis:
/// {"effective kernel extent", "dilation", 1}.
struct Quantity {
    const char* words;
    const char* parameter;
    std::optional<Index> axis;

    constexpr Quantity(const char* in_words, const char* of_parameter = "", std::optional<Index> on_axis = {})
        : words(in_words),
          parameter(of_parameter),
          axis(on_axis) {}
};

/// a + b; throws SizeError naming `what` when it does not fit an Index. `a - b` and `a * b` likewise.
Index checked_add(Index a, Index b, const Quantity& what);
Index checked_sub(Index a, Index b, const Quantity& what);
Index checked_mul(Index a, Index b, const Quantity& what);

/// The product of the extents (1 for the empty shape); throws SizeError naming `what` on overflow.
Index checked_product(std::span<const Index> extents, const Quantity& what);

/// floor(a / b) for b > 0, also for negative a.
constexpr Index floor_div(Index a, Index b) { return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0); }

/// ceil(a / b) for b > 0, also for negative a.
constexpr Index ceil_div(Index a, Index b) { return a / b + (a % b > 0 ? 1 : 0); }

/// a mod b in [0, b) for b > 0, also for negative a.
constexpr Index floor_mod(Index a, Index b) { return a % b < 0 ? a % b + b : a % b; }

} // namespace convmat
