#include "engine.hpp"

#include <algorithm>
#include <array>

#if defined(_OPENMP)
#include <omp.h>
#endif

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>

#include "extension.hpp"

namespace convmat::matrix_free {
namespace {

constexpr std::size_t most_idle = 4; // workspaces kept for the next apply

Index this_thread() {
#if defined(_OPENMP)
    return omp_get_thread_num();
#else
    return 0;
#endif
}

} // namespace

/// The schedule of one apply and the memory of its threads.
template <class Real>
struct Engine<Real>::Workspace {
    struct Thread {
        WorkArray<Real> work;
        std::vector<Real> stage;
        Index extended = -1; // which extension `work` holds: the number of a job without its share
    };
    Schedule schedule;
    std::vector<Thread> threads;

    Workspace(const Correlation& correlation, const Schedule::Machine& machine, const Request& request)
        : schedule(correlation, machine, request) {
        constexpr const char* what = "ConvOperator: work memory";
        const Index rows = 2 * machine.block_rows * correlation.axes.back().dest_phases();
        const Index stage = checked_mul(rows, schedule.stage_size(), what);
        const Index bytes = checked_mul(checked_add(schedule.layout().size, stage, what), machine.scalar_bytes, what);
        const Index count = std::min(schedule.useful_threads(), schedule.jobs());
        require_memory(checked_mul(bytes, count, what), what);
        threads.resize(static_cast<std::size_t>(count));
        for (Thread& thread : threads) {
            Extension<Real>::reserve(schedule, thread.work);
            thread.stage.resize(static_cast<std::size_t>(stage));
        }
    }
};

/// One job after the other: each a box of dest positions in one group, for one share of the row blocks.
template <class Real>
class Engine<Real>::Jobs {
  public:
    Jobs(const Engine& engine, const Schedule& schedule, typename Workspace::Thread& thread, const Real* source,
         Real* dest)
        : engine_(engine),
          correlation_(engine.correlation_),
          schedule_(schedule),
          thread_(thread),
          source_(source),
          dest_(dest),
          source_group_(correlation_.source_channels * correlation_.source_size() * correlation_.parts),
          dest_channel_(correlation_.dest_size() * correlation_.parts),
          blocks_(std::ssize(engine.blocks_)),
          last_phases_(correlation_.axes.back().dest_phases()),
          interleaved_(correlation_.axes.back().dest_step * correlation_.parts > 1),
          stage_(thread.stage.data()),
          other_stage_(thread.stage.data() + thread.stage.size() / 2) {}

    void run(Index first, Index last) {
        const Index shares = schedule_.row_shares();
        Index share = first % shares;
        group_ = first / shares % schedule_.groups();
        enter_box(first / shares / schedule_.groups());
        for (Index job = first; job < last; ++job) {
            run_share(share);
            if (++share < shares) continue;
            share = 0;
            if (++group_ < schedule_.groups()) continue;
            group_ = 0;
            if (job + 1 < last) enter_box(box_number_ + 1);
        }
        pick_pending();
    }

  private:
    void enter_box(Index number) {
        box_number_ = number;
        box_ = &schedule_.boxes()[static_cast<std::size_t>(number)];
        source_begin_ = 0;
        dest_begin_ = 0;
        for (std::size_t j = 0; j < box_->origin.size(); ++j) {
            const AxisCorrelation& axis = schedule_.axes()[j];
            source_begin_ +=
                (box_->origin[j] + axis.first_shift + axis.source_phases.front()) * schedule_.source_strides()[j];
            dest_begin_ += box_->origin[j] * axis.dest_step * schedule_.dest_strides()[j];
        }
    }

    void run_share(Index share) {
        const Real* const source = source_ + group_ * source_group_;
        Real* const dest = dest_ + group_ * correlation_.dest_channels * dest_channel_ + dest_begin_;
        work_ = schedule_.layout().kind == WorkLayout::Kind::source ? source + source_begin_ : extend(source);
        const Index shares = schedule_.row_shares();
        const Index first = shares == 1 ? 0 : blocks_ * share / shares;
        const Index last = shares == 1 ? blocks_ : blocks_ * (share + 1) / shares;
        for (Index block = first; block < last; ++block) compute(block, dest);
    }

    const Real* extend(const Real* source) {
        const Index wanted = box_number_ * schedule_.groups() + group_;
        if (thread_.extended != wanted)
            Extension<Real>(schedule_, correlation_, engine_.tiles_, box_number_, thread_.work).fill(source);
        thread_.extended = wanted;
        return thread_.work.values.data();
    }

