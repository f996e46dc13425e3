#pragma once

#include <array>
#include <span>

#include <convmat/base/types.hpp>
#include <convmat/geometry/boundary.hpp>

namespace convmat {

/// One summand of an extended input: coefficient * x[position].
struct Source {
    Index position = 0;
    Index coefficient = 1;
};

/// The summands of one extended value: none (zero boundary), one, or up to three (antireflective). Positions ascend.
class Sources {
  public:
    /// Adds coefficient * x[position]; summands at one position become one, and none when they cancel.
    void add(Index position, Index coefficient);

    const Source* begin() const { return items_.data(); }
    const Source* end() const { return items_.data() + count_; }

  private:
    std::array<Source, 4> items_{};
    Index count_ = 0;
};

/// x_extended(q) = sum of coefficient * x[position] over the result, for any integer q and n >= 1; the rules are
/// Boundary's, evaluated in closed form, so that the cost does not grow with the distance to the input.
Sources sources(Boundary boundary, Index n, Index q);

} // namespace convmat
