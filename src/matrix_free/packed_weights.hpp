#pragma once

#include <vector>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>

#include "correlation.hpp"
#include "row_blocks.hpp"

namespace convmat::matrix_free {

/// The weights in the order in which tiles read them: [group][dest phase][row block][source channel][part][tap][row].
template <class Real>
class PackedWeights {
  public:
    /// `kernel` has shape (O, C/g, k...), correlation.parts real numbers a value.
    PackedWeights(const Correlation& correlation, const Real* kernel, bool conjugated,
                  const std::vector<RowBlock>& blocks)
        : correlation_(correlation),
          kernel_(kernel),
          conjugated_(conjugated) {
        for (const Index extent : correlation.kernel) kernel_size_ *= extent;
        const std::vector<Index> strides(correlation.axes.size(), 0);
        for (Index phase = 0; phase < correlation.dest_phases(); ++phase) {
            std::vector<Index>& taps = taps_.emplace_back();
            for_each_tap(correlation, correlation.phase_of(phase), strides, 0,
                         [&](Index tap, Index) { taps.push_back(tap); });
        }
        Index all_taps = 0;
        for (const std::vector<Index>& of_phase : taps_) all_taps += std::ssize(of_phase);
        constexpr const char* what = "ConvOperator: packed weights";
        const Index pairs = correlation.groups * correlation.source_channels * correlation.parts * correlation.rows();
        const Index values = checked_mul(pairs, all_taps, what);
        require_memory(checked_mul(values, Index{sizeof(Real)}, what), what);
        values_.reserve(static_cast<std::size_t>(values));
        for (Index group = 0; group < correlation.groups; ++group)
            for (const std::vector<Index>& taps : taps_)
                for (const RowBlock& block : blocks) pack(group, taps, block);
        blocks_ = static_cast<Index>(blocks.size());
        kernel_ = nullptr;
    }

    const Real* block(Index group, Index dest_phase, Index block) const {
        return values_.data() + begins_[static_cast<std::size_t>(
                                    (group * static_cast<Index>(taps_.size()) + dest_phase) * blocks_ + block)];
    }

  private:
    void pack(Index group, const std::vector<Index>& taps, const RowBlock& block) {
        begins_.push_back(values_.size());
        for (Index channel = 0; channel < correlation_.source_channels; ++channel)
            for (Index part = 0; part < correlation_.parts; ++part)
                for (const Index tap : taps)
                    for (Index row = block.first; row < block.first + block.rows; ++row)
                        values_.push_back(weight(group, row, channel, part, tap));
    }

    // What row gets from one part of a source value: a complex weight is the matrix  re -im  of parts.
    //                                                                                im  re
    Real weight(Index group, Index row, Index channel, Index part, Index tap) const {
        const Index parts = correlation_.parts;
        const Index dest = row / parts;
        const Index source_channels = correlation_.source_channels;
        const Index dest_channels = correlation_.dest_channels;
        const Index pair = correlation_.backward ? (group * source_channels + channel) * dest_channels + dest
                                                 : (group * dest_channels + dest) * source_channels + channel;
        const Real* const value = kernel_ + (pair * kernel_size_ + tap) * parts;
        const Index dest_part = row % parts;
        if (dest_part == part) return value[0];
        const bool minus = (part == 1) != conjugated_;
        return minus ? static_cast<Real>(-value[1]) : value[1];
    }

    const Correlation& correlation_;
    const Real* kernel_;
    bool conjugated_;
    Index kernel_size_ = 1;
    Index blocks_ = 0;
    std::vector<std::vector<Index>> taps_;
    std::vector<std::size_t> begins_;
    std::vector<Real> values_;
};

} // namespace convmat::matrix_free
