#pragma once

#include <vector>

#include <convmat/base/types.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/taps/axis_taps.hpp>

namespace convmat {

/// How channels enter: row block b belongs to group b / blocks_per_group, is member b % blocks_per_group of it, and
/// meets `partners` column blocks q = 0, 1, ... Where a block's columns and weights begin is affine in the three
/// numbers.
struct ChannelPlan {
    struct Strides {
        Index group = 0;
        Index member = 0;
        Index partner = 0;
    };
    Index blocks = 1;
    Index blocks_per_group = 1;
    Index partners = 1;
    Strides column;
    Strides weight;

    Index first_column(Index block, Index partner) const { return first(column, block, partner); }
    Index first_weight(Index block, Index partner) const { return first(weight, block, partner); }

  private:
    Index first(const Strides& strides, Index block, Index partner) const {
        return block / blocks_per_group * strides.group + block % blocks_per_group * strides.member +
               partner * strides.partner;
    }
};

/// The rows of a convolution's matrix without the matrix: which columns and weights make up any row, where it begins,
/// and how many nonzeros there are, all in closed form from one tap table an axis. Rows are independent of each other,
/// so they can be written in any order and in parallel, straight into compressed storage.
class RowPlan {
  public:
    static RowPlan matrix(const ConvGeometry& geometry);         ///< the rows of W, from the weights K
    static RowPlan transpose(const ConvGeometry& geometry);      ///< the rows of W^T (the columns of W), from K
    static RowPlan kernel_unknown(const ConvGeometry& geometry); ///< the rows of M(x), from the input x

    Index rows() const { return channels_.blocks * positions_; }
    Index cols() const { return cols_; }
    Index nnz() const { return nnz_; }

    const ChannelPlan& channels() const { return channels_; }
    const std::vector<AxisTaps>& axes() const { return axes_; }
    Index positions() const { return positions_; } ///< rows a block

    /// The number of nonzeros in the rows before `row` (0 <= row <= rows()): where it begins in compressed storage.
    Index entries_before(Index row) const;

    /// Throws SizeError unless rows, columns and nonzeros fit indices up to `most_index`.
    void require_indices(Index most_index) const;

    /// Throws SizeError unless rows + 1 indices and nnz pairs of an index and a value fit the memory there is.
    void require_storage(Index index_bytes, Index value_bytes) const;

  private:
    RowPlan(std::vector<AxisTaps> axes, const ChannelPlan& channels, Index cols);

    std::vector<AxisTaps> axes_;
    ChannelPlan channels_;
    Index positions_ = 1;
    Index cols_ = 0;
    Index nnz_ = 0;
};

} // namespace convmat
