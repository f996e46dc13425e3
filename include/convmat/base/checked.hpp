#pragma once

#include <span>

#include <convmat/base/types.hpp>

namespace convmat {

/// a + b; throws SizeError naming `what` when it does not fit an Index. `a - b` and `a * b` likewise.
Index checked_add(Index a, Index b, const char* what);
Index checked_sub(Index a, Index b, const char* what);
Index checked_mul(Index a, Index b, const char* what);

/// The product of the extents (1 for the empty shape); throws SizeError naming `what` on overflow.
Index checked_product(std::span<const Index> extents, const char* what);

/// floor(a / b) for b > 0, also for negative a.
constexpr Index floor_div(Index a, Index b) { return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0); }

/// ceil(a / b) for b > 0, also for negative a.
constexpr Index ceil_div(Index a, Index b) { return a / b + (a % b > 0 ? 1 : 0); }

/// a mod b in [0, b) for b > 0, also for negative a.
constexpr Index floor_mod(Index a, Index b) { return a % b < 0 ? a % b + b : a % b; }

} // namespace convmat
