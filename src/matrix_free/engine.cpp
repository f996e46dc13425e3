#include "engine.hpp"

#include <algorithm>
#include <array>

#if defined(_OPENMP)
#include <omp.h>
#endif

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>

#include "extension.hpp"
#include "job_cursor.hpp"
#include "stage.hpp"

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

/// Computes jobs one after the other with a thread's memory: extends the source, runs the tiles, stages what they find.
template <class Real>
class Engine<Real>::Worker {
  public:
    Worker(const Engine& engine, const Schedule& schedule, typename Workspace::Thread& thread, const Real* source,
           Real* dest)
        : engine_(engine),
          schedule_(schedule),
          thread_(thread),
          source_(source),
          dest_(dest),
          dest_channel_(engine.correlation_.dest_size() * engine.correlation_.parts),
          stage_(engine.correlation_, engine.tiles_, thread.stage) {}

    void run(Index first, Index last) {
        JobCursor at(schedule_, engine_.correlation_, first);
        for (Index job = first; job < last; ++job, at.next()) run(at);
        stage_.pick();
    }

  private:
    void run(const JobCursor& at) {
        const bool in_source = schedule_.layout().kind == WorkLayout::Kind::source;
        const Real* const work = in_source ? source_ + at.source_begin() : extend(at);
        const Index shares = schedule_.row_shares(), blocks = std::ssize(engine_.blocks_);
        const Index first = shares == 1 ? 0 : blocks * at.share() / shares;
        const Index last = shares == 1 ? blocks : blocks * (at.share() + 1) / shares;
        for (Index block = first; block < last; ++block) compute(at, block, work);
    }

    const Real* extend(const JobCursor& at) {
        if (thread_.extended != at.without_share())
            Extension<Real>(schedule_, engine_.correlation_, engine_.tiles_, at.box_number(), thread_.work)
                .fill(source_ + at.group_begin());
        thread_.extended = at.without_share();
        return thread_.work.values.data();
    }

    // One row block, all dest phases.
    void compute(const JobCursor& at, Index block, const Real* work) {
        const RowBlock& rows = engine_.blocks_[static_cast<std::size_t>(block)];
        Real* const dest = dest_ + at.dest_begin() + rows.first / engine_.correlation_.parts * dest_channel_;
        const Index last_phases = engine_.correlation_.axes.back().dest_phases();
        for (std::size_t p = 0; p < at.box().lists.size(); ++p) {
            if (at.box().lists[p] < 0) continue;
            const VectorList& list = schedule_.list(at.box().lists[p]);
            const Index phase = static_cast<Index>(p) * last_phases;
            Real* const phase_dest = dest + schedule_.dest_offset(phase);
            for (Index last = 0; last < last_phases; ++last)
                tiles({rows.rows, phase + last, last, engine_.weights_.block(at.group(), phase + last, block)}, list,
                      work, phase_dest);
            stage_.finish(rows, list, phase_dest, at.box().origin.back());
        }
    }

    // Rows of dest for one combination of dest phases, the last axis's being last_phase, and their packed weights.
    struct Rows {
        Index count;
        Index phase;
        Index last_phase;
        const Real* weights;
    };

    // All vectors of the list.
    void tiles(const Rows& rows, const VectorList& list, const Real* work, Real* dest) {
        const Index most = most_vectors_of(engine_.tiles_, rows.count);
        const std::vector<std::ptrdiff_t>& offsets = schedule_.offsets(rows.phase);
        if (offsets.empty() && stage_.interleaved()) // as for all phases when the stride exceeds the kernel
            return stage_.clear(rows.count, rows.last_phase, list);
        std::array<const Real*, most_vectors> from;
        std::array<Real*, most_vectors> to;
        std::array<std::ptrdiff_t, most_vectors> pitch;
        const TileJob<Real> job = {from.data(),
                                   rows.weights,
                                   offsets.data(),
                                   std::ssize(offsets),
                                   engine_.correlation_.source_channels * engine_.correlation_.parts,
                                   schedule_.layout().channel_pitch,
                                   to.data(),
                                   pitch.data()};
        Real* const stage = stage_.begin(rows.last_phase, list);
        const Index stage_pitch = stage_.pitch(list);
        const auto count = static_cast<Index>(list.vectors.size());
        for (Index first = 0; first < count; first += most) {
            const Index vectors = std::min(most, count - first);
            for (Index v = 0; v < vectors; ++v) {
                const VectorList::Vector& vector = list.vectors[static_cast<std::size_t>(first + v)];
                const bool staged = vector.dest == VectorList::staged;
                const auto at = static_cast<std::size_t>(v);
                from[at] = work + vector.work;
                to[at] = staged ? stage + vector.stage : dest + vector.dest;
                pitch[at] = staged ? stage_pitch : dest_channel_;
            }
            engine_.tiles_.by_size[rows.count][vectors](job);
        }
    }

    const Engine& engine_;
    const Schedule& schedule_;
    typename Workspace::Thread& thread_;
    const Real* source_;
    Real* dest_;
    Index dest_channel_; // values from one dest channel to the next
    Stage<Real> stage_;
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
        Worker(*this, schedule, workspace->threads.front(), source, dest).run(0, jobs);
        give_back(std::move(workspace));
        return;
    }
    const Index chunk = std::clamp<Index>(jobs / (16 * threads), 1, 64);
#pragma omp parallel num_threads(threads)
    {
        Worker mine(*this, schedule, workspace->threads[static_cast<std::size_t>(this_thread())], source, dest);
#pragma omp for schedule(dynamic)
        for (Index first = 0; first < jobs; first += chunk) mine.run(first, std::min(first + chunk, jobs));
    }
    give_back(std::move(workspace));
}

template class Engine<float>;
template class Engine<double>;
template class Engine<std::uint64_t>;

} // namespace convmat::matrix_free
