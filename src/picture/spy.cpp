#include <convmat/picture/spy.hpp>

#include <algorithm>
#include <complex>
#include <cstdint>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>

#include <convmat/base/error.hpp>
#include <convmat/matrix/row_fill.hpp>
#include <convmat/matrix/row_plan.hpp>

#include "cell_texts.hpp"
#include "positions.hpp"
#include "spy_cells.hpp"
#include "svg.hpp"
#include "tap_colours.hpp"

namespace convmat::detail {
namespace {

using namespace picture;

// A layer's matrix, whose rows are made as they are read.
template <class Scalar>
LineSource lines_of(const RowPlan& plan, const Tensor<Scalar>& kernel) {
    const auto read = [&plan, &kernel](Index first, Index last, SparseLines& lines) {
        const auto entries = static_cast<std::size_t>(plan.entries_before(last) - plan.entries_before(first));
        lines.offsets.resize(static_cast<std::size_t>(last - first) + 1);
        lines.inner.resize(entries);
        lines.values.resize(entries);
        if constexpr (std::is_same_v<Scalar, double>) {
            RowFill<Scalar, Index>::rows(plan, kernel.data(), first, last, lines.offsets.data(), lines.inner.data(),
                                         lines.values.data());
        } else {
            std::vector<Scalar> values(entries);
            RowFill<Scalar, Index>::rows(plan, kernel.data(), first, last, lines.offsets.data(), lines.inner.data(),
                                         values.data());
            std::ranges::transform(values, lines.values.begin(), [](const Scalar& value) { return shown(value); });
        }
    };
    return {plan.rows(), plan.cols(), plan.nnz(), true, read};
}

// A matrix that is to be shown: where it is read from, and what its rows and columns are called.
struct Subject {
    LineSource lines;
    std::string name;
    Shape row_shape;
    Shape col_shape;
    std::string row_name = "row";
    std::string col_name = "column";
    const ConvGeometry* geometry = nullptr; // of a layer's matrix
    const TapColours* taps = nullptr;       // likewise
    Form form = Form::matrix;
};

Subject subject_of(const ConvGeometry& geometry, const TapColours& taps, LineSource lines, Form form) {
    const bool forward = form == Form::matrix;
    const Shape& in = geometry.input_shape();
    const Shape& out = geometry.output_shape();
    const std::string output = position_name("output", 'o', 'u', out);
    const std::string input = position_name("input", 'c', 'i', in);
    return {std::move(lines),
            forward ? "W" : "Wᵀ",
            forward ? out : in,
            forward ? in : out,
            forward ? output : input,
            forward ? input : output,
            &geometry,
            &taps,
            form};
}

constexpr Index most_lines_of_matrix = 10'000'000'000; // about a minute, as so many entries

// Of a matrix that is small enough: what comes before its entries are counted grows with its rows, too.
RowPlan plan_of(const ConvGeometry& geometry, Form form) {
    if (const Index rows = form == Form::matrix ? geometry.rows() : geometry.cols(); rows > most_lines_of_matrix)
        throw SizeError({.parameter = "geometry",
                         .value = concat(rows, " rows"),
                         .expected = concat("at most ", most_lines_of_matrix),
                         .found = concat("spy: a matrix of ", rows, " rows")});
    return form == Form::matrix ? RowPlan::matrix(geometry) : RowPlan::transpose(geometry);
}

SpyColour chosen(SpyColour colour, bool exact, bool layer) {
    if (!layer && (colour == SpyColour::tap || colour == SpyColour::channels))
        throw ArgumentError({.parameter = "colour",
                             .value = colour == SpyColour::tap ? "tap" : "channels",
                             .expected = "a layer that it belongs to",
                             .found = "spy: colours by tap or channels of a matrix"});
    if (colour != SpyColour::automatic) return colour;
    if (!exact) return SpyColour::density;
    return layer ? SpyColour::tap : SpyColour::value;
}

// The colour of a pair of channels of one group.
int colour_of_pair(const ConvGeometry& geometry, Index out, Index in) {
    const Index member = in % geometry.in_channels_per_group();
    return grid_colour(geometry.out_channels(), geometry.in_channels_per_group(), out, member);
}

// The colours of the cells of one kind.
class CellColours {
  public:
    CellColours(const Subject& subject, SpyColour colour, double largest, Index most_entries)
        : subject_(subject),
          colour_(colour),
          largest_(largest),
          most_(static_cast<double>(most_entries)) {}

