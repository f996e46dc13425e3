#pragma once

#include <span>
#include <string>
#include <vector>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>

#include "axis_transform.hpp"
#include "dense_svd.hpp"

namespace convmat::numerics {

/// One factor of the Kronecker product that W, or one group of it, is: a layer without groups on some of the axes.
///
/// A transform on each of its diagonalised axes makes its matrix block-diagonal, one block a frequency: the matrix of
/// the layer with weights K̂(ω)[o, (c, alias), t] on the axes that are left, dense. No axis diagonalised: one block.
template <class S>
struct Piece {
    Index outs = 1;
    Index ins = 1;
    std::vector<Index> numbers; ///< which axes of the layer
    std::vector<Axis> axes;     ///< these axes; none: the matrix of weights alone
    Tensor<S> kernel;           ///< (outs, ins, k...)

    Index rows() const;
    Index cols() const;
    Shape output_shape() const; ///< (outs, m...)
    Shape input_shape() const;  ///< (ins, n...)
    ConvGeometry geometry() const;
};

/// The layer of the given channels and axes, of which there is at least one.
ConvGeometry geometry_of(Index outs, Index ins, const std::vector<Axis>& axes);

/// One frequency of the diagonalised axes: its row-major number, and which of a pair of conjugate ones it is.
struct Frequency {
    Index number = 0;
    bool conjugate = false;
};

/// The blocks of a piece.
template <class S>
class Blocks {
  public:
    explicit Blocks(const Piece<S>& piece);

    Index count() const { return count_; }
    Index rows() const { return rows_; } ///< of each block
    Index cols() const { return cols_; } ///< of each block
    Index values_each() const { return std::min(rows_, cols_); }
    bool real() const { return real_; } ///< the blocks of real weights are real
    double operations() const;          ///< of values(), about
    std::string method() const;         ///< in words

    /// The singular values of all blocks: those of block b from b values_each() on, each block's largest first.
    std::vector<double> values() const;

    /// What rounding may have made of any of these values, the largest of which is given.
    double error(double largest) const;

    /// Vectors u and v of the piece's matrix that belong to the value at the given place of values().
    struct Vectors {
        std::vector<S> u;
        std::vector<S> v;
    };
    std::vector<Vectors> vectors(const std::vector<Index>& places) const;

    template <class B>
    using Rows = Eigen::Matrix<B, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

    /// All symbols K̂: one row for each input frequency of the diagonalised axes, of the values (o, c, t of the
    /// others). Axis by axis, the Fourier transforms by FFTW.
    Rows<Complex> symbols() const;

    /// The block whose aliases have the given rows of symbols().
    Dense<Complex> block_of(const Rows<Complex>& symbols, const std::vector<Index>& aliases) const;

  private:
    struct DiagonalAxis {
        std::size_t at = 0; // in the piece's axes
        AxisTransform transform = AxisTransform::none;
        Index count = 1;   // frequencies
        Index aliases = 1; // input frequencies of each
    };

    Shape position_of(Index frequency) const;
    Index alias_position(Index frequency, Index alias) const;
    Index conjugate_of(Index frequency) const;
    Index conjugate_alias(Index frequency, Index alias) const;
    std::vector<Frequency> frequencies() const;
    template <class B>
    void write_values(std::vector<double>& all) const;
    template <class B>
    void write_values_of(std::span<const Frequency> some, const Rows<Complex>& everything, double* values) const;
    template <class B>
    Rows<B> symbols_at(const std::vector<Index>& inputs) const;
    template <class B>
    Dense<B> block(const B* rows, Index row_stride) const;
    template <class B>
    Dense<B> block_at(Index frequency) const;
    void make_real(Dense<Complex>& block, Index frequency) const;
    void undo_make_real(Dense<Complex>& v, Index frequency) const;
    template <class B>
    std::vector<std::vector<B>> basis_tables(const Shape& frequency, bool output) const;
    template <class B>
    std::vector<B> in_positions(const Dense<B>& block_vector, Index frequency, bool output) const;
    Svd<Complex> complex_svd(Index frequency) const;

    const Piece<S>& piece_;
    std::vector<DiagonalAxis> diagonal_;
    std::vector<Axis> rest_;
    Rows<S> weights_; // taps of the diagonalised axes x (o, c, taps of the rest)
    Index count_ = 1; // of frequencies, which are listed only where values or vectors are asked for
    Index aliases_ = 1;
    Index rows_ = 0;
    Index cols_ = 0;
    bool real_ = false;
    double scale_ = 1; // 1 / sqrt(aliases)
};

} // namespace convmat::numerics