    // One row block, all dest phases.
    void compute(Index block, Real* dest) {
        const RowBlock& rows = engine_.blocks_[static_cast<std::size_t>(block)];
        dest += rows.first / correlation_.parts * dest_channel_;
        for (std::size_t p = 0; p < box_->lists.size(); ++p) {
            if (box_->lists[p] < 0) continue;
            const VectorList& list = schedule_.list(box_->lists[p]);
            const Index phase = static_cast<Index>(p) * last_phases_;
            Real* const phase_dest = dest + schedule_.dest_offset(phase);
            for (Index last = 0; last < last_phases_; ++last) tiles(block, phase + last, last, list, phase_dest);
            pick_pending();
            pending_ = {&rows, &list, phase_dest, stage_, box_->origin.back()};
            std::swap(stage_, other_stage_);
        }
    }

    // What was computed before the last tiles is in the cache by now, and can be read in other pieces than it was
    // written.
    void pick_pending() {
        if (pending_.list == nullptr) return;
        if (interleaved_)
            pick_interleaved(pending_);
        else
            pick(pending_);
        pending_.list = nullptr;
    }

    // All vectors of the list, for one row block and one combination of dest phases.
    void tiles(Index block, Index phase, Index last, const VectorList& list, Real* dest) {
        const Index rows = engine_.blocks_[static_cast<std::size_t>(block)].rows;
        const Index most = most_vectors_of(engine_.tiles_, rows);
        const std::vector<std::ptrdiff_t>& offsets = schedule_.offsets(phase);
        if (offsets.empty() && interleaved_) { // as for all phases when the stride exceeds the kernel
            for (Index row = 0; row < rows; ++row)
                std::fill_n(stage_ + (row * last_phases_ + last) * list.stage_size, list.stage_size, Real(0));
            return;
        }
        std::array<const Real*, most_vectors> from;
        std::array<Real*, most_vectors> to;
        std::array<std::ptrdiff_t, most_vectors> pitch;
        const TileJob<Real> job = {from.data(),
                                   engine_.weights_.block(group_, phase, block),
                                   offsets.data(),
                                   std::ssize(offsets),
                                   correlation_.source_channels * correlation_.parts,
                                   schedule_.layout().channel_pitch,
                                   to.data(),
                                   pitch.data()};
        Real* const stage = stage_ + last * list.stage_size;
        const auto count = static_cast<Index>(list.vectors.size());
        for (Index first = 0; first < count; first += most) {
            const Index vectors = std::min(most, count - first);
            for (Index v = 0; v < vectors; ++v) {
                const VectorList::Vector& vector = list.vectors[static_cast<std::size_t>(first + v)];
                const bool staged = vector.dest == VectorList::staged;
                const auto at = static_cast<std::size_t>(v);
                from[at] = work_ + vector.work;
                to[at] = staged ? stage + vector.stage : dest + vector.dest;
                pitch[at] = staged ? last_phases_ * list.stage_size : dest_channel_;
            }
            engine_.tiles_.by_size[rows][vectors](job);
        }
    }

    // Row blocks whose tiles are done but for what went to the stage.
    struct Pending {
        const RowBlock* rows = nullptr;
        const VectorList* list = nullptr;
        Real* dest = nullptr;
        const Real* stage = nullptr;
        Index last_origin = 0;
    };

    void pick(const Pending& done) const {
        for (const VectorList::Piece& piece : done.list->pieces)
            for (Index row = 0; row < done.rows->rows; ++row)
                copy_line(done.stage + row * done.list->stage_size + piece.stage,
                          done.dest + row * dest_channel_ + piece.dest, piece.count);
    }

    // Lines whose phases and parts take turns: dest[(g i + r) parts + part] = stage[part, r][i].
    void pick_interleaved(const Pending& done) const {
        const AxisCorrelation& axis = correlation_.axes.back();
        const Index streams = last_phases_ * correlation_.parts;
        const Index step = axis.dest_step * correlation_.parts;
        const Index stage_size = done.list->stage_size;
        for (const VectorList::Piece& piece : done.list->pieces)
            for (Index row = 0; row < done.rows->rows; row += correlation_.parts) {
                const Real* const from = done.stage + row * last_phases_ * stage_size + piece.stage;
                Real* const to = done.dest + row / correlation_.parts * dest_channel_ + piece.dest;
                Index together = 0;
                if (streams == 2 && step == 2) {
                    together = std::min(piece.count, axis.count(last_phases_ - 1) - done.last_origin);
                    engine_.tiles_.interleave(from, from + stage_size, to, together);
                }
                for (Index stream = 0; stream < streams; ++stream) {
                    const Index phase = stream % last_phases_;
                    const Index part = stream / last_phases_;
                    const Index count = std::min(piece.count, axis.count(phase) - done.last_origin);
                    const Real* const line = from + stream * stage_size;
                    Real* const place = to + phase * correlation_.parts + part;
                    for (Index i = together; i < count; ++i) place[i * step] = line[i];
                }
            }
    }

