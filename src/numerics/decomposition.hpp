#pragma once

#include "blocks.hpp"
#include "piece.hpp"

namespace convmat::numerics {

/// W of one group as a Kronecker product of pieces, up to the order of positions: the channels with the axes that do
/// not separate, then every axis that does, in one channel. A layer that does not separate is one piece.
template <class S>
struct Product {
    std::vector<Piece<S>> pieces;
    double residual = 0; ///< ||W - the product||_2 is at most this
};

/// W = diag(W_1, ..., W_g), one product a group.
template <class S>
std::vector<Product<S>> decomposed(const ConvGeometry& geometry, const Tensor<S>& kernel, double separability);

/// The same without taking the axes of a group apart.
template <class S>
Piece<S> whole(const ConvGeometry& geometry, const Tensor<S>& kernel, Index group);

/// Whether some pieces are wide and others tall: their product then has zero singular values that no piece has.
template <class S>
bool of_both_orientations(const Product<S>& product);

} // namespace convmat::numerics
