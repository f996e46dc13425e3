#pragma once

#include <span>
#include <vector>

#include <convmat/taps/axis_taps.hpp>

namespace convmat {

/// One matrix row between one pair of channels, as the product over the axes of their tap rows: entry e stands in
/// column columns[e] and is the sum of coefficient * weight over terms[first_term[e]] .. terms[first_term[e + 1] - 1].
struct RowTemplate {
    std::vector<Index> columns;
    std::vector<Index> first_term; // one more than columns
    std::vector<Term> terms;
    bool plain = true; // every entry is one weight, coefficient 1

    Index size() const { return static_cast<Index>(columns.size()); }
    void clear();
    void close_entry(Index column);
};

/// Makes the templates of rows. The axes but the last change slowly, so their product is made once a line of rows.
class RowBuilder {
  public:
    explicit RowBuilder(std::span<const AxisTaps> axes);

    /// The number of rows in a line: the last axis's.
    Index line_rows() const { return axes_.back().rows(); }
    const AxisTaps& last_axis() const { return axes_.back(); }

    /// Moves to a line; lines are numbered row-major over all axes but the last.
    void seek(Index line);

    /// The template of a row of the line.
    void build(Index row, RowTemplate& result) const;

  private:
    std::span<const AxisTaps> axes_;
    RowTemplate line_;  // the product of the axes but the last, columns and weights in units of the last axis's extents
    RowTemplate other_; // room to multiply in
};

} // namespace convmat
