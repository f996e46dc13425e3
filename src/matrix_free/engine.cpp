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
        const Index stage = machine.block_rows * correlation.axes.back().dest_phases() * schedule.stage_size();
        const Index values = checked_add(schedule.layout().size, stage, "ConvOperator: scratch values");
        require_memory(checked_mul(checked_mul(values, request.threads, "ConvOperator: scratch values"),
                                   machine.scalar_bytes, "ConvOperator: scratch bytes"),
                       "ConvOperator: scratch memory");
        threads.resize(static_cast<std::size_t>(request.threads));
        for (Thread& thread : threads) {
            Extension<Real>::reserve(schedule, thread.work);
            thread.stage.resize(static_cast<std::size_t>(stage));
        }
    }
};

/// One job: a box of dest positions in one group, for one share of the row blocks.
template <class Real>
class Engine<Real>::Job {
  public:
    Job(const Engine& engine, const Schedule& schedule, typename Workspace::Thread& thread, Index number)
        : engine_(engine),
          correlation_(engine.correlation_),
          schedule_(schedule),
          thread_(thread),
          share_(number % schedule.row_shares()),
          extended_(number / schedule.row_shares()),
          group_(extended_ % schedule.groups()),
          box_number_(extended_ / schedule.groups()),
          box_(schedule.boxes()[static_cast<std::size_t>(box_number_)]) {}

    void run(const Real* source, Real* dest) {
        const Index source_channel = correlation_.source_size() * correlation_.parts;
        dest_channel_ = correlation_.dest_size() * correlation_.parts;
        source += group_ * correlation_.source_channels * source_channel;
        dest += group_ * correlation_.dest_channels * dest_channel_;
        work_ = schedule_.layout().kind == WorkLayout::Kind::source ? source + source_begin() : extend(source);
        for (std::size_t j = 0; j < box_.origin.size(); ++j)
            dest += box_.origin[j] * schedule_.axes()[j].dest_step * schedule_.dest_strides()[j];
        const auto blocks = static_cast<Index>(engine_.blocks_.size());
        for (Index b = blocks * share_ / schedule_.row_shares(); b < blocks * (share_ + 1) / schedule_.row_shares();
             ++b)
            compute(b, dest);
    }

  private:
    Index source_begin() const {
        Index begin = 0;
        for (std::size_t j = 0; j < box_.origin.size(); ++j)
            begin += (box_.origin[j] + schedule_.axes()[j].first_shift + schedule_.axes()[j].source_phases.front()) *
                     schedule_.source_strides()[j];
        return begin;
    }

    const Real* extend(const Real* source) {
        if (thread_.extended != extended_)
            Extension<Real>(schedule_, correlation_, engine_.tiles_, box_number_, thread_.work).fill(source);
        thread_.extended = extended_;
        return thread_.work.values.data();
    }

    // One row block, all dest phases.
    void compute(Index block, Real* dest) {
        const Index last_phases = correlation_.axes.back().dest_phases();
        const RowBlock& rows = engine_.blocks_[static_cast<std::size_t>(block)];
        dest += rows.first / correlation_.parts * dest_channel_;
        for (std::size_t p = 0; p < box_.lists.size(); ++p) {
            if (box_.lists[p] < 0) continue;
            const VectorList& list = schedule_.list(box_.lists[p]);
            const Index phase = static_cast<Index>(p) * last_phases;
            Real* const phase_dest = dest + schedule_.dest_offset(phase);
            for (Index last = 0; last < last_phases; ++last) tiles(block, phase + last, last, list, phase_dest);
            if (is_interleaved())
                pick_interleaved(rows, list, phase_dest);
            else
                pick(rows, list, phase_dest);
        }
    }

    bool is_interleaved() const { return correlation_.axes.back().dest_step * correlation_.parts > 1; }

