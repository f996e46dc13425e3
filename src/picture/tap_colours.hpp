#pragma once

#include <span>
#include <vector>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/picture/figure.hpp>

namespace convmat::picture {

/// A colour for each position of the kernel that has a weight, told apart by row (hue) and column (shade), one for
/// entries of W that several of them add to, and one for those that are stored and 0.
class TapColours {
  public:
    /// `kernel`: the weights of all pairs of channels, one after the other.
    TapColours(const ConvGeometry& geometry, std::span<const double> kernel);

    /// The colour of an entry of W that is stored, and what it is.
    int of_entry(Index row, Index col, double value) const;

    /// The colour of the kernel's position `tap`, flat: of_zero() where no pair of channels has a weight.
    int of_tap(Index tap) const;
    static int of_several();
    static int of_zero();

    /// Says what the colours of taps in a figure mean, if there are any: the kernel at the end of the first row, what
    /// the greys are, and whether colours repeat. A figure with another key is left as it is.
    void explain(Figure& figure) const;

  private:
    Panel key() const;

    const ConvGeometry& geometry_;
    std::span<const double> kernel_;
    Index rows_ = 1; // of the kernel, all axes but the last
    Index cols_ = 1;
    Index weights_ = 0; // positions that have one
    std::vector<int> colours_;
};

/// The colour of a place in a grid: rows are told apart by hue and columns by shade where there are few enough of both,
/// otherwise places have colours by their numbers, which repeat after 35.
int grid_colour(Index rows, Index cols, Index row, Index col);

} // namespace convmat::picture
