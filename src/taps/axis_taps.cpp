#include <convmat/taps/axis_taps.hpp>

#include <algorithm>
#include <cassert>
#include <numeric>
#include <unordered_map>

#include "axis_taps_builder.hpp"
#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/taps/source_index.hpp>

namespace convmat {
namespace {

using Nonzero = AxisTapsBuilder::Nonzero;
using Window = AxisTapsBuilder::Window;

/// Rows [first, last).
struct Range {
    Index first = 0;
    Index last = 0;
};

Range clip(Index first, Index last, Index rows) {
    const Index begin = std::clamp<Index>(first, 0, rows);
    return {begin, std::clamp<Index>(last, begin, rows)};
}

// The outputs whose whole window lies in the input: 0 <= s u - p  and  s u + k_eff - 1 - p < n.
Range interior_outputs(const Axis& axis) {
    return clip(ceil_div(axis.padding.begin, axis.stride),
                floor_div(axis.input - axis.effective_kernel() + axis.padding.begin, axis.stride) + 1, axis.output);
}

// The taps of output u that fall inside the input: 0 <= s u + d t - p < n.
Range taps_inside(const Axis& axis, Index u) {
    const Index start = axis.stride * u - axis.padding.begin;
    return clip(ceil_div(-start, axis.dilation), floor_div(axis.input - 1 - start, axis.dilation) + 1, axis.kernel);
}

// Throws SizeError when that many rows and entries of a table cannot be kept.
void require_table(Index rows, Index entries) {
    constexpr const char* what = "the tap table of an axis";
    constexpr Index row_bytes = 5 * Index{sizeof(Index)};
    constexpr Index entry_bytes = Index{sizeof(AxisTaps::Entry) + sizeof(Term)};
    require_memory(checked_add(checked_mul(rows, row_bytes, what), checked_mul(entries, entry_bytes, what), what),
                   what);
}

// What differs between W (columns are inputs, weights are taps) and M(x) (the other way round).
enum class Unknown { input, kernel };

Nonzero nonzero(Unknown unknown, Index input, Index tap, Index coefficient) {
    return unknown == Unknown::input ? Nonzero{input, tap, coefficient} : Nonzero{tap, input, coefficient};
}

// The rows u: [0, interior), the interior, [interior, m).
class OutputRows {
  public:
    OutputRows(const Axis& axis, Unknown unknown)
        : axis_(axis),
          unknown_(unknown),
          builder_(axis.output, unknown == Unknown::input ? axis.input : axis.kernel,
                   unknown == Unknown::input ? axis.kernel : axis.input) {}

    AxisTaps build() && {
        const Range interior = interior_outputs(axis_);
        const Index border = axis_.output - (interior.last - interior.first);
        require_table(border, axis_.boundary == Boundary::zero
                                  ? axis_.kernel
                                  : checked_mul(border + 1, axis_.kernel, "entries of a tap table"));
        inside_ = add_inside_window();
        keep_border({0, interior.first});
        if (interior.first < interior.last) {
            keep_inside(interior.first, {0, axis_.kernel});
            const bool moves_columns = unknown_ == Unknown::input;
            builder_.end_run(interior.last - interior.first, moves_columns ? axis_.stride : 0,
                             moves_columns ? 0 : axis_.stride);
        }
        keep_border({interior.last, axis_.output});
        return std::move(builder_).finish();
    }

  private:
    // The entries of an output all of whose taps fall inside, as output 0 would have them.
    Window add_inside_window() {
        std::vector<Nonzero> nonzeros;
        for (Index t = 0; t < axis_.kernel; ++t)
            nonzeros.push_back(nonzero(unknown_, axis_.dilation * t - axis_.padding.begin, t, 1));
        return builder_.add_entries(nonzeros);
    }

    void keep_inside(Index u, Range taps) {
        const Index shift = axis_.stride * u;
        const Window window = {inside_.first + taps.first, taps.last - taps.first};
        if (unknown_ == Unknown::input)
            builder_.keep_row(window, shift, 0);
        else
            builder_.keep_row(window, 0, shift);
    }

    void keep_border(Range outputs) {
        for (Index u = outputs.first; u < outputs.last; ++u) {
            if (axis_.boundary == Boundary::zero)
                keep_inside(u, taps_inside(axis_, u));
            else
                keep_extended(u);
        }
        builder_.end_run(outputs.last - outputs.first);
    }

