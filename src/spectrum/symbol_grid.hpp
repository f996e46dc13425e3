#pragma once

#include <optional>
#include <string>
#include <vector>

#include <convmat/geometry/conv_geometry.hpp>

/// Bounds of ||W||_2 by symbols: W is a part of a block circulant, whose norm is that of its largest symbol.
namespace convmat::spectrum {

/// One axis of that circulant: N points, of which every s-th is an output.
struct GridAxis {
    Index points = 1;     ///< N, a multiple of the stride; or of a grid of angles
    Index stride = 1;     ///< input frequencies that alias to one output frequency
    Index dilation = 1;   ///< tap t turns by d t f / N at frequency f
    Index kernel = 1;     ///< k
    double factor = 1;    ///< what the circulant's norm is to be multiplied by
    bool exact = false;   ///< the norm so found is W's, on this axis
    bool angles = false;  ///< fewer points than a circulant that holds W: angles, and a factor for those between them
    bool repeats = false; ///< the factor is for inputs that the boundary reads more than once
};

struct SymbolGrid {
    std::vector<GridAxis> axes;

    Index blocks() const;      ///< output frequencies
    Index aliases() const;     ///< input frequencies of each
    double factor() const;     ///< of all axes
    bool exact() const;        ///< of all axes
    std::string words() const; ///< "N = 12x12 points"
};

/// The circulant around W, where its symbols can be had at moderate cost; else a grid of angles, coarser if need be;
/// none where that is too much, too. W = R W_c(N) P: P the padding, R rows that are repeated or left out.
std::optional<SymbolGrid> grid_around(const ConvGeometry& geometry);

} // namespace convmat::spectrum
