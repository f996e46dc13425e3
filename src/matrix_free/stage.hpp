#pragma once

#include <algorithm>
#include <span>
#include <utility>

#include "correlation.hpp"
#include "extension.hpp"
#include "kernels/kernels.hpp"
#include "row_blocks.hpp"
#include "vector_list.hpp"

namespace convmat::matrix_free {

/// Where tiles write the vectors that do not lie in one line of dest, one row block after the other, and from where
/// the lines are picked into dest. There are two buffers: what was computed before the last tiles is in the cache by
/// now, and can be read in other pieces than it was written. A buffer is [row][last dest phase][list.stage_size].
template <class Real>
class Stage {
  public:
    Stage(const Correlation& correlation, const Tiles<Real>& tiles, std::span<Real> memory)
        : tiles_(tiles),
          last_axis_(correlation.axes.back()),
          last_phases_(last_axis_.dest_phases()),
          parts_(correlation.parts),
          dest_channel_(correlation.dest_size() * parts_),
          interleaved_(last_axis_.dest_step * parts_ > 1),
          buffer_(memory.data()),
          other_buffer_(memory.data() + memory.size() / 2) {}

    /// Whether the lines of phases and parts take turns in dest; every vector is staged then.
    bool interleaved() const { return interleaved_; }

    /// Where a row block's first row begins, and values from one row to the next.
    Real* begin(Index last_phase, const VectorList& list) const { return buffer_ + last_phase * list.stage_size; }
    Index pitch(const VectorList& list) const { return last_phases_ * list.stage_size; }

    void clear(Index rows, Index last_phase, const VectorList& list) const {
        for (Index row = 0; row < rows; ++row)
            std::fill_n(begin(last_phase, list) + row * pitch(list), list.stage_size, Real(0));
    }

    /// A row block whose tiles are done but for what went to the stage: picks what was finished before.
    void finish(const RowBlock& rows, const VectorList& list, Real* dest, Index last_origin) {
        pick();
        finished_ = {&rows, &list, dest, buffer_, last_origin};
        std::swap(buffer_, other_buffer_);
    }

    /// Picks what was finished last.
    void pick() {
        if (finished_.list == nullptr) return;
        if (interleaved_)
            pick_interleaved(finished_);
        else
            pick_lines(finished_);
        finished_.list = nullptr;
    }

  private:
    struct Finished {
        const RowBlock* rows = nullptr;
        const VectorList* list = nullptr;
        Real* dest = nullptr;
        const Real* stage = nullptr;
        Index last_origin = 0;
    };

    void pick_lines(const Finished& done) const {
        for (const VectorList::Piece& piece : done.list->pieces)
            for (Index row = 0; row < done.rows->rows; ++row)
                copy_line(done.stage + row * done.list->stage_size + piece.stage,
                          done.dest + row * dest_channel_ + piece.dest, piece.count);
    }

    // Lines whose phases and parts take turns: dest[(g i + r) parts + part] = stage[part, r][i].
    void pick_interleaved(const Finished& done) const {
        const Index streams = last_phases_ * parts_;
        const Index step = last_axis_.dest_step * parts_;
        const Index stage_size = done.list->stage_size;
        for (const VectorList::Piece& piece : done.list->pieces)
            for (Index row = 0; row < done.rows->rows; row += parts_) {
                const Real* const from = done.stage + row * last_phases_ * stage_size + piece.stage;
                Real* const to = done.dest + row / parts_ * dest_channel_ + piece.dest;
                Index together = 0;
                if (streams == 2 && step == 2) {
                    together = std::min(piece.count, last_axis_.count(last_phases_ - 1) - done.last_origin);
                    tiles_.interleave(from, from + stage_size, to, together);
                }
                for (Index stream = 0; stream < streams; ++stream) {
                    const Index phase = stream % last_phases_;
                    const Index part = stream / last_phases_;
                    const Index count = std::min(piece.count, last_axis_.count(phase) - done.last_origin);
                    const Real* const line = from + stream * stage_size;
                    Real* const place = to + phase * parts_ + part;
                    for (Index i = together; i < count; ++i) place[i * step] = line[i];
                }
            }
    }

    const Tiles<Real>& tiles_;
    const AxisCorrelation& last_axis_;
    Index last_phases_;
    Index parts_;
    Index dest_channel_; // values from one dest channel to the next
    bool interleaved_;
    Real* buffer_; // what tiles are written to now
    Real* other_buffer_;
    Finished finished_;
};

} // namespace convmat::matrix_free
