#pragma once

#include <span>
#include <vector>

#include <convmat/base/types.hpp>
#include <convmat/geometry/axis.hpp>

namespace convmat {

/// coefficient * weight[weight]: one summand of a matrix entry.
struct Term {
    Index weight = 0;
    Index coefficient = 1;
};

/// One axis of a convolution as a sparse array T[u, i, t]: the coefficient with which tap t of output u reads input i,
///
///     Y[u] = sum_{i, t} T[u, i, t] K[t] X[i],
///
/// listed row by row, each row's columns ascending, each column with the weights that are summed there. Which of u, i,
/// t is the row, the column and the weight is what the three constructors differ in; a matrix row of an N-D convolution
/// is the product of one such row an axis.
///
/// Away from the borders the rows repeat, shifted, so only one of each kind is kept: memory is O(k + border rows) for
/// the zero boundary and O(k * border rows) for the others, and O(min(s, n)) more for the transpose, whose rows have s
/// phases; the extents do not matter.
class AxisTaps {
  public:
    static AxisTaps forward(const Axis& axis);        ///< rows u, columns i, weights t: the axis of W
    static AxisTaps transposed(const Axis& axis);     ///< rows i, columns u, weights t: the axis of W^T
    static AxisTaps kernel_unknown(const Axis& axis); ///< rows u, columns t, weights i: the axis of M(x)

    /// A column and where its terms begin; they end where the next entry's begin.
    struct Entry {
        Index column = 0;
        Index first_term = 0;
    };

    /// A row: its entries, to be read with column_shift added to every column and weight_shift to every term's weight.
    struct Row {
        std::span<const Entry> entries;
        Index column_shift = 0;
        Index weight_shift = 0;
    };

    /// Consecutive rows that are `period` kept rows again and again: row r + period is row r with the shifts grown by
    /// one step. The rows of a border are a run that is not repeated (period == rows).
    struct Run {
        Index first = 0;
        Index rows = 0;
        Index period = 1;
        Index column_step = 0;
        Index weight_step = 0;
        Index first_kept = 0;
        Index entries_before = 0;     // in all rows before `first`
        Index entries_per_period = 0; // in `period` rows
        Index end() const { return first + rows; }
    };

    Index rows() const { return rows_; }
    Index columns() const { return columns_; }
    Index weights() const { return weights_; }
    Index entries() const { return total_; } ///< in all rows

    std::span<const Run> runs() const { return runs_; }
    const Run& run_of(Index row) const;

    Row row(Index row) const;
    Index entries_before(Index row) const; ///< in the rows 0..row-1; row may be rows()

    std::span<const Term> terms(const Entry& entry) const {
        return {terms_.data() + entry.first_term, terms_.data() + (&entry + 1)->first_term};
    }

  private:
    friend class AxisTapsBuilder;
    struct KeptRow {
        Index first_entry = 0;
        Index count = 0;
        Index column_shift = 0;
        Index weight_shift = 0;
        Index entries_before = 0; // since the first row of its period
    };

    Index rows_ = 0;
    Index columns_ = 0;
    Index weights_ = 0;
    Index total_ = 0;
    std::vector<Run> runs_;
    std::vector<KeptRow> kept_;
    std::vector<Entry> entries_; // one more at the end, for its first_term
    std::vector<Term> terms_;
};

} // namespace convmat
