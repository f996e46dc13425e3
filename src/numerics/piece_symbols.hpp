#pragma once

#include <vector>

#include "dense_svd.hpp"
#include "frequencies.hpp"
#include "piece.hpp"

namespace convmat::numerics {

/// K̂(ω)[o, c, t] = sum_t' K[o, c, t', t] prod_j wave_j(ω_j, t'_j): the weights of a piece transformed along its
/// diagonalised axes, t' their taps and t those of the rest. A symbol is one row of values (o, c, t).
template <class S>
class PieceSymbols {
  public:
    PieceSymbols(const Piece<S>& piece, std::vector<DiagonalAxis> axes);

    Index taps() const { return weights_.rows(); }  ///< t', of which each symbol is a sum
    Index width() const { return weights_.cols(); } ///< values of a symbol

    /// sum_t' ||K_t'||_F: what a symbol's sum rounds in proportion to.
    double sum_of_norms() const;

    /// The symbols at the given input frequencies times `scale`, by sums; B double only where all waves are real.
    template <class B>
    DenseRows<B> at(const std::vector<Index>& inputs, double scale) const;

    /// All symbols, a row for each input frequency: axis by axis, the Fourier transforms by FFTW.
    DenseRows<Complex> all() const;

  private:
    template <class B>
    DenseRows<B> waves(const std::vector<Index>& inputs, double scale) const;

    const Piece<S>& piece_;
    std::vector<DiagonalAxis> axes_;
    DenseRows<S> weights_; // t' x (o, c, t)
};

} // namespace convmat::numerics