    Palette palette() const {
        switch (colour_) {
        case SpyColour::value:
            return Palette::diverging;
        case SpyColour::density:
            return Palette::sequential;
        case SpyColour::automatic: // has become one of the others
        case SpyColour::tap:
        case SpyColour::channels:
            break;
        }
        return Palette::categories;
    }

    int of(const SpyCell& cell) const {
        if (cell.entries == 0) return no_colour;
        switch (colour_) {
        case SpyColour::value:
            return diverging_colour(cell.value, largest_);
        case SpyColour::density:
            return sequential_colour(static_cast<double>(cell.entries) / most_);
        case SpyColour::automatic:
        case SpyColour::tap:
        case SpyColour::channels:
            break;
        }
        return of_entry(cell);
    }

  private:
    // By the tap or the channels of a layer's entry.
    int of_entry(const SpyCell& cell) const {
        const bool forward = subject_.form == Form::matrix;
        const Index row = forward ? cell.row : cell.col;
        const Index col = forward ? cell.col : cell.row;
        const ConvGeometry& geometry = *subject_.geometry;
        if (colour_ == SpyColour::tap) return subject_.taps->of_entry(row, col, cell.value);
        return colour_of_pair(geometry, row / geometry.output_size(), col / geometry.input_size());
    }

    const Subject& subject_;
    SpyColour colour_;
    double largest_;
    double most_;
};

std::vector<std::string> texts_of(const SpyCells& cells) {
    constexpr Index most_rows = 40, most_cols = 26;
    if (!cells.is_exact() || cells.rows.cells() > most_rows || cells.cols.cells() > most_cols) return {};
    std::vector<double> values;
    for (const SpyCell& cell : cells.cells) values.push_back(cell.value);
    std::vector<std::string> texts = cell_texts(values);
    for (std::size_t i = 0; i < texts.size(); ++i)
        if (cells.cells[i].entries == 0) texts[i].clear();
    return texts;
}

Panel panel_of(const Subject& subject, const SpyCells& cells, const CellColours& colours) {
    Panel panel = {.rows = cells.rows.cells(), .cols = cells.cols.cells(), .palette = colours.palette()};
    for (const SpyCell& cell : cells.cells) panel.colours.push_back(colours.of(cell));
    panel.texts = texts_of(cells);
    panel.row_axis = subject.row_name;
    panel.col_axis = subject.col_name;
    panel.row_ticks = position_ticks(subject.row_shape, cells.rows);
    panel.col_ticks = position_ticks(subject.col_shape, cells.cols);
    panel.row_lines = block_lines(subject.row_shape, cells.rows);
    panel.col_lines = block_lines(subject.col_shape, cells.cols);
    return panel;
}

std::string size_of(const Subject& s) {
    const auto count = [](Index n) { return number(static_cast<double>(n), 15); };
    const std::string entries = s.lines.entries == 1 ? " entry stored" : " entries stored";
    return count(s.lines.rows) + " × " + count(s.lines.cols) + ", " + count(s.lines.entries) + entries;
}

// `blocks` blocks of rows and of columns about the middle of the matrix, where its entries are.
std::pair<Stretch, Stretch> middle_of(const Subject& subject, Index blocks, Index row_block, Index col_block) {
    const LineSource& lines = subject.lines;
    SparseLines line;
    const Index middle = (lines.lines_are_rows ? lines.rows : lines.cols) / 2;
    lines.read(middle, middle + 1, line);
    const Index across = lines.lines_are_rows ? lines.cols : lines.rows;
    const Index about = line.inner.empty() ? across / 2 : line.inner[line.inner.size() / 2];
    const auto around = [=](Index at, Index extent, Index block) {
        const Index shown = std::min(extent / block, blocks);
        const Index first = std::clamp<Index>(at / block - shown / 2, 0, extent / block - shown);
        return Stretch{extent, first * block, shown * block, block};
    };
    return {around(lines.lines_are_rows ? middle : about, lines.rows, row_block),
            around(lines.lines_are_rows ? about : middle, lines.cols, col_block)};
}

// Where the matrix of an image is larger than the picture: a row of outputs by a row of inputs in a cell.
Panel blocks_panel(const Subject& subject) {
    constexpr Index most = 16;
    const auto [rows, cols] = middle_of(subject, most, subject.row_shape.back(), subject.col_shape.back());
    const SpyCells cells = collect(subject.lines, rows, cols);
    Panel panel = panel_of(subject, cells, CellColours(subject, SpyColour::density, 1, cells.most_entries()));
    panel.texts.clear();
    panel.row_lines.clear();
    panel.col_lines.clear();
    panel.title = "a row of outputs by a row of inputs: up to " +
                  number(static_cast<double>(cells.most_entries()), 12) + " entries a cell";
    return panel;
}

Panel detail_panel(const Subject& subject, SpyColour colour, double largest) {
    constexpr Index most = 40;
    const auto [rows, cols] = middle_of(subject, most, 1, 1);
    const SpyCells cells = collect(subject.lines, rows, cols);
    const SpyColour of_entries = colour != SpyColour::density  ? colour
                                 : subject.geometry != nullptr ? SpyColour::tap
                                                               : SpyColour::value;
    Panel panel = panel_of(subject, cells, CellColours(subject, of_entries, largest, 1));
    panel.texts.clear();
    panel.title = std::to_string(rows.shown) + " × " + std::to_string(cols.shown) + " entries, one a cell";
    return panel;
}

Ramp ramp_of(SpyColour colour, double largest, Index most) {
    if (colour == SpyColour::value)
        return {Palette::diverging, number(-largest, 4), number(largest, 4), "0, where it is stored"};
    return {Palette::sequential, "1 entry in a cell", number(static_cast<double>(most), 12)};
}

std::vector<KeyEntry> channel_key(const ConvGeometry& geometry) {
    constexpr Index most = 24;
    std::vector<KeyEntry> key;
    for (Index o = 0; o < geometry.out_channels(); ++o)
        for (Index c = 0; c < geometry.in_channels_per_group(); ++c) {
            if (std::ssize(key) == most)
                return key.push_back({Palette::categories, TapColours::of_several(), "…"}), key;
            const Index in = o / geometry.out_channels_per_group() * geometry.in_channels_per_group() + c;
            key.push_back({Palette::categories, colour_of_pair(geometry, o, in),
                           "output channel " + std::to_string(o) + ", input channel " + std::to_string(in)});
        }
    return key;
}

std::string meaning_of(SpyColour colour) {
    switch (colour) {
    case SpyColour::value:
        return "The colour of a cell is its entry. Blank: nothing is stored.";
    case SpyColour::channels:
        return "The colour of a cell is the pair of channels it joins. Blank: nothing is stored.";
    case SpyColour::density:
        return "The stronger the colour of a cell, the more entries it holds. Blank: nothing is stored.";
    case SpyColour::automatic: // has become one of the others
    case SpyColour::tap:
        break;
    }
    return "One colour is one position of K, wherever in W it stands. Blank: nothing is stored.";
}

void require_drawable(const LineSource& lines, const SpyOptions& options) {
    if (lines.rows < 1 || lines.cols < 1)
        throw ArgumentError({.parameter = "matrix",
                             .value = concat(lines.rows, "x", lines.cols),
                             .expected = "at least one of each",
                             .found = concat("spy: a matrix of ", lines.rows, " rows and ", lines.cols, " columns")});
    constexpr Index most_cells = 10'000'000;
    if (lines.entries > most_lines_of_matrix)
        throw SizeError({.parameter = "matrix",
                         .value = concat(lines.entries, " entries"),
                         .expected = concat("at most ", most_lines_of_matrix),
                         .found = concat("spy: a matrix of ", lines.entries, " entries")});
    if (const Index count = lines.lines_are_rows ? lines.rows : lines.cols; count > most_lines_of_matrix) {
        const std::string value = concat(count, lines.lines_are_rows ? " rows" : " columns");
        throw SizeError({.parameter = "matrix",
                         .value = value,
                         .expected = concat("at most ", most_lines_of_matrix),
                         .found = concat("spy: a matrix of ", value)});
    }
    if (options.most_rows < 1 || options.most_cols < 1)
        throw ArgumentError({.parameter = options.most_rows < 1 ? "most_rows" : "most_cols",
                             .value = concat(options.most_rows < 1 ? options.most_rows : options.most_cols),
                             .expected = "at least one row and one column",
                             .found = concat("spy: ", options.most_rows, "x", options.most_cols, " cells")});
    const Index rows = std::min(options.most_rows, lines.rows), cols = std::min(options.most_cols, lines.cols);
    if (rows > most_cells / cols)
        throw SizeError({.parameter = "most_rows",
                         .value = concat(rows, "x", cols, " cells"),
                         .expected = concat("at most ", most_cells),
                         .found = concat("spy: ", rows, "x", cols, " cells")});
}

// A whole matrix in its cells, and what its colours mean.
class Whole {
  public:
    Whole(Subject subject, const SpyOptions& options) : subject_(std::move(subject)) {
        require_drawable(subject_.lines, options);
        const bool square = subject_.lines.rows == subject_.lines.cols; // so that diagonals run through corners
        const Index most_rows = square ? std::min(options.most_rows, options.most_cols) : options.most_rows;
        cells_ = collect(subject_.lines, whole(subject_.row_shape, most_rows),
                         whole(subject_.col_shape, square ? most_rows : options.most_cols));
        colour_ = chosen(options.colour, cells_.is_exact(), subject_.geometry != nullptr);
        largest_ = cells_.largest();
    }

