#include "spy_cells.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <convmat/base/error.hpp>

#include <convmat/base/parallel.hpp>

namespace convmat::picture {
namespace {

constexpr Index piece_entries = Index{1} << 15; // what a thread reads at a time, to stay in its cache

// Where the cells of a stretch begin, to be walked along with ascending indices.
class Boundaries {
  public:
    explicit Boundaries(const Stretch& stretch) : begins_(static_cast<std::size_t>(stretch.cells()) + 1) {
        for (Index cell = 0; cell <= stretch.cells(); ++cell)
            begins_[static_cast<std::size_t>(cell)] = stretch.begin_of(cell);
    }

    /// The cell of `index`, which lies in the stretch; `hint` is a cell at or before it.
    Index cell_of(Index index, Index hint) const {
        const auto next = begins_.begin() + hint + 1;
        if (index < *next) return hint;
        return std::upper_bound(next, begins_.end(), index) - begins_.begin() - 1;
    }
    Index begin(Index cell) const { return begins_[static_cast<std::size_t>(cell)]; }
    Index end(Index cell) const { return begin(cell + 1); }

  private:
    std::vector<Index> begins_;
};

// Entries first .. last - 1 of a line, all in one cell.
void add(SpyCell& cell, const detail::SparseLines& lines, std::size_t first, std::size_t last, Index line,
         bool is_row) {
    double most = cell.entries == 0 ? -1 : std::abs(cell.value);
    std::size_t largest = last;
    for (std::size_t i = first; i < last; ++i) {
        const double magnitude = std::abs(lines.values[i]);
        if (magnitude <= most) continue;
        if (!std::isfinite(magnitude))
            throw ArgumentError({.parameter = "matrix",
                                 .value = concat(lines.values[i]),
                                 .expected = "a finite value",
                                 .found = concat("spy: an entry is ", lines.values[i])});
        most = magnitude;
        largest = i;
    }
    cell.entries += static_cast<Index>(last - first);
    if (largest == last) return;
    cell.row = is_row ? line : lines.inner[largest];
    cell.col = is_row ? lines.inner[largest] : line;
    cell.value = lines.values[largest];
}

// A band of lines that fall into one row (or column) of cells.
class Band {
  public:
    Band(const detail::LineSource& matrix, const Boundaries& lines, const Boundaries& inner, const Stretch& across)
        : matrix_(matrix),
          lines_(lines),
          inner_(inner),
          across_(across) {}

    /// The cells of band `band`, one after the other.
    std::vector<SpyCell> cells(Index band) const {
        std::vector<SpyCell> cells(static_cast<std::size_t>(across_.cells()));
        const Index all = matrix_.lines_are_rows ? matrix_.rows : matrix_.cols;
        const Index step = std::max<Index>(1, piece_entries / (matrix_.entries / all + 1));
        detail::SparseLines piece;
        for (Index first = lines_.begin(band); first < lines_.end(band); first += step) {
            matrix_.read(first, std::min(first + step, lines_.end(band)), piece);
            add_lines(first, piece, cells);
        }
        return cells;
    }

  private:
    void add_lines(Index first, const detail::SparseLines& piece, std::vector<SpyCell>& cells) const {
        for (std::size_t line = 0; line + 1 < piece.offsets.size(); ++line) {
            const auto begin = piece.inner.begin() + piece.offsets[line];
            const auto end =
                std::lower_bound(begin, piece.inner.begin() + piece.offsets[line + 1], across_.first + across_.shown);
            Index cell = 0;
            for (auto from = std::lower_bound(begin, end, across_.first); from != end;) {
                cell = inner_.cell_of(*from, cell);
                const Index limit = inner_.end(cell);
                const auto to = std::find_if(from, end, [limit](Index at) { return at >= limit; });
                add(cells[static_cast<std::size_t>(cell)], piece, static_cast<std::size_t>(from - piece.inner.begin()),
                    static_cast<std::size_t>(to - piece.inner.begin()), first + static_cast<Index>(line),
                    matrix_.lines_are_rows);
                from = to;
            }
        }
    }

    const detail::LineSource& matrix_;
    const Boundaries& lines_;
    const Boundaries& inner_;
    const Stretch& across_;
};

} // namespace

Index SpyCells::most_entries() const { return std::ranges::max(cells, {}, &SpyCell::entries).entries; }

double SpyCells::largest() const {
    double largest = 0;
    for (const SpyCell& cell : cells) largest = std::max(largest, std::abs(cell.value));
    return largest;
}

SpyCells collect(const detail::LineSource& matrix, const Stretch& rows, const Stretch& cols) {
    SpyCells result = {rows, cols, std::vector<SpyCell>(static_cast<std::size_t>(rows.cells() * cols.cells()))};
    const Stretch& along = matrix.lines_are_rows ? rows : cols;
    const Stretch& across = matrix.lines_are_rows ? cols : rows;
    const Boundaries lines(along), inner(across);
    const Band band(matrix, lines, inner, across);
    parallel_for(along.cells(), [&](Index b) {
        const std::vector<SpyCell> cells = band.cells(b);
        for (Index c = 0; c < across.cells(); ++c) {
            const Index at = matrix.lines_are_rows ? b * cols.cells() + c : c * cols.cells() + b;
            result.cells[static_cast<std::size_t>(at)] = cells[static_cast<std::size_t>(c)];
        }
    });
    return result;
}

} // namespace convmat::picture
