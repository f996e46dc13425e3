#include "schedule.hpp"

#include <algorithm>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/base/positions.hpp>

namespace convmat::matrix_free {
namespace {

constexpr double cache_bytes = 512 * 1024;     // what one job's memory should fit: half of a usual second-level cache
constexpr double most_bytes = 8 * cache_bytes; // beyond this, reading much of the input twice is the lesser evil
constexpr Index jobs_per_thread = 4;           // so that a thread that is held up does not hold up all
constexpr double cycles_worth_a_job = 2e4;     // below this, cutting further costs more than it brings
constexpr Index cache_line = 64;
constexpr Index conflict_bytes = 2048; // channels this far apart would fall on the same few cache sets

bool reads_inside(const std::vector<AxisCorrelation>& axes) {
    return std::ranges::all_of(axes, [](const AxisCorrelation& axis) { return axis.reads_inside(); });
}

} // namespace

Schedule::Schedule(const Correlation& correlation, const Machine& machine, const Request& request)
    : request_(request),
      groups_(correlation.groups) {
    axes_.push_back(AxisCorrelation::identity(request.images));
    axes_.insert(axes_.end(), correlation.axes.begin(), correlation.axes.end());
    source_strides_.assign(axes_.size(), correlation.parts);
    dest_strides_.assign(axes_.size(), correlation.parts);
    for (std::size_t j = axes_.size() - 1; j-- > 1;) {
        source_strides_[j] = source_strides_[j + 1] * axes_[j + 1].source_extent;
        dest_strides_[j] = dest_strides_[j + 1] * axes_[j + 1].dest_extent;
    }
    source_strides_[0] = request.source_stride;
    dest_strides_[0] = request.dest_stride;
    require_memory(checked_mul(correlation.dest_phases(), 4 * Index{sizeof(Index)}, "ConvOperator: phases"),
                   "ConvOperator: the combinations of phases");
    choose_extents(correlation, machine);
    lay_out(correlation, machine);
    add_boxes(correlation, machine);
}

Index Schedule::useful_threads() const {
    return std::clamp<Index>(static_cast<Index>(cycles_ / cycles_worth_a_job), 1, request_.threads);
}

// Positions of one source phase that a box of these extents reads.
Index Schedule::work_positions(const std::vector<Index>& extents) const {
    Index positions = 1;
    for (std::size_t j = 0; j < extents.size(); ++j)
        positions = checked_mul(positions, extents[j] + axes_[j].reach(), "ConvOperator: extended input");
    return positions;
}

// Work array and stage of a job.
double Schedule::bytes(const Correlation& correlation, const Machine& machine,
                       const std::vector<Index>& extents) const {
    const Index channels = correlation.source_channels * correlation.parts * correlation.source_phases();
    const Index staged =
        axes_.back().dest_phases() * correlation.parts > 1 ? machine.block_rows * axes_.back().dest_phases() : 0;
    return static_cast<double>(work_positions(extents)) * static_cast<double>(channels + staged) *
           static_cast<double>(machine.scalar_bytes);
}

Index Schedule::box_count(const std::vector<Index>& extents) const {
    Index count = 1;
    for (std::size_t j = 0; j < extents.size(); ++j) count *= ceil_div(axes_[j].count(0), extents[j]);
    return count;
}

// Halves the slowest axis that is long enough to be; false when none is. An axis stays `reaches` times as long as what
// two neighbours both read.
bool Schedule::split(std::vector<Index>& extents, Index least_lines, Index reaches, Index lanes) const {
    for (std::size_t j = 0; j < extents.size(); ++j) {
        const bool last = j + 1 == extents.size();
        const Index least =
            j == 0 ? 1 : std::max({last ? 16 * lanes : least_lines, reaches * axes_[j].reach(), Index{1}});
        if (extents[j] < 2 * least) continue;
        extents[j] = ceil_div(axes_[j].count(0), 2 * ceil_div(axes_[j].count(0), extents[j]));
        return true;
    }
    return false;
}

void Schedule::choose_extents(const Correlation& correlation, const Machine& machine) {
    extents_.clear();
    for (const AxisCorrelation& axis : axes_) extents_.push_back(axis.count(0));
    Index taps = correlation.source_channels * correlation.parts * correlation.rows();
    for (const Index extent : correlation.kernel) taps *= extent;
    // Every dest position of a phase costs the taps of all phases once, and a copy of what it reads.
    cycles_ = static_cast<double>(work_positions(extents_)) * static_cast<double>(groups_) *
              (static_cast<double>(taps) / static_cast<double>(2 * machine.lanes) +
               static_cast<double>(correlation.source_channels * correlation.parts));
    while (bytes(correlation, machine, extents_) > cache_bytes && split(extents_, 1, 2, machine.lanes)) {
    }
    while (bytes(correlation, machine, extents_) > most_bytes && split(extents_, 1, 0, machine.lanes)) {
    }
    const Index wanted =
        static_cast<Index>(std::min(static_cast<double>(request_.threads > 1 ? jobs_per_thread * request_.threads : 1),
                                    cycles_ / cycles_worth_a_job));
    while (box_count(extents_) * groups_ < wanted && split(extents_, 8, 2, machine.lanes)) {
    }
    const Index jobs = box_count(extents_) * groups_;
    if (jobs < wanted && jobs < 2 * request_.threads)
        row_shares_ = std::min(machine.blocks, ceil_div(2 * request_.threads, jobs));
}

// From the first to the last position that the smallest box reads in the source.
Index Schedule::shortest_run() const {
    Index run = 1;
    for (std::size_t j = 1; j < axes_.size(); ++j) {
        const Index boxes = ceil_div(axes_[j].count(0), extents_[j]);
        const Index rest = axes_[j].count(axes_[j].dest_phases() - 1) - (boxes - 1) * extents_[j];
        run += (std::max<Index>(rest, 1) - 1) * source_strides_[j];
    }
    return run;
}

// Whether at least half of what one run over the source covers is wanted. (Runs of the source cannot be cut shorter
// than a vector, lest something after it is read.)
bool Schedule::fills_runs() const {
    Index run = 1;
    Index wanted = 1;
    for (std::size_t j = 1; j < axes_.size(); ++j) {
        run += (extents_[j] - 1) * source_strides_[j];
        wanted *= extents_[j];
    }
    return run <= 2 * wanted;
}

void Schedule::lay_out(const Correlation& correlation, const Machine& machine) {
    layout_.extents.clear();
    for (std::size_t j = 0; j < axes_.size(); ++j) layout_.extents.push_back(extents_[j] + axes_[j].reach());
    const Index source_pitch = correlation.source_size();
    if (correlation.parts == 1 && reads_inside(axes_) && shortest_run() >= machine.lanes && fills_runs() &&
        source_pitch * machine.scalar_bytes % conflict_bytes != 0) {
        layout_.kind = WorkLayout::Kind::source;
        layout_.strides = source_strides_;
        layout_.channel_pitch = source_pitch;
    } else {
        layout_.strides.assign(axes_.size(), 1);
        for (std::size_t j = axes_.size() - 1; j-- > 0;)
            layout_.strides[j] = layout_.strides[j + 1] * layout_.extents[j + 1];
        constexpr const char* what = "ConvOperator: extended input";
        layout_.phase_stride = work_positions(extents_);
        layout_.channel_pitch = checked_mul(layout_.phase_stride, correlation.source_phases(), what);
        if (layout_.channel_pitch * machine.scalar_bytes % conflict_bytes < cache_line)
            layout_.channel_pitch += cache_line / machine.scalar_bytes;
        layout_.size =
            checked_add(checked_mul(layout_.channel_pitch, correlation.source_channels * correlation.parts, what),
                        machine.lanes, what);
        require_memory(checked_mul(layout_.size, machine.scalar_bytes, what), what);
    }
    const std::vector<Index> strides(layout_.strides.begin() + 1, layout_.strides.end());
    for (Index number = 0; number < correlation.dest_phases(); ++number) {
        const std::vector<Index> phase = correlation.phase_of(number);
        std::vector<std::ptrdiff_t>& offsets = offsets_.emplace_back();
        for_each_tap(correlation, phase, strides, layout_.phase_stride,
                     [&](Index, Index offset) { offsets.push_back(offset); });
        Index& begin = dest_offsets_.emplace_back(0);
        for (std::size_t j = 0; j < phase.size(); ++j) begin += phase[j] * dest_strides_[j + 1];
    }
}

// The number of the list for a box of these extents, made when there is none yet.
Index Schedule::list_for(const std::vector<Index>& extents, const Machine& machine, Lines lines) {
    const auto found = std::ranges::find(lists_, extents, &VectorList::extents);
    if (found != lists_.end()) return found - lists_.begin();
    std::vector<Index> dest_strides = dest_strides_;
    for (std::size_t j = 0; j < axes_.size(); ++j) dest_strides[j] *= axes_[j].dest_step;
    lists_.push_back(vector_list({extents, layout_.strides, dest_strides, layout_.kind == WorkLayout::Kind::source},
                                 machine.lanes, lines));
    stage_size_ = std::max(stage_size_, lists_.back().stage_size);
    return static_cast<Index>(lists_.size()) - 1;
}

void Schedule::add_boxes(const Correlation& correlation, const Machine& machine) {
    const Index last_phases = axes_.back().dest_phases();
    const Lines lines = axes_.back().dest_step * correlation.parts > 1 ? Lines::interleaved : Lines::contiguous;
    Shape counts; // of boxes along each axis
    for (std::size_t j = 0; j < axes_.size(); ++j) counts.push_back(ceil_div(axes_[j].count(0), extents_[j]));
    for_each_position(counts, [&](const Shape& at) {
        Box& box = boxes_.emplace_back();
        for (std::size_t j = 0; j < axes_.size(); ++j) {
            box.origin.push_back(at[j] * extents_[j]);
            box.extents.push_back(std::min(extents_[j], axes_[j].count(0) - box.origin[j]));
        }
        for (Index phase = 0; phase < correlation.dest_phases(); phase += last_phases) {
            const std::vector<Index> phases = correlation.phase_of(phase);
            std::vector<Index> extents = box.extents;
            bool empty = false;
            for (std::size_t j = 1; j + 1 < axes_.size(); ++j) {
                extents[j] = std::min(extents[j], axes_[j].count(phases[j - 1]) - box.origin[j]);
                empty = empty || extents[j] <= 0;
            }
            box.lists.push_back(empty ? VectorList::staged : list_for(extents, machine, lines));
        }
    });
}

} // namespace convmat::matrix_free
