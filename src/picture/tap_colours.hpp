#pragma once

#include <span>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/picture/figure.hpp>

namespace convmat::picture {

/// A colour for each position of the kernel, told apart by row (hue) and column (shade), and one for entries of W that
/// several of them add to.
class TapColours {
  public:
    explicit TapColours(const ConvGeometry& geometry);

    /// The colour of an entry of W that is stored.
    int of_entry(Index row, Index col) const;

    /// The colour of the kernel's position `tap`, flat.
    int of_tap(Index tap) const;
    static int of_several();

    /// The kernel in its colours, with its weights where there is one pair of channels; no cells where it is too large.
    Panel key(std::span<const double> kernel) const;

    /// Says what the colours of taps in a figure mean, if there are any: the kernel at the end of the first row, what
    /// grey is, and whether colours repeat. A figure with another key is left as it is.
    void explain(Figure& figure, std::span<const double> kernel) const;

  private:
    const ConvGeometry& geometry_;
    Index rows_ = 1; // of the kernel, all axes but the last
    Index cols_ = 1;
};

/// The colour of a place in a grid: rows are told apart by hue and columns by shade where there are few enough of both,
/// otherwise the places are numbered, and colours repeat after 35.
int grid_colour(Index rows, Index cols, Index row, Index col);

} // namespace convmat::picture
