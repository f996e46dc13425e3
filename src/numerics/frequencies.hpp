#pragma once

#include <vector>

#include <convmat/base/types.hpp>

#include "axis_transform.hpp"

namespace convmat::numerics {

/// An axis of a piece that a transform diagonalises.
struct DiagonalAxis {
    std::size_t at = 0; ///< its place among the piece's axes
    AxisTransform transform = AxisTransform::none;
    Index count = 1;   ///< frequencies of the output
    Index aliases = 1; ///< input frequencies of each: f, f + count, f + 2 count, ...
};

/// One frequency of the diagonalised axes: its row-major number, and which of a pair of conjugate ones it is.
struct Frequency {
    Index number = 0;
    bool conjugate = false;
};

/// Which frequencies a list puts beside each other: conjugate ones, of which real weights need one, or none.
enum class Pairs { conjugate, none };

/// The output frequencies of the diagonalised axes and the input frequencies that each of them reads, its aliases; all
/// of them are numbered row-major. Without axes there is one of each.
class Frequencies {
  public:
    explicit Frequencies(std::vector<DiagonalAxis> axes);

    const std::vector<DiagonalAxis>& axes() const { return axes_; }
    Index count() const { return count_; }
    Index aliases() const { return aliases_; } ///< of each

    Shape position_of(Index frequency) const;

    /// The number, among all input frequencies, of the alias of an output frequency.
    Index input_of(Index frequency, Index alias) const;

    /// The frequency whose Fourier factors are the conjugate ones.
    Index conjugate_of(Index frequency) const;

    /// Of a frequency that is its own conjugate: the alias whose input frequency is the conjugate of this alias's.
    Index conjugate_alias(Index frequency, Index alias) const;

    /// All of them; of a conjugate pair the second follows the first.
    std::vector<Frequency> listed(Pairs pairs) const;

  private:
    std::vector<DiagonalAxis> axes_;
    Index count_ = 1;
    Index aliases_ = 1;
};

} // namespace convmat::numerics
