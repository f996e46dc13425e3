#include "nested_dissection.hpp"

#include <algorithm>

#include <convmat/base/checked.hpp>
#include <convmat/structure/sparse.hpp>

namespace convmat::solve {
namespace {

constexpr Index small_box = 32; // positions that are not split any further

struct Range {
    Index first = 0;
    Index end = 0;
    Index size() const { return end - first; }
};

using Box = std::vector<Range>;

class Dissection {
  public:
    explicit Dissection(const Grid& grid) : grid_(grid), positions_(checked_product(grid.extents, "positions")) {
        order_.reserve(static_cast<std::size_t>(checked_mul(positions_, grid.channels, "unknowns")));
    }

    std::vector<std::int64_t> order() && {
        Box all;
        for (const Index extent : grid_.extents) all.push_back({0, extent});
        for (group_ = 0; group_ < grid_.groups; ++group_) cut_open(all, 0);
        return std::move(order_);
    }

  private:
    // A periodic axis is cut at its beginning; the cut comes last.
    void cut_open(Box box, std::size_t j) {
        if (j == box.size()) {
            split(box);
            return;
        }
        const Index width = grid_.widths[j];
        if (!grid_.periodic[j] || width == 0 || box[j].size() <= 2 * width) {
            cut_open(box, j + 1);
            return;
        }
        Box cut = box;
        cut[j].end = cut[j].first + width;
        box[j].first = cut[j].end;
        cut_open(box, j + 1);
        append(cut);
    }

    // The axis on which the separator is the smallest part of the box.
    std::size_t axis_of(const Box& box) const {
        std::size_t best = box.size();
        double most = 2;
        for (std::size_t j = 0; j < box.size(); ++j) {
            const auto width = static_cast<double>(std::max<Index>(1, grid_.widths[j]));
            const double ratio = static_cast<double>(box[j].size()) / width;
            if (ratio > most) {
                most = ratio;
                best = j;
            }
        }
        return best;
    }

    void split(const Box& box) {
        Index size = 1;
        for (const Range& range : box) size *= range.size();
        const std::size_t j = axis_of(box);
        if (size <= small_box || j == box.size()) {
            append(box);
            return;
        }
        const Index width = grid_.widths[j];
        const Index middle = box[j].first + (box[j].size() - width) / 2;
        Box before = box, between = box, behind = box;
        before[j].end = between[j].first = middle;
        between[j].end = behind[j].first = middle + width;
        split(before);
        split(behind);
        if (width > 0) append(between);
    }

    void append(const Box& box) {
        Shape extents;
        for (const Range& range : box) extents.push_back(range.size());
        const Index channels = grid_.channels / grid_.groups;
        for_each_position(extents, [&](const Shape& at) {
            Index position = 0;
            for (std::size_t j = 0; j < at.size(); ++j) position = position * grid_.extents[j] + box[j].first + at[j];
            for (Index c = 0; c < channels; ++c) order_.push_back((group_ * channels + c) * positions_ + position);
        });
    }

    const Grid& grid_;
    Index positions_;
    Index group_ = 0;
    std::vector<std::int64_t> order_;
};

} // namespace

std::vector<std::int64_t> nested_dissection(const Grid& grid) { return Dissection(grid).order(); }

} // namespace convmat::solve