    void keep_extended(Index u) {
        std::vector<Nonzero> nonzeros;
        for (Index t = 0; t < axis_.kernel; ++t)
            for (const Source& source :
                 sources(axis_.boundary, axis_.input, axis_.stride * u + axis_.dilation * t - axis_.padding.begin))
                nonzeros.push_back(nonzero(unknown_, source.position, t, source.coefficient));
        builder_.keep_row(builder_.add_entries(nonzeros));
    }

    const Axis& axis_;
    Unknown unknown_;
    AxisTapsBuilder builder_;
    Window inside_;
};

// The inputs that no position outside the input refers to, but perhaps for some in the middle: the border reaches from
// both ends.
Range unextended_inputs(const Axis& axis) {
    const Index n = axis.input;
    Range inner = {0, n};
    if (axis.boundary == Boundary::zero) return inner;
    const auto touch = [&](Index q) {
        for (const Source& source : sources(axis.boundary, n, q)) {
            if (source.position < n / 2)
                inner.first = std::max(inner.first, source.position + 1);
            else
                inner.last = std::min(inner.last, source.position);
        }
    };
    // Every boundary repeats after at most 2 n positions, and replicate after one, so these refer to all that any
    // number of them does.
    const Index most = axis.boundary == Boundary::replicate ? 1 : 2 * n;
    const auto reach = [most](Index padding) { return std::clamp<Index>(padding, 0, most); };
    require_table(std::min(n, std::max(reach(axis.padding.begin), reach(axis.padding.end))), 0); // they are border rows
    for (Index q = -reach(axis.padding.begin); q < 0 && inner.first < inner.last; ++q) touch(q);
    for (Index q = n + reach(axis.padding.end) - 1; q >= n && inner.first < inner.last; --q) touch(q);
    return inner;
}

// The inputs i whose every tap comes from an output that exists and from nowhere else:
// i - (k_eff - 1) + p >= 0  and  i + p <= s (m - 1), outside the reach of the boundary.
Range interior_inputs(const Axis& axis) {
    const Range inner = unextended_inputs(axis);
    return clip(std::max(inner.first, axis.effective_kernel() - 1 - axis.padding.begin),
                std::min(inner.last, axis.stride * (axis.output - 1) - axis.padding.begin + 1), axis.input);
}

// The rows i of the transpose: i = s u + d t - p, so u runs up while t runs down, and rows s apart are alike.
class InputRows {
  public:
    explicit InputRows(const Axis& axis)
        : axis_(axis),
          interior_(interior_inputs(axis)),
          tap_step_(axis.stride / std::gcd(axis.stride, axis.dilation)),
          builder_(axis.input, axis.output, axis.kernel) {}

    AxisTaps build() && {
        const Index phases = std::min(axis_.stride, axis_.input);
        require_table(axis_.input - (interior_.last - interior_.first) + phases, axis_.kernel);
        for (Index t = 0; t < std::min(axis_.kernel, tap_step_); ++t)
            first_taps_[axis_.dilation * t % axis_.stride] = t;
        if (axis_.boundary != Boundary::zero) gather_border();
        for (Index phase = 0; phase < phases; ++phase) phases_.push_back(add_phase(phase));
        keep_border({0, interior_.first});
        keep_interior();
        keep_border({interior_.last, axis_.input});
        return std::move(builder_).finish();
    }

  private:
    // Every u (also outside 0..m-1) and t that meet at i, for the first i of a phase.
    Window add_phase(Index i) {
        std::vector<Nonzero> nonzeros;
        for (Index t = first_tap(i); t < axis_.kernel; t += tap_step_)
            nonzeros.push_back({(i + axis_.padding.begin - axis_.dilation * t) / axis_.stride, t, 1});
        return builder_.add_entries(nonzeros);
    }

    // The least t >= 0 with d t = i + p (mod s), or k.
    Index first_tap(Index i) const {
        const auto found = first_taps_.find(floor_mod(i + axis_.padding.begin, axis_.stride));
        return found == first_taps_.end() ? axis_.kernel : found->second;
    }

