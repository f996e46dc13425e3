#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "dense_svd.hpp"
#include "frequencies.hpp"
#include "piece.hpp"
#include "piece_symbols.hpp"

namespace convmat::numerics {

/// The blocks of a piece, one an output frequency. A transform on each of its diagonalised axes makes its matrix
/// block-diagonal: a block is the matrix of the layer with weights K̂(ω)[o, (c, alias), t] on the axes that are left,
/// over the root of the number of aliases, dense. No axis diagonalised: one block.
template <class S>
class Blocks {
  public:
    /// The piece must outlive this.
    explicit Blocks(const Piece<S>& piece);

    const Piece<S>& piece() const { return piece_; }
    const Frequencies& frequencies() const { return frequencies_; }
    Index count() const { return frequencies_.count(); }
    Index rows() const { return rows_; } ///< of each block
    Index cols() const { return cols_; } ///< of each block
    Index values_each() const { return std::min(rows_, cols_); }
    bool real() const { return real_; } ///< the blocks of real weights are real
    double operations() const;          ///< of values(), about
    std::string method() const;         ///< in words

    /// The frequencies in the order of values().
    std::vector<Frequency> listed() const;

    /// The singular values of all blocks: those of the b-th listed frequency from b values_each() on, the largest
    /// first.
    std::vector<double> values() const;

    /// What rounding may have made of any of these values, the largest of which is given.
    double error(double largest) const;

    /// The block of a frequency; B is double only where real().
    template <class B>
    Dense<B> at(Index frequency) const;

    /// All symbols K̂, see PieceSymbols::all().
    DenseRows<Complex> symbols() const { return symbols_.all(); }

    /// The block whose aliases have the given rows of symbols().
    Dense<Complex> block_of(const DenseRows<Complex>& symbols, const std::vector<Index>& aliases) const;

  private:
    bool paired() const { return is_real<S> && !real_; } // of conjugate frequencies one is computed
    template <class B>
    Dense<B> block(const B* rows, Index row_stride) const;
    template <class B>
    DenseRows<B> symbols_of(const std::vector<Index>& inputs, const DenseRows<Complex>& everything) const;
    template <class B>
    void write_values_of(std::span<const Frequency> some, const DenseRows<Complex>& everything, double* values) const;
    template <class B>
    void write_values(std::vector<double>& all) const;

    const Piece<S>& piece_;
    Frequencies frequencies_;
    std::vector<Axis> rest_; // the axes that are left
    PieceSymbols<S> symbols_;
    Index rows_ = 0;
    Index cols_ = 0;
    bool real_ = false;
    double scale_ = 1; // 1 / sqrt(aliases)
};

} // namespace convmat::numerics
