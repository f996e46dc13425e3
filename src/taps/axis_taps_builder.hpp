#pragma once

#include <span>
#include <vector>

#include <convmat/taps/axis_taps.hpp>

namespace convmat {

/// Puts an AxisTaps together: lists of entries, then runs of rows that show windows of those lists.
class AxisTapsBuilder {
  public:
    /// One nonzero of T for a given row.
    struct Nonzero {
        Index column = 0;
        Index weight = 0;
        Index coefficient = 1;
    };

    /// Entries [first, first + count) of the table.
    struct Window {
        Index first = 0;
        Index count = 0;
    };

    AxisTapsBuilder(Index rows, Index columns, Index weights);

    /// Sorts the nonzeros by column, then weight, and makes an entry of each column.
    Window add_entries(std::vector<Nonzero>& nonzeros);

    /// Keeps a row for the run that is to end next.
    void keep_row(Window window, Index column_shift = 0, Index weight_shift = 0);

    /// Makes a run of the rows kept since the last one: `rows` rows, at least as many as were kept.
    void end_run(Index rows, Index column_step = 0, Index weight_step = 0);

    AxisTaps finish() &&;

    std::span<const AxisTaps::Entry> entries(Window window) const {
        return std::span(taps_.entries_)
            .subspan(static_cast<std::size_t>(window.first), static_cast<std::size_t>(window.count));
    }

  private:
    AxisTaps taps_;
    Index first_kept_ = 0;
    Index entries_kept_ = 0;
};

} // namespace convmat
