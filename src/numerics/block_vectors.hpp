#pragma once

#include <vector>

#include "blocks.hpp"

namespace convmat::numerics {

/// Vectors of a piece's matrix A that belong to one of its singular values, A v = σ u, in the order of positions.
template <class S>
struct PieceVectors {
    std::vector<S> u; ///< (outs, m...)
    std::vector<S> v; ///< (ins, n...)
};

/// Those of the values at the given places of blocks.values(); real ones of real weights. Cost: a dense SVD for each
/// frequency that has one of them.
template <class S>
std::vector<PieceVectors<S>> vectors_of(const Blocks<S>& blocks, const std::vector<Index>& places);

} // namespace convmat::numerics
