#pragma once

#include <functional>
#include <optional>
#include <string>

#include <convmat/structure/classes.hpp>

#include "effective_layer.hpp"
#include "selections.hpp"
#include "separability.hpp"

/// The statements of classes.hpp, each made where it holds.
namespace convmat::detail {

/// A layer that is to be described.
struct Described {
    const ConvGeometry& geometry;
    EffectiveLayer effective;
    std::function<bool(Index)> is_mirrored = [](Index) { return false; }; ///< K, on axis j
};

using MaybeFact = std::optional<StructureFact>;

// Of the shape of the axes: facts_of_axes.cpp.
MaybeFact circulant_fact(const Described& layer);
MaybeFact strided_circulant_fact(const Described& layer);
MaybeFact toeplitz_plus_hankel_fact(const Described& layer);
MaybeFact triangular_fact(const Described& layer);
MaybeFact block_diagonal_fact(const Described& layer);
MaybeFact block_triangular_fact(const Described& layer);
MaybeFact toeplitz_fact(const Described& layer);

// Of the weights: facts_of_weights.cpp.
StructureFact permutation_fact(const Described& layer);
MaybeFact tiling_fact(const Described& layer, const Orthonormal& sides);
MaybeFact kronecker_fact(const Described& layer, const Separability& whole, bool in_every_group);
MaybeFact sum_fact(const Described& layer, Index terms);

/// "BCCB", "BCCB with 3 x 2 blocks", "BCCB with 3 x 2 blocks in each of 2 groups".
std::string with_blocks(const ConvGeometry& geometry, const std::string& name);

} // namespace convmat::detail