    const Engine& engine_;
    const Correlation& correlation_;
    const Schedule& schedule_;
    typename Workspace::Thread& thread_;
    const Real* source_;
    Real* dest_;
    Index source_group_; // values from one group to the next
    Index dest_channel_; // and from one dest channel to the next
    Index blocks_;
    Index last_phases_;
    bool interleaved_;
    Real* stage_; // what tiles are written to now
    Real* other_stage_;
    Pending pending_;
    Index group_ = 0;
    Index box_number_ = 0;
    const Schedule::Box* box_ = nullptr;
    Index source_begin_ = 0; // of the box, in the source
    Index dest_begin_ = 0;
    const Real* work_ = nullptr;
};

template <class Real>
Engine<Real>::Engine(Correlation correlation, const Real* kernel, bool conjugated, const Tiles<Real>& tiles)
    : correlation_(std::move(correlation)),
      tiles_(tiles),
      blocks_(row_blocks(tiles, correlation_.rows(), typical_vectors(), correlation_.parts)),
      weights_(correlation_, kernel, conjugated, blocks_) {}

template <class Real>
Engine<Real>::~Engine() = default;

// Of one image; what the row blocks are chosen for. Counted up to `plenty`: beyond it the choice is the same, and the
// extents of an axis may be too large for their product.
template <class Real>
Index Engine<Real>::typical_vectors() const {
    constexpr Index plenty = Index{1} << 30;
    Index positions = 1;
    for (const AxisCorrelation& axis : correlation_.axes)
        positions = std::min(plenty, positions * std::min(plenty, axis.count(0)));
    return (positions + tiles_.lanes - 1) / tiles_.lanes;
}

template <class Real>
std::unique_ptr<typename Engine<Real>::Workspace> Engine<Real>::borrow(const Request& request) const {
    {
        const std::lock_guard lock(mutex_);
        const auto found = std::ranges::find_if(
            idle_, [&](const auto& workspace) { return workspace->schedule.request() == request; });
        if (found != idle_.end()) {
            std::unique_ptr<Workspace> workspace = std::move(*found);
            idle_.erase(found);
            return workspace;
        }
    }
    const Index block_rows = std::ranges::max(blocks_, {}, &RowBlock::rows).rows;
    return std::make_unique<Workspace>(
        correlation_, Schedule::Machine{tiles_.lanes, Index{sizeof(Real)}, block_rows, std::ssize(blocks_)}, request);
}

template <class Real>
void Engine<Real>::give_back(std::unique_ptr<Workspace> workspace) const {
    for (auto& thread : workspace->threads) thread.extended = -1;
    const std::lock_guard lock(mutex_);
    if (idle_.size() >= most_idle) idle_.erase(idle_.begin());
    idle_.push_back(std::move(workspace));
}

template <class Real>
void Engine<Real>::apply(const Real* source, Real* dest, const Request& request) const {
    std::unique_ptr<Workspace> workspace = borrow(request);
    const Schedule& schedule = workspace->schedule;
    const Index jobs = schedule.jobs();
    const int threads = static_cast<int>(workspace->threads.size());
    if (threads == 1) { // OpenMP would take longer to begin than a small layer to be computed
        Jobs(*this, schedule, workspace->threads.front(), source, dest).run(0, jobs);
        give_back(std::move(workspace));
        return;
    }
    const Index chunk = std::clamp<Index>(jobs / (16 * threads), 1, 64);
#pragma omp parallel num_threads(threads)
    {
        Jobs mine(*this, schedule, workspace->threads[static_cast<std::size_t>(this_thread())], source, dest);
#pragma omp for schedule(dynamic)
        for (Index first = 0; first < jobs; first += chunk) mine.run(first, std::min(first + chunk, jobs));
    }
    give_back(std::move(workspace));
}

template class Engine<float>;
template class Engine<double>;
template class Engine<std::uint64_t>;

} // namespace convmat::matrix_free
