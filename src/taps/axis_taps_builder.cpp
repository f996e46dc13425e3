#include "axis_taps_builder.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>

#include <convmat/base/checked.hpp>

namespace convmat {

AxisTapsBuilder::AxisTapsBuilder(Index rows, Index columns, Index weights) {
    taps_.rows_ = rows;
    taps_.columns_ = columns;
    taps_.weights_ = weights;
}

AxisTapsBuilder::Window AxisTapsBuilder::add_entries(std::vector<Nonzero>& nonzeros) {
    std::ranges::sort(nonzeros, {}, [](const Nonzero& z) { return std::tuple(z.column, z.weight); });
    const auto first = static_cast<Index>(taps_.entries_.size());
    for (std::size_t i = 0; i < nonzeros.size(); ++i) {
        if (i == 0 || nonzeros[i].column != nonzeros[i - 1].column)
            taps_.entries_.push_back({nonzeros[i].column, static_cast<Index>(taps_.terms_.size())});
        taps_.terms_.push_back({nonzeros[i].weight, nonzeros[i].coefficient});
    }
    return {first, static_cast<Index>(taps_.entries_.size()) - first};
}

void AxisTapsBuilder::keep_row(Window window, Index column_shift, Index weight_shift) {
    taps_.kept_.push_back({window.first, window.count, column_shift, weight_shift, entries_kept_});
    entries_kept_ += window.count;
}

void AxisTapsBuilder::end_run(Index rows, Index column_step, Index weight_step) {
    const Index period = static_cast<Index>(taps_.kept_.size()) - first_kept_;
    if (period == 0) return;
    assert(rows >= period);
    const Index first = taps_.runs_.empty() ? 0 : taps_.runs_.back().end();
    taps_.runs_.push_back({first, rows, period, column_step, weight_step, first_kept_, taps_.total_, entries_kept_});
    const Index remainder = rows % period;
    const Index rest =
        remainder == 0 ? 0 : taps_.kept_[static_cast<std::size_t>(first_kept_ + remainder)].entries_before;
    taps_.total_ = checked_add(taps_.total_, checked_mul(rows / period, entries_kept_, "nonzeros of an axis") + rest,
                               "nonzeros of an axis");
    first_kept_ += period;
    entries_kept_ = 0;
}

AxisTaps AxisTapsBuilder::finish() && {
    assert(!taps_.runs_.empty() && taps_.runs_.back().end() == taps_.rows_);
    taps_.entries_.push_back({0, static_cast<Index>(taps_.terms_.size())});
    return std::move(taps_);
}

} // namespace convmat