    Panel panel() const {
        return panel_of(subject_, cells_, CellColours(subject_, colour_, largest_, cells_.most_entries()));
    }

    /// Pieces about the middle, beside a whole where cells stand for several entries.
    void add_pieces(Figure& figure) const {
        if (cells_.is_exact()) return;
        const Shape& rows = subject_.row_shape;
        const Shape& cols = subject_.col_shape;
        std::vector<FigureItem>& items = figure.rows.front();
        if (rows.size() > 2 && rows.back() > 1 && cols.back() > 1) items.emplace_back(blocks_panel(subject_));
        items.emplace_back(detail_panel(subject_, colour_, largest_));
        if (colour_ == SpyColour::density && subject_.geometry != nullptr)
            figure.caption.emplace_back("Entry by entry, one colour is one position of K.");
    }

    void add_meaning(Figure& figure) const {
        const auto block = [](const Stretch& s) { return number(static_cast<double>(s.block), 15); };
        if (!cells_.is_exact())
            figure.caption.push_back("A cell of the whole matrix stands for " + block(cells_.rows) + " × " +
                                     block(cells_.cols) + " entries.");
        figure.caption.push_back(meaning_of(colour_));
        const bool by_number = colour_ == SpyColour::value || colour_ == SpyColour::density;
        if (by_number) figure.ramp = ramp_of(colour_, largest_, cells_.most_entries());
        if (colour_ == SpyColour::channels) figure.key = channel_key(*subject_.geometry);
    }

