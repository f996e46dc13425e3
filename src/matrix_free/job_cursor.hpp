#pragma once

#include "schedule.hpp"

namespace convmat::matrix_free {

/// Walks over the jobs of a schedule in their order: shares of the row blocks within groups within boxes. Knows where
/// the job's source and dest begin, in real numbers from the first.
class JobCursor {
  public:
    JobCursor(const Schedule& schedule, const Correlation& correlation, Index job)
        : schedule_(schedule),
          source_group_(correlation.source_channels * correlation.source_size() * correlation.parts),
          dest_group_(correlation.dest_channels * correlation.dest_size() * correlation.parts),
          share_(job % schedule.row_shares()),
          group_(job / schedule.row_shares() % schedule.groups()) {
        enter_box(job / schedule.row_shares() / schedule.groups());
    }

    void next() {
        if (++share_ < schedule_.row_shares()) return;
        share_ = 0;
        if (++group_ < schedule_.groups()) return;
        group_ = 0;
        if (box_number_ + 1 < std::ssize(schedule_.boxes())) enter_box(box_number_ + 1);
    }

    Index share() const { return share_; }
    Index group() const { return group_; }
    Index box_number() const { return box_number_; }
    const Schedule::Box& box() const { return *box_; }
    Index without_share() const { return box_number_ * schedule_.groups() + group_; } ///< counts boxes' groups

    Index group_begin() const { return group_ * source_group_; }            ///< of the group, in the source
    Index source_begin() const { return group_begin() + source_begin_; }    ///< of the box in that group
    Index dest_begin() const { return group_ * dest_group_ + dest_begin_; } ///< of the box in the group's dest

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

    const Schedule& schedule_;
    Index source_group_; // values from one group to the next
    Index dest_group_;
    Index share_;
    Index group_;
    Index box_number_ = 0;
    const Schedule::Box* box_ = nullptr;
    Index source_begin_ = 0; // of the box
    Index dest_begin_ = 0;
};

} // namespace convmat::matrix_free