    // Of the phase's entries, whose columns ascend, those with 0 <= u < m.
    Window inside_window(Index i) const {
        const Window all = phases_[static_cast<std::size_t>(i % axis_.stride)];
        const Index shift = i / axis_.stride;
        const auto entries = builder_.entries(all);
        const auto before = [&](Index u) {
            return std::ranges::lower_bound(entries, u - shift, {}, &AxisTaps::Entry::column) - entries.begin();
        };
        return {all.first + before(0), before(axis_.output) - before(0)};
    }

    void keep_interior() {
        const Index rows = interior_.last - interior_.first;
        for (Index i = interior_.first; i < interior_.first + std::min(rows, axis_.stride); ++i)
            builder_.keep_row(inside_window(i), i / axis_.stride);
        builder_.end_run(rows, 1);
    }

    void keep_border(Range inputs) {
        for (Index i = inputs.first; i < inputs.last; ++i) {
            if (axis_.boundary == Boundary::zero)
                builder_.keep_row(inside_window(i), i / axis_.stride);
            else
                builder_.keep_row(builder_.add_entries(border_[border_index(i)]));
        }
        builder_.end_run(inputs.last - inputs.first);
    }

    // Border inputs are numbered 0.. from the first, the interior left out.
    std::size_t border_index(Index i) const {
        return static_cast<std::size_t>(i < interior_.first ? i : i - (interior_.last - interior_.first));
    }

    void gather_border() {
        const AxisTaps forward = AxisTaps::forward(axis_);
        border_.resize(static_cast<std::size_t>(axis_.input - (interior_.last - interior_.first)));
        const Range skipped = outputs_that_read_only_the_interior();
        for (Index u = 0; u < axis_.output; ++u) {
            if (u == skipped.first && skipped.first < skipped.last) u = skipped.last;
            if (u < axis_.output) gather(u, forward);
        }
    }

    Range outputs_that_read_only_the_interior() const {
        const Range whole = interior_outputs(axis_);
        const Index p = axis_.padding.begin;
        const Range reading =
            clip(ceil_div(interior_.first + p, axis_.stride),
                 floor_div(interior_.last - axis_.effective_kernel() + p, axis_.stride) + 1, axis_.output);
        return {std::max(whole.first, reading.first), std::min(whole.last, reading.last)};
    }

    void gather(Index u, const AxisTaps& forward) {
        const AxisTaps::Row row = forward.row(u);
        for (const AxisTaps::Entry& entry : row.entries) {
            const Index i = entry.column + row.column_shift;
            if (i >= interior_.first && i < interior_.last) continue;
            for (const Term& term : forward.terms(entry))
                border_[border_index(i)].push_back({u, term.weight, term.coefficient});
        }
    }

    const Axis& axis_;
    Range interior_;
    Index tap_step_; // taps a multiple of s / gcd(s, d) apart meet at the same inputs
    AxisTapsBuilder builder_;
    std::unordered_map<Index, Index> first_taps_; // the least t for each d t mod s
    std::vector<Window> phases_;
    std::vector<std::vector<Nonzero>> border_;
};

} // namespace

AxisTaps AxisTaps::forward(const Axis& axis) { return OutputRows(axis, Unknown::input).build(); }

AxisTaps AxisTaps::kernel_unknown(const Axis& axis) { return OutputRows(axis, Unknown::kernel).build(); }

AxisTaps AxisTaps::transposed(const Axis& axis) { return InputRows(axis).build(); }

const AxisTaps::Run& AxisTaps::run_of(Index row) const {
    assert(row >= 0 && row < rows_);
    return *std::ranges::find_if(runs_, [row](const Run& run) { return row < run.end(); });
}

AxisTaps::Row AxisTaps::row(Index row) const {
    const Run& run = run_of(row);
    const Index cycle = (row - run.first) / run.period;
    const KeptRow& kept = kept_[static_cast<std::size_t>(run.first_kept + (row - run.first) % run.period)];
    return {{entries_.data() + kept.first_entry, static_cast<std::size_t>(kept.count)},
            kept.column_shift + cycle * run.column_step,
            kept.weight_shift + cycle * run.weight_step};
}

Index AxisTaps::entries_before(Index row) const {
    if (row == rows_) return total_;
    const Run& run = run_of(row);
    const Index cycle = (row - run.first) / run.period;
    const KeptRow& kept = kept_[static_cast<std::size_t>(run.first_kept + (row - run.first) % run.period)];
    return run.entries_before + cycle * run.entries_per_period + kept.entries_before;
}

} // namespace convmat
