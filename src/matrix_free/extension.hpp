#pragma once

#include <algorithm>
#include <cstring>
#include <vector>

#include <convmat/base/types.hpp>
#include <convmat/taps/source_index.hpp>

#include "kernels/kernels.hpp"
#include "schedule.hpp"

namespace convmat::matrix_free {

/// to[i] = from[i], mostly for a few dozen values: without a call, in pieces of 16 bytes of which the last may overlap.
template <class Real>
void copy_line(const Real* from, Real* to, Index count) {
    constexpr Index piece = 16 / Index{sizeof(Real)};
    if (count < piece || count > 32 * piece) {
        std::copy_n(from, count, to);
        return;
    }
    for (Index i = 0; i + piece <= count; i += piece) std::memcpy(to + i, from + i, 16);
    std::memcpy(to + count - piece, from + count - piece, 16);
}

/// A thread's work array, and how one box of the extended source is copied into it: which lines are which.
template <class Real>
struct WorkArray {
    struct Line {
        Index work = 0;
        Index source = 0;
        Index phase = 0; // of the last axis
    };
    /// The last axis in one of its phases: positions [first, last) are the source's from `begin` on.
    struct Phase {
        Index begin = 0;
        Index first = 0;
        Index last = 0;
    };

    std::vector<Real> values;
    Index box = -1;           // what the rest is of
    bool has_zeros = false;   // whether zeros outside the source have been written for this box
    bool has_sums = false;    // whether some lines are sums of several (odd reflection)
    std::vector<Line> lines;  // that are lines of the source
    std::vector<Index> zeros; // where lines of zeros begin
    std::vector<Phase> phases;
};

/// Copies the part of the extended source that a box reads into a thread's work array.
template <class Real>
class Extension {
  public:
    Extension(const Schedule& schedule, const Correlation& correlation, const Tiles<Real>& tiles, Index box,
              WorkArray<Real>& work)
        : schedule_(schedule),
          correlation_(correlation),
          tiles_(tiles),
          box_(schedule.boxes()[static_cast<std::size_t>(box)]),
          work_(work) {
        if (work.box == box) return;
        work.box = box;
        prepare();
    }

    /// Makes room for what the constructor notes of any box, so that it allocates nothing.
    static void reserve(const Schedule& schedule, WorkArray<Real>& work) {
        const WorkLayout& layout = schedule.layout();
        work.values.resize(static_cast<std::size_t>(layout.size));
        if (layout.size == 0) return;
        const auto lines = static_cast<std::size_t>(layout.channel_pitch / layout.extents.back() + 1);
        work.lines.reserve(lines);
        work.zeros.reserve(lines);
        work.phases.reserve(schedule.axes().back().source_phases.size());
    }

    /// `source` is that of the group's first channel, in the first image.
    void fill(const Real* source) {
        const Index channel_values = correlation_.source_size() * correlation_.parts;
        for (Index channel = 0; channel < correlation_.source_channels; ++channel)
            for (Index part = 0; part < correlation_.parts; ++part) {
                const Real* const from = source + channel * channel_values + part;
                Real* const to =
                    work_.values.data() + (channel * correlation_.parts + part) * schedule_.layout().channel_pitch;
                if (work_.has_sums)
                    fill_axis(0, from, to, 1, false);
                else
                    fill_lines(from, to);
            }
        work_.has_zeros = true;
    }

  private:
    using Line = typename WorkArray<Real>::Line;
    using Phase = typename WorkArray<Real>::Phase;

    const AxisCorrelation& last_axis() const { return schedule_.axes().back(); }

    void prepare() {
        work_.has_zeros = false;
        work_.has_sums = false;
        work_.lines.clear();
        work_.zeros.clear();
        work_.phases.clear();
        const AxisCorrelation& axis = last_axis();
        for (const Index phase : axis.source_phases) work_.phases.push_back(phase_of(axis, phase));
        list_lines(0, 0, 0, false);
    }

    Phase phase_of(const AxisCorrelation& axis, Index phase) const {
        const Index step = axis.source_step;
        const Index extent = box_.extents.back() + axis.reach();
        const Index begin = step * (box_.origin.back() + axis.first_shift) + phase;
        const Index first =
            std::clamp<Index>((step - 1 - begin) / step, 0, extent); // the least with begin + i step >= 0
        const Index last = floor_div(axis.source_extent - 1 - begin, step) + 1;
        return {begin, first, std::clamp<Index>(last, first, extent)};
    }

    Index phases_after(std::size_t j) const {
        Index count = 1;
        for (std::size_t i = j + 1; i < schedule_.axes().size(); ++i)
            count *= static_cast<Index>(schedule_.axes()[i].source_phases.size());
        return count;
    }

    // visit(q, work offset) for every position of axis j that the box reads, phase by phase.
    template <class Visit>
    void for_each_position(std::size_t j, const Visit& visit) const {
        const AxisCorrelation& axis = schedule_.axes()[j];
        const Index phase_stride = phases_after(j) * schedule_.layout().phase_stride;
        Index offset = 0;
        for (const Index phase : axis.source_phases) {
            const Index begin = axis.source_step * (box_.origin[j] + axis.first_shift) + phase;
            for (Index i = 0; i < box_.extents[j] + axis.reach(); ++i)
                visit(begin + i * axis.source_step, offset + i * schedule_.layout().strides[j]);
            offset += phase_stride;
        }
    }

