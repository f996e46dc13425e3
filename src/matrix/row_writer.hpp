#pragma once

#include <algorithm>
#include <vector>

#include <Eigen/Core>

#include "row_builder.hpp"
#include "stream.hpp"
#include <convmat/base/scalars.hpp>
#include <convmat/matrix/row_plan.hpp>

namespace convmat {

/// Arrays of compressed storage from some row on; one that is null is not written.
template <class Scalar, class StorageIndex>
struct CompressedRows {
    StorageIndex* offsets = nullptr;
    StorageIndex* columns = nullptr;
    Scalar* values = nullptr;
};

/// How values are stored: fresh pages are in the cache already, large warm arrays are better written past it.
enum class Stores { cached, streamed };

/// Writes consecutive rows of a plan to compressed storage. Within a run of the last axis rows are alike, so the first
/// of each kind is worked out from its template and the others are copies with shifted columns.
template <class Scalar, class StorageIndex>
class RowWriter {
  public:
    RowWriter(const RowPlan& plan, const Scalar* weights, Stores stores = Stores::cached)
        : plan_(plan),
          builder_(plan.axes()),
          weights_(weights),
          stores_(stores) {}

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
        if (stores_ == Stores::streamed) stream_fence();
    }

  private:
    static constexpr Index long_copy = 2048; // entries

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

    // Values repeat, columns move on: the run's first `period` rows here are worked out, the rest copied. What has been
    // copied is copied again, until the piece copied at a time is long enough for copying to run at full speed.
    void write_repeating(const AxisTaps::Run& run, Index begin, Index end) {
        const Index worked_out = std::min(end, begin + run.period);
        const Index source = at_;
        starts_.clear();
        for (Index row = begin; row < worked_out; ++row) {
            starts_.push_back(at_);
            builder_.build(row, template_);
            write_template(0, 0);
        }
        starts_.push_back(at_);
        const Index entries = at_ - source; // of one period
        const Index cycles = (end - begin) / run.period;
        write_offsets(end - worked_out, entries);
        Index done = 1;
        while (done < cycles) {
            const Index copied =
                std::min({done, cycles - done, std::max<Index>(long_copy / std::max<Index>(entries, 1), 1)});
            copy(source, copied * entries, done * run.column_step);
            done += copied;
        }
        if (const Index rest = end - begin - done * run.period; rest > 0) // the rows of a last, incomplete period
            copy(source, starts_[static_cast<std::size_t>(rest)] - source, done * run.column_step);
    }

    // The offsets of rows that are copies, cycle after cycle, of the worked out ones.
    void write_offsets(Index rows, Index entries) {
        if (offsets_ == nullptr) return;
        const std::size_t period = starts_.size() - 1;
        Index shift = entries;
        for (Index row = 0; row < rows; shift += entries)
            for (std::size_t phase = 0; phase < period && row < rows; ++phase, ++row)
                *offsets_++ = static_cast<StorageIndex>(base_ + starts_[phase] + shift);
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

    void copy(Index source, Index count, Index shift) {
        if (values_ != nullptr) {
            // What is streamed has to come back from memory to be copied again: only the last, longest pieces are.
            if (stores_ == Stores::streamed && count >= long_copy / 2)
                stream_copy(values_ + source, values_ + at_, static_cast<std::size_t>(count) * sizeof(Scalar));
            else
                std::copy_n(values_ + source, count, values_ + at_);
        }
        if (columns_ != nullptr) {
            const StorageIndex* __restrict from = columns_ + source;
            StorageIndex* __restrict to = columns_ + at_;
            const auto step = static_cast<StorageIndex>(shift);
            for (Index e = 0; e < count; ++e) to[e] = from[e] + step;
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
                sum += static_cast<RealOf<Scalar>>(terms[i].coefficient) * weights[terms[i].weight];
            to[e] = sum;
        }
    }

    const RowPlan& plan_;
    RowBuilder builder_;
    const Scalar* weights_;
    Stores stores_;
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
