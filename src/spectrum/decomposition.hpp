#pragma once

#include "piece.hpp"

namespace convmat::spectrum {

/// W of one group as a Kronecker product of pieces, up to the order of positions: the channels with the axes that do not
/// separate, then every axis that does, in one channel. A layer that does not separate is one piece.
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

/// Upper bound of ||Π_t||_2, of the matrix by which tap t of an axis reads: sqrt(||Π_t||_1 ||Π_t||_inf).
double tap_norm_bound(const Axis& axis, Index t);

} // namespace convmat::spectrum