    // All vectors of the list, for one row block and one combination of dest phases.
    void tiles(Index block, Index phase, Index last, const VectorList& list, Real* dest) {
        const Index rows = engine_.blocks_[static_cast<std::size_t>(block)].rows;
        const Index last_phases = correlation_.axes.back().dest_phases();
        const Index most = most_vectors_of(engine_.tiles_, rows);
        const std::vector<std::ptrdiff_t>& offsets = schedule_.offsets(phase);
        if (offsets.empty() && is_interleaved()) { // as for all phases when the stride exceeds the kernel
            for (Index row = 0; row < rows; ++row)
                std::fill_n(thread_.stage.data() + (row * last_phases + last) * list.stage_size, list.stage_size,
                            Real(0));
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
        Real* const stage = thread_.stage.data() + last * list.stage_size;
        const auto count = static_cast<Index>(list.vectors.size());
        for (Index first = 0; first < count; first += most) {
            const Index vectors = std::min(most, count - first);
            for (Index v = 0; v < vectors; ++v) {
                const VectorList::Vector& vector = list.vectors[static_cast<std::size_t>(first + v)];
                const bool staged = vector.dest == VectorList::staged;
                const auto at = static_cast<std::size_t>(v);
                from[at] = work_ + vector.work;
                to[at] = staged ? stage + vector.stage : dest + vector.dest;
                pitch[at] = staged ? last_phases * list.stage_size : dest_channel_;
            }
            engine_.tiles_.by_size[rows][vectors](job);
        }
    }

    void pick(const RowBlock& rows, const VectorList& list, Real* dest) const {
        for (const VectorList::Piece& piece : list.pieces)
            for (Index row = 0; row < rows.rows; ++row)
                copy_line(thread_.stage.data() + row * list.stage_size + piece.stage,
                          dest + row * dest_channel_ + piece.dest, piece.count);
    }

    // Lines whose phases and parts take turns: dest[(g i + r) parts + part] = stage[part, r][i].
    void pick_interleaved(const RowBlock& rows, const VectorList& list, Real* dest) const {
        const AxisCorrelation& axis = correlation_.axes.back();
        const Index streams = axis.dest_phases() * correlation_.parts;
        const Index step = axis.dest_step * correlation_.parts;
        const Index begin = box_.origin.back();
        for (const VectorList::Piece& piece : list.pieces)
            for (Index row = 0; row < rows.rows; row += correlation_.parts) {
                const Real* const from =
                    thread_.stage.data() + row * axis.dest_phases() * list.stage_size + piece.stage;
                Real* const to = dest + row / correlation_.parts * dest_channel_ + piece.dest;
                Index done = 0;
                if (streams == 2 && step == 2) {
                    done = std::min(piece.count, axis.count(axis.dest_phases() - 1) - begin);
                    engine_.tiles_.interleave(from, from + list.stage_size, to, done);
                }
                for (Index stream = 0; stream < streams; ++stream) {
                    const Index phase = stream % axis.dest_phases();
                    const Index part = stream / axis.dest_phases();
                    const Index count = std::min(piece.count, axis.count(phase) - begin);
                    const Real* const line = from + stream * list.stage_size;
                    Real* const place = to + phase * correlation_.parts + part;
                    for (Index i = done; i < count; ++i) place[i * step] = line[i];
                }
            }
    }

    const Engine& engine_;
    const Correlation& correlation_;
    const Schedule& schedule_;
    typename Workspace::Thread& thread_;
    Index share_;
    Index extended_;
    Index group_;
    Index box_number_;
    const Schedule::Box& box_;
    Index dest_channel_ = 0;
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

// Of one image; what the row blocks are chosen for.
template <class Real>
Index Engine<Real>::typical_vectors() const {
    Index positions = 1;
    for (const AxisCorrelation& axis : correlation_.axes) positions *= axis.count(0);
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
        if (idle_.size() >= most_idle) idle_.erase(idle_.begin());
    }
    const Index block_rows = std::ranges::max(blocks_, {}, &RowBlock::rows).rows;
    return std::make_unique<Workspace>(
        correlation_, Schedule::Machine{tiles_.lanes, Index{sizeof(Real)}, block_rows, std::ssize(blocks_)}, request);
}

template <class Real>
void Engine<Real>::give_back(std::unique_ptr<Workspace> workspace) const {
    for (auto& thread : workspace->threads) thread.extended = -1;
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(workspace));
}

template <class Real>
void Engine<Real>::apply(const Real* source, Real* dest, const Request& request) const {
    std::unique_ptr<Workspace> workspace = borrow(request);
    const Schedule& schedule = workspace->schedule;
    const Index jobs = schedule.jobs();
    const int threads = static_cast<int>(std::min(schedule.useful_threads(), jobs));
    const int chunk = static_cast<int>(std::clamp<Index>(jobs / (16 * threads), 1, 64));
#pragma omp parallel for schedule(dynamic, chunk) num_threads(threads) if (threads > 1)
    for (Index job = 0; job < jobs; ++job)
        Job(*this, schedule, workspace->threads[static_cast<std::size_t>(this_thread())], job).run(source, dest);
    give_back(std::move(workspace));
}

template class Engine<float>;
template class Engine<double>;
template class Engine<std::uint64_t>;

} // namespace convmat::matrix_free
