#pragma once

#include <algorithm>
#include <vector>

#include <Eigen/Core>

#include "row_builder.hpp"
#include <convmat/matrix/row_plan.hpp>

namespace convmat {

/// Arrays of compressed storage from some row on; one that is null is not written.
template <class Scalar, class StorageIndex>
struct CompressedRows {
    StorageIndex* offsets = nullptr;
    StorageIndex* columns = nullptr;
    Scalar* values = nullptr;
};

/// Writes consecutive rows of a plan to compressed storage. Within a run of the last axis rows are alike, so the first
/// of each kind is worked out from its template and the others are copies with shifted columns.
template <class Scalar, class StorageIndex>
class RowWriter {
  public:
    RowWriter(const RowPlan& plan, const Scalar* weights) : plan_(plan), builder_(plan.axes()), weights_(weights) {}

    /// Rows [first, last) to the beginning of the arrays; the offsets count from `base`.
    void write(Index first, Index last, const CompressedRows<Scalar, StorageIndex>& rows, Index base) {
        columns_ = rows.columns;
        values_ = rows.values;
        offsets_ = rows.offsets;
        base_ = base;
        at_ = 0;
        const Index line_rows = builder_.line_rows();
        for (Index row = first; row < last;) {
            const Index line = row / line_rows;
            const Index line_end = std::min(last, (line + 1) * line_rows);
            enter(line, plan_.positions() / line_rows);
            write_line(row - line * line_rows, line_end - line * line_rows);
            row = line_end;
        }
    }

  private:
    using Real = typename Eigen::NumTraits<Scalar>::Real;

    void enter(Index line, Index lines_per_block) {
        builder_.seek(line % lines_per_block);
        block_ = line / lines_per_block;
    }

    // Rows [first, last) of the line.
    void write_line(Index first, Index last) {
        for (const AxisTaps::Run& run : builder_.last_axis().runs()) {
            const Index begin = std::max(first, run.first);
            const Index end = std::min(last, run.end());
            if (begin >= end) continue;
            if (run.weight_step != 0)
                write_moving(run, begin, end);
            else
                write_repeating(run, begin, end);
        }
    }

    // Values repeat, columns move on: the run's first `period` rows here are worked out, the rest copied.
    void write_repeating(const AxisTaps::Run& run, Index begin, Index end) {
        const Index worked_out = std::min(end, begin + run.period);
        starts_.clear();
        for (Index row = begin; row < worked_out; ++row) {
            starts_.push_back(at_);
            builder_.build(row, template_);
            write_template(0, 0);
        }
        starts_.push_back(at_);
        Index shift = 0;
        for (Index row = worked_out; row < end;) {
            shift += run.column_step;
            for (std::size_t phase = 0; phase + 1 < starts_.size() && row < end; ++phase, ++row)
                copy_row(starts_[phase], starts_[phase + 1] - starts_[phase], shift);
        }
    }

    // Weights move on with the row (M(x)): one template serves the run, read further along each time.
    void write_moving(const AxisTaps::Run& run, Index begin, Index end) {
        builder_.build(begin, template_);
        for (Index row = begin; row < end; ++row)
            write_template((row - begin) * run.column_step, (row - begin) * run.weight_step);
    }

    void begin_row() {
        if (offsets_ != nullptr) *offsets_++ = static_cast<StorageIndex>(base_ + at_);
    }

    void copy_row(Index source, Index count, Index shift) {
        begin_row();
        if (values_ != nullptr) {
            const Scalar* __restrict from = values_ + source;
            Scalar* __restrict to = values_ + at_;
            for (Index e = 0; e < count; ++e) to[e] = from[e];
        }
        if (columns_ != nullptr) {
            const StorageIndex* __restrict from_columns = columns_ + source;
            StorageIndex* __restrict to_columns = columns_ + at_;
            const auto step = static_cast<StorageIndex>(shift);
            for (Index e = 0; e < count; ++e) to_columns[e] = from_columns[e] + step;
        }
        at_ += count;
    }

    void write_template(Index column_shift, Index weight_shift) {
        begin_row();
        const ChannelPlan& channels = plan_.channels();
        for (Index q = 0; q < channels.partners; ++q) {
            if (columns_ != nullptr) {
                const Index shift = channels.first_column(block_, q) + column_shift;
                for (Index e = 0; e < template_.size(); ++e)
                    columns_[at_ + e] =
                        static_cast<StorageIndex>(template_.columns[static_cast<std::size_t>(e)] + shift);
            }
            if (values_ != nullptr) write_values(weights_ + (channels.first_weight(block_, q) + weight_shift));
            at_ += template_.size();
        }
    }

    void write_values(const Scalar* weights) {
        const Term* const terms = template_.terms.data();
        Scalar* const to = values_ + at_;
        if (template_.plain) {
            for (Index e = 0; e < template_.size(); ++e) to[e] = weights[terms[e].weight];
            return;
        }
        const Index* const first_term = template_.first_term.data();
        for (Index e = 0; e < template_.size(); ++e) {
            Scalar sum(0);
            for (Index i = first_term[e]; i < first_term[e + 1]; ++i)
                sum += static_cast<Real>(terms[i].coefficient) * weights[terms[i].weight];
            to[e] = sum;
        }
    }

    const RowPlan& plan_;
    RowBuilder builder_;
    const Scalar* weights_;
    StorageIndex* columns_ = nullptr;
    Scalar* values_ = nullptr;
    StorageIndex* offsets_ = nullptr;
    Index base_ = 0;
    Index at_ = 0; // where the next row goes
    Index block_ = 0;
    RowTemplate template_;
    std::vector<Index> starts_; // of the worked out rows of a run
};

} // namespace convmat
