#include <convmat/picture/steps.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>
#include <vector>

#include <convmat/base/error.hpp>
#include <convmat/matrix/row_fill.hpp>
#include <convmat/matrix/row_plan.hpp>
#include <convmat/picture/spy.hpp>

#include "blank_panel.hpp"
#include "cell_texts.hpp"
#include "positions.hpp"
#include "svg.hpp"
#include "tap_colours.hpp"

namespace convmat {
namespace {

using namespace picture;

constexpr Index most_matrix = 64; // rows and columns of a W that is shown beside its arrays

// A line of W or W^T.
struct Entry {
    Index at = 0;
    double value = 0;
};

std::vector<Entry> line_of(const RowPlan& plan, const Tensor<double>& kernel, Index line) {
    const auto count = static_cast<std::size_t>(plan.entries_before(line + 1) - plan.entries_before(line));
    std::array<Index, 2> offsets{};
    std::vector<Index> positions(count);
    std::vector<double> values(count);
    RowFill<double, Index>::rows(plan, kernel.data(), line, line + 1, offsets.data(), positions.data(), values.data());
    std::vector<Entry> entries(count);
    for (std::size_t i = 0; i < count; ++i) entries[i] = {positions[i], values[i]};
    return entries;
}

// A layer whose arrays are small enough to be shown, and the panels that W's rows and columns become.
class ShownLayer {
  public:
    ShownLayer(const ConvGeometry& geometry, const Tensor<double>& kernel, const char* who)
        : g_(geometry),
          kernel_(kernel),
          taps_(geometry, kernel.values()),
          who_(who) {
        if (kernel.shape() != g_.kernel_shape())
            throw ShapeError({.parameter = "kernel",
                              .value = to_string(kernel.shape()),
                              .expected = to_string(g_.kernel_shape()),
                              .found = concat(who, ": kernel has shape ", to_string(kernel.shape()))});
        input({});
        output({});
    }

    std::string input_label(Index col) const { return position_label(g_.input_shape(), col); }
    std::string output_label(Index row) const { return position_label(g_.output_shape(), row); }

    void require_position(const char* what, Index at, Index extent) const {
        if (at < 0 || at >= extent)
            throw ShapeError({.parameter = what,
                              .value = concat(at),
                              .expected = concat("0 to ", extent - 1),
                              .found = concat(who_, ": ", what, " ", at)});
    }

    Panel input(const std::string& title) const { return blank_panel(title, g_.input_shape(), who_); }
    Panel output(const std::string& title) const { return blank_panel(title, g_.output_shape(), who_); }

    std::vector<Entry> row(Index row) const { return line_of(RowPlan::matrix(g_), kernel_, row); }

    /// A row of W times `factor`, where it reads.
    Panel window(const std::string& title, Index row, double factor) const {
        Panel panel = input(title);
        for (const Entry& entry : this->row(row))
            put(panel, entry.at, taps_.of_entry(row, entry.at, entry.value), factor * entry.value);
        return panel;
    }

    /// A column of W, where it is read.
    Panel fan(const std::string& title, Index col) const {
        Panel panel = output(title);
        for (const Entry& entry : line_of(RowPlan::transpose(g_), kernel_, col))
            put(panel, entry.at, taps_.of_entry(entry.at, col, entry.value), entry.value);
        return panel;
    }

    /// The kernel and what the greys are, beside the first row's panels.
    void explain(Figure& figure) const { taps_.explain(figure); }

    /// W itself with a frame around a row or column; nothing where it is too large.
    void add_matrix(Figure& figure, const Frame& frame) const {
        if (g_.rows() > most_matrix || g_.cols() > most_matrix) return;
        Figure spied = spy(g_, kernel_);
        Panel& panel = std::get<Panel>(spied.rows.front().front());
        panel.title = "W";
        panel.frames.push_back(frame);
        figure.rows.push_back({std::move(panel)});
    }

  private:
    static void put(Panel& panel, Index at, int colour, double value) {
        panel.colours[static_cast<std::size_t>(at)] = colour;
        if (!has_room_for_numbers(panel)) return;
        panel.texts.resize(panel.colours.size());
        panel.texts[static_cast<std::size_t>(at)] = number(value, 4);
    }