    std::string title() const { return subject_.name + ": " + size_of(subject_); }

  private:
    Subject subject_;
    SpyCells cells_;
    SpyColour colour_ = SpyColour::automatic;
    double largest_ = 0;
};

Figure spy_of(Subject subject, const SpyOptions& options) {
    const Whole matrix(std::move(subject), options);
    Figure figure = {.title = options.title.empty() ? matrix.title() : options.title};
    matrix.add_meaning(figure);
    figure.rows.push_back({matrix.panel()});
    matrix.add_pieces(figure);
    return figure;
}

template <class Scalar>
std::vector<double> shown_values(const Tensor<Scalar>& kernel) {
    std::vector<double> values;
    for (const Scalar& value : kernel.values()) values.push_back(shown(value));
    return values;
}

} // namespace

void sort_line(SparseLines& lines, Index begin) {
    const auto first = static_cast<std::size_t>(begin);
    if (std::is_sorted(lines.inner.begin() + begin, lines.inner.end())) return;
    std::vector<std::pair<Index, double>> entries;
    for (std::size_t i = first; i < lines.inner.size(); ++i) entries.emplace_back(lines.inner[i], lines.values[i]);
    std::ranges::stable_sort(entries, {}, &std::pair<Index, double>::first);
    for (std::size_t i = first; i < lines.inner.size(); ++i)
        std::tie(lines.inner[i], lines.values[i]) = entries[i - first];
}

Figure spy(const LineSource& matrix, const SpyOptions& options) {
    return spy_of({matrix, "A", {1, matrix.rows}, {1, matrix.cols}}, options);
}

template <class Scalar>
Figure spy(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, Form form, const SpyOptions& options) {
    require_shape(kernel, geometry.kernel_shape(), "spy: kernel");
    const RowPlan plan = plan_of(geometry, form);
    const std::vector<double> weights = shown_values(kernel);
    const TapColours taps(geometry, weights);
    Figure figure = spy_of(subject_of(geometry, taps, lines_of(plan, kernel), form), options);
    taps.explain(figure);
    if (Eigen::NumTraits<Scalar>::IsComplex) figure.caption.emplace_back(magnitudes);
    return figure;
}

template <class Scalar>
Figure spy_pair(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, const SpyOptions& options) {
    require_shape(kernel, geometry.kernel_shape(), "spy: kernel");
    SpyOptions square = options; // the two differ in what are rows and what are columns
    square.most_rows = square.most_cols = std::min(options.most_rows, options.most_cols);
    const RowPlan plan = plan_of(geometry, Form::matrix), transposed = plan_of(geometry, Form::transpose);
    const std::vector<double> weights = shown_values(kernel);
    const TapColours taps(geometry, weights);
    const Whole w(subject_of(geometry, taps, lines_of(plan, kernel), Form::matrix), square);
    const Whole wt(subject_of(geometry, taps, lines_of(transposed, kernel), Form::transpose), square);
    Figure pair = {.title =
                       options.title.empty() ? "W and Wᵀ: a row of the one is a column of the other" : options.title};
    w.add_meaning(pair);
    pair.rows.push_back({w.panel(), wt.panel()});
    std::get<Panel>(pair.rows.front()[0]).title = "W";
    std::get<Panel>(pair.rows.front()[1]).title = "Wᵀ";
    taps.explain(pair);
    if (Eigen::NumTraits<Scalar>::IsComplex) pair.caption.emplace_back(magnitudes);
    return pair;
}

template Figure spy(const ConvGeometry&, const Tensor<float>&, Form, const SpyOptions&);
template Figure spy_pair(const ConvGeometry&, const Tensor<float>&, const SpyOptions&);
template Figure spy(const ConvGeometry&, const Tensor<double>&, Form, const SpyOptions&);
template Figure spy_pair(const ConvGeometry&, const Tensor<double>&, const SpyOptions&);
template Figure spy(const ConvGeometry&, const Tensor<std::complex<float>>&, Form, const SpyOptions&);
template Figure spy_pair(const ConvGeometry&, const Tensor<std::complex<float>>&, const SpyOptions&);
template Figure spy(const ConvGeometry&, const Tensor<std::complex<double>>&, Form, const SpyOptions&);
template Figure spy_pair(const ConvGeometry&, const Tensor<std::complex<double>>&, const SpyOptions&);
template Figure spy(const ConvGeometry&, const Tensor<std::int64_t>&, Form, const SpyOptions&);
template Figure spy_pair(const ConvGeometry&, const Tensor<std::int64_t>&, const SpyOptions&);

} // namespace convmat::detail
