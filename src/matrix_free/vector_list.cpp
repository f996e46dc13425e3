#include "vector_list.hpp"

#include <algorithm>
#include <numeric>

#include <convmat/base/positions.hpp>

namespace convmat::matrix_free {
namespace {

// Positions from the first to the last of a run that starts with axis `first`.
Index run_length(const BoxShape& box, std::size_t first) {
    Index length = 1;
    for (std::size_t j = first; j < box.extents.size(); ++j) length += (box.extents[j] - 1) * box.work_strides[j];
    return length;
}

Index run_count(const BoxShape& box, std::size_t first) {
    Index count = 1;
    for (std::size_t j = 0; j < first; ++j) count *= box.extents[j];
    return count;
}

Index vectors_in(Index length, Index lanes) { return (length + lanes - 1) / lanes; }

// The axis from which on runs need the fewest vectors.
std::size_t best_first_axis(const BoxShape& box, Index lanes) {
    const std::size_t least = box.exact_runs ? 1 : 0;
    std::size_t best = least;
    for (std::size_t first = least + 1; first < box.extents.size(); ++first) {
        const Index length = run_length(box, first);
        if (box.exact_runs && length < lanes) break;
        if (run_count(box, first) * vectors_in(length, lanes) <=
            run_count(box, best) * vectors_in(run_length(box, best), lanes))
            best = first;
    }
    return best;
}

// The vectors of one run after the other.
class ListBuilder {
  public:
    ListBuilder(const BoxShape& box, Index lanes, Lines lines)
        : box_(box),
          lanes_(lanes),
          lines_(lines),
          first_(best_first_axis(box, lanes)),
          length_(run_length(box, first_)) {
        list_.extents = box.extents;
    }

    VectorList build() && {
        const Index runs = run_count(box_, first_);
        const Shape before(box_.extents.begin(), box_.extents.begin() + static_cast<std::ptrdiff_t>(first_));
        for (Index run = 0; run < runs; ++run) {
            const Shape at = unravel(run, before);
            const Index work = std::inner_product(at.begin(), at.end(), box_.work_strides.begin(), Index{0});
            const Index dest = std::inner_product(at.begin(), at.end(), box_.dest_strides.begin(), Index{0});
            add_run(work, dest, run * std::max(length_, lanes_));
        }
        list_.stage_size = runs * std::max(length_, lanes_);
        return std::move(list_);
    }

  private:
    // A line within the run: where it begins in the run and in the dest array.
    struct Line {
        Index begin = 0;
        Index dest = 0;
    };

    void add_run(Index work, Index dest, Index stage) {
        collect_lines(dest);
        const std::size_t first_vector = list_.vectors.size();
        // The last vector ends where the run ends, so that nothing after it is read.
        for (Index at = 0; at < length_; at += lanes_) {
            const Index begin = std::clamp<Index>(at, 0, std::max<Index>(length_ - lanes_, 0));
            list_.vectors.push_back({work + begin, direct_dest(begin), stage + begin});
        }
        add_pieces(first_vector, stage);
    }

    void collect_lines(Index dest) {
        run_lines_.assign(1, {0, dest});
        for (std::size_t j = first_; j + 1 < box_.extents.size(); ++j) {
            other_.clear();
            for (const Line& line : run_lines_)
                for (Index i = 0; i < box_.extents[j]; ++i)
                    other_.push_back({line.begin + i * box_.work_strides[j], line.dest + i * box_.dest_strides[j]});
            std::swap(run_lines_, other_);
        }
    }

    // Where a vector may be written as a whole.
    Index direct_dest(Index begin) const {
        if (lines_ == Lines::interleaved) return VectorList::staged;
        const auto after = std::ranges::upper_bound(run_lines_, begin, {}, &Line::begin);
        const Line& line = *(after - 1);
        const bool inside = begin + lanes_ <= line.begin + box_.extents.back();
        return inside ? line.dest + begin - line.begin : VectorList::staged;
    }

    // What no direct vector covers: direct vectors of a line follow each other without a gap.
    void add_pieces(std::size_t first_vector, Index stage) {
        const Index extent = box_.extents.back();
        auto vector = list_.vectors.begin() + static_cast<std::ptrdiff_t>(first_vector);
        for (const Line& line : run_lines_) {
            Index covered_from = extent;
            Index covered_to = extent;
            for (; vector != list_.vectors.end() && vector->stage - stage < line.begin + extent; ++vector) {
                if (vector->dest == VectorList::staged) continue;
                const Index at = vector->stage - stage - line.begin;
                covered_from = std::min(covered_from, at);
                covered_to = at + lanes_;
            }
            add_piece(line, stage, 0, covered_from);
            add_piece(line, stage, covered_to, extent);
        }
    }

    void add_piece(const Line& line, Index stage, Index begin, Index end) {
        if (begin < end) list_.pieces.push_back({stage + line.begin + begin, line.dest + begin, end - begin});
    }

    const BoxShape& box_;
    Index lanes_;
    Lines lines_;
    std::size_t first_;
    Index length_;
    VectorList list_;
    std::vector<Line> run_lines_;
    std::vector<Line> other_;
};

} // namespace

VectorList vector_list(const BoxShape& box, Index lanes, Lines lines) { return ListBuilder(box, lanes, lines).build(); }

} // namespace convmat::matrix_free