    const ConvGeometry& g_;
    const Tensor<double>& kernel_;
    TapColours taps_;
    const char* who_;
};

// One cell of a panel that has nothing else, with its name.
void point_out(Panel& panel, Index at, const std::string& name) {
    panel.frames.push_back({at / panel.cols, at % panel.cols, 1, 1});
    panel.palette = Palette::sequential;
    panel.colours[static_cast<std::size_t>(at)] = sequential_colour(0);
    if (!has_room_for_numbers(panel)) return;
    panel.texts.resize(panel.colours.size());
    panel.texts[static_cast<std::size_t>(at)] = name;
}

} // namespace

Panel array_panel(const std::string& title, const Tensor<double>& array) {
    Panel panel = blank_panel(title, array.shape(), "array_panel");
    double most = 0, least = 0;
    for (const double value : array.values()) {
        if (!std::isfinite(value))
            throw ArgumentError({.parameter = "array",
                                 .value = concat(value),
                                 .expected = "finite values",
                                 .found = concat("array_panel: a value is ", value)});
        most = std::max(most, std::abs(value));
        least = std::min(least, value);
    }
    panel.palette = least < 0 ? Palette::diverging : Palette::sequential;
    for (std::size_t i = 0; i < panel.colours.size(); ++i) {
        const double value = array.values()[i];
        if (value == 0) continue;
        panel.colours[i] = least < 0 ? diverging_colour(value, most) : sequential_colour(value / most);
    }
    if (has_room_for_numbers(panel)) panel.texts = cell_texts(array.values());
    return panel;
}

namespace detail {

Figure row_figure(const ConvGeometry& geometry, const Tensor<double>& kernel, Index row) {
    const ShownLayer layer(geometry, kernel, "row_figure");
    layer.require_position("row", row, geometry.rows());
    const std::string u = layer.output_label(row);
    Panel y = layer.output("Y: output " + u);
    point_out(y, row, "y");
    Figure figure = {.title = "Row " + std::to_string(row) + " of W is the window that output " + u + " reads"};
    figure.caption = {"Y[" + u + "] is the sum of weight times input over the coloured cells of X: row " +
                      std::to_string(row) + " of W, laid out as X is."};
    figure.rows = {{layer.window("X, with the weight of each input that is read", row, 1), std::move(y)}};
    layer.explain(figure);
    layer.add_matrix(figure, {row, 0, 1, geometry.cols()});
    return figure;
}

Figure column_figure(const ConvGeometry& geometry, const Tensor<double>& kernel, Index col) {
    const ShownLayer layer(geometry, kernel, "column_figure");
    layer.require_position("column", col, geometry.cols());
    const std::string i = layer.input_label(col);
    Panel x = layer.input("X: input " + i);
    point_out(x, col, "x");
    Figure figure = {.title = "Column " + std::to_string(col) + " of W is what input " + i + " feeds"};
    figure.caption = {"Wᵀ collects these outputs, each with its weight, into input " + i +
                      ": the gradient of a layer does so, and a transposed convolution."};
    figure.rows = {{std::move(x), layer.fan("Y, with the weight that input " + i + " has in it", col)}};
    layer.explain(figure);
    layer.add_matrix(figure, {0, col, geometry.rows(), 1});
    return figure;
}

Figure stamps_figure(const ConvGeometry& geometry, const Tensor<double>& kernel, const Tensor<double>& y) {
    constexpr Index most_stamps = 16;
    constexpr std::size_t in_a_row = 4;
    require_shape(y, geometry.output_shape(), "stamps_figure: y", "y");
    if (y.size() > most_stamps)
        throw ShapeError({.parameter = "y",
                          .value = concat(y.size()),
                          .expected = concat("at most ", most_stamps),
                          .found = concat("stamps_figure: ", y.size(), " stamps")});
    const ShownLayer layer(geometry, kernel, "stamps_figure");
    Figure figure = {.title = "Wᵀ y step by step: each value stamps the kernel, and the stamps are added"};
    figure.caption = {"Where stamps overlap they add up; what a stamp leaves outside is cropped or, by the boundary, "
                      "folded back in."};
    figure.rows.push_back({array_panel("y", y)});
    Tensor<double> z(geometry.input_shape());
    std::vector<FigureItem> stamps;
    for (Index u = 0; u < y.size(); ++u) {
        if (u > 0) stamps.emplace_back("+");
        stamps.emplace_back(
            layer.window("y[" + layer.output_label(u) + "] = " + number(y[u], 4) + " times K", u, y[u]));
        for (const Entry& entry : layer.row(u)) z[entry.at] += entry.value * y[u];
        if (stamps.size() < 2 * in_a_row - 1 && u + 1 < y.size()) continue;
        figure.rows.push_back(std::exchange(stamps, {}));
    }
    figure.rows.push_back({"=", array_panel("Wᵀ y", z)});
    layer.explain(figure);
    return figure;
}

} // namespace detail

} // namespace convmat