    void list_lines(std::size_t j, Index source, Index work, bool zero) {
        if (j + 1 == schedule_.axes().size()) {
            for (Index phase = 0; phase < std::ssize(work_.phases); ++phase) {
                const Index at = work + phase * schedule_.layout().phase_stride;
                if (zero)
                    work_.zeros.push_back(at);
                else
                    work_.lines.push_back({at, source, phase});
            }
            return;
        }
        const AxisCorrelation& axis = schedule_.axes()[j];
        for_each_position(j, [&](Index q, Index offset) {
            const Sources terms = sources(axis.boundary, axis.source_extent, q);
            const Index count = terms.end() - terms.begin();
            work_.has_sums = work_.has_sums || count > 1 || (count == 1 && terms.begin()->coefficient != 1);
            if (work_.has_sums) return;
            list_lines(j + 1, source + (count == 0 ? 0 : terms.begin()->position * schedule_.source_strides()[j]),
                       work + offset, zero || count == 0);
        });
    }

    void fill_lines(const Real* source, Real* to) const {
        const Index extent = box_.extents.back() + last_axis().reach();
        const bool borders = !work_.has_zeros || last_axis().boundary != Boundary::zero;
        if (!work_.has_zeros)
            for (const Index at : work_.zeros) std::fill_n(to + at, extent, Real(0));
        for (const Line& line : work_.lines) {
            const Phase& phase = work_.phases[static_cast<std::size_t>(line.phase)];
            copy(source + line.source, phase, to + line.work);
            if (!borders) continue;
            fill_border(source + line.source, phase, 0, phase.first, to + line.work, 1, false);
            fill_border(source + line.source, phase, phase.last, extent, to + line.work, 1, false);
        }
    }

    void copy(const Real* source, const Phase& phase, Real* to) const {
        const Index step = last_axis().source_step * correlation_.parts;
        const Index count = phase.last - phase.first;
        if (count == 0) return;
        const Real* const from = source + (phase.begin + phase.first * last_axis().source_step) * correlation_.parts;
        to += phase.first;
        if (step == 1)
            copy_line(from, to, count);
        else if (step == 2)
            tiles_.take_every_second(from, to, count);
        else
            for (Index i = 0; i < count; ++i) to[i] = from[i * step];
    }

    // Fills (or, if `add`, adds `factor` times) what lies at the given place of axis j - 1 along the axes from j on.
    void fill_axis(std::size_t j, const Real* source, Real* to, Index factor, bool add) const {
        if (j + 1 < schedule_.axes().size()) {
            for_each_position(j, [&](Index q, Index offset) { fill_position(j, source, q, to + offset, factor, add); });
            return;
        }
        const Index extent = box_.extents.back() + last_axis().reach();
        for (const Phase& phase : work_.phases) {
            if (factor == 0) { // whatever the source holds
                if (!add) std::fill_n(to, extent, Real(0));
                to += schedule_.layout().phase_stride;
                continue;
            }
            fill_border(source, phase, 0, phase.first, to, factor, add);
            const Real* const from =
                source + (phase.begin + phase.first * last_axis().source_step) * correlation_.parts;
            const Index step = last_axis().source_step * correlation_.parts;
            for (Index i = 0; i < phase.last - phase.first; ++i)
                to[phase.first + i] =
                    (add ? to[phase.first + i] : Real(0)) + static_cast<Real>(factor) * from[i * step];
            fill_border(source, phase, phase.last, extent, to, factor, add);
            to += schedule_.layout().phase_stride;
        }
    }

    // One position q of axis j, which is not the last: the lines it is made of, as its boundary says.
    void fill_position(std::size_t j, const Real* source, Index q, Real* to, Index factor, bool add) const {
        const AxisCorrelation& axis = schedule_.axes()[j];
        if (!add) fill_axis(j + 1, source, to, 0, false);
        for (const Source& term : sources(axis.boundary, axis.source_extent, q))
            fill_axis(j + 1, source + term.position * schedule_.source_strides()[j], to, factor * term.coefficient,
                      true);
    }

    // Positions [first, last) of the last axis, one by one, as its boundary says.
    void fill_border(const Real* source, const Phase& phase, Index first, Index last, Real* to, Index factor,
                     bool add) const {
        const AxisCorrelation& axis = last_axis();
        for (Index i = first; i < last; ++i) {
            Real value = add ? to[i] : Real(0);
            for (const Source& term : sources(axis.boundary, axis.source_extent, phase.begin + i * axis.source_step))
                value += static_cast<Real>(factor * term.coefficient) * source[term.position * correlation_.parts];
            to[i] = value;
        }
    }

    const Schedule& schedule_;
    const Correlation& correlation_;
    const Tiles<Real>& tiles_;
    const Schedule::Box& box_;
    WorkArray<Real>& work_;
};

} // namespace convmat::matrix_free
