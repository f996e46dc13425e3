#pragma once

#include <cstddef>
#include <vector>

#include "correlation.hpp"
#include "vector_list.hpp"

namespace convmat::matrix_free {

/// What the work array that tiles read looks like: a box of the extended source in memory of the thread's own,
/// [channel][part][source phase][image][extents...], or the source itself where no tap reads outside it.
struct WorkLayout {
    enum class Kind { extended_copy, source };
    Kind kind = Kind::extended_copy;
    std::vector<Index> extents; ///< of one source phase, images first
    std::vector<Index> strides;
    Index phase_stride = 0;
    Index channel_pitch = 0; ///< between parts, and so between channels
    Index size = 0;          ///< values in all
};

/// What a schedule is made for. Strides are between images, in real numbers.
struct Request {
    Index images = 1;
    Index threads = 1;
    Index source_stride = 0;
    Index dest_stride = 0;
    friend bool operator==(const Request&, const Request&) = default;
};

/// How one apply is cut into independent jobs. A job is one box of dest positions (images included) in one group, for
/// one share of its row blocks: it copies the extended source it needs into a cache's worth of memory, and computes.
class Schedule {
  public:
    /// A box: its first position on every axis (counted within a dest phase), and for every combination of dest phases
    /// the number of its vector list, or -1 where the box has no position of that phase. Combinations that differ in
    /// the last axis's phase alone share one list.
    struct Box {
        std::vector<Index> origin;
        std::vector<Index> extents;
        std::vector<Index> lists;
    };

    struct Machine {
        Index lanes = 1;        ///< values in a vector
        Index scalar_bytes = 1; ///< of a value
        Index block_rows = 1;   ///< rows of the largest row block
        Index blocks = 1;       ///< row blocks
    };

    Schedule(const Correlation& correlation, const Machine& machine, const Request& request);

    const Request& request() const { return request_; }
    const std::vector<AxisCorrelation>& axes() const { return axes_; } ///< images first
    const WorkLayout& layout() const { return layout_; }
    const std::vector<std::ptrdiff_t>& offsets(Index dest_phase) const {
        return offsets_[static_cast<std::size_t>(dest_phase)];
    }
    const std::vector<Box>& boxes() const { return boxes_; }
    const VectorList& list(Index number) const { return lists_[static_cast<std::size_t>(number)]; }
    Index row_shares() const { return row_shares_; }
    Index groups() const { return groups_; }
    Index jobs() const { return static_cast<Index>(boxes_.size()) * groups_ * row_shares_; }
    Index stage_size() const { return stage_size_; } ///< values a row and last dest phase takes

    /// No more threads than the work is worth.
    Index useful_threads() const;

    /// Real numbers between neighbours of an axis, in the source and (within a dest phase) in the dest.
    const std::vector<Index>& source_strides() const { return source_strides_; }
    const std::vector<Index>& dest_strides() const { return dest_strides_; }

    /// Where a combination of dest phases begins in dest: each axis's phase times the stride of one position.
    Index dest_offset(Index dest_phase) const { return dest_offsets_[static_cast<std::size_t>(dest_phase)]; }

  private:
    void choose_extents(const Correlation& correlation, const Machine& machine);
    Index work_positions(const std::vector<Index>& extents) const;
    double bytes(const Correlation& correlation, const Machine& machine, const std::vector<Index>& extents) const;
    bool split(std::vector<Index>& extents, Index least_lines, Index reaches, Index lanes) const;
    Index box_count(const std::vector<Index>& extents) const;
    Index shortest_run() const;
    bool fills_runs() const;
    void lay_out(const Correlation& correlation, const Machine& machine);
    void add_boxes(const Correlation& correlation, const Machine& machine);
    Index list_for(const std::vector<Index>& extents, const Machine& machine, Lines lines);

    Request request_;
    std::vector<AxisCorrelation> axes_;
    std::vector<Index> source_strides_;
    std::vector<Index> dest_strides_;
    std::vector<Index> extents_; // of the largest box
    WorkLayout layout_;
    std::vector<std::vector<std::ptrdiff_t>> offsets_;
    std::vector<Index> dest_offsets_;
    std::vector<Box> boxes_;
    std::vector<VectorList> lists_;
    Index groups_ = 1;
    Index row_shares_ = 1;
    Index stage_size_ = 0;
    double cycles_ = 0; // an estimate of all the work
};

} // namespace convmat::matrix_free
