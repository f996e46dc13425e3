#include <convmat/picture/maps.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <span>
#include <utility>

#include <convmat/base/error.hpp>
#include <convmat/matrix_free/conv_operator.hpp>
#include <convmat/matrix_free/eigen_adaptor.hpp>
#include <convmat/picture/steps.hpp>
#include <convmat/structure/factors.hpp>
#include <convmat/taps/source_index.hpp>

#include "blank_panel.hpp"
#include "cell_texts.hpp"
#include "svg.hpp"

namespace convmat {
namespace {

using namespace picture;

Panel pad_panel(const Axis& axis, Index j) {
    constexpr Index most = 64;
    if (axis.padded_input() > most || axis.input > most)
        throw ShapeError({.parameter = "geometry",
                          .axis = j,
                          .value = concat(axis.padded_input(), " positions"),
                          .expected = concat("at most ", most),
                          .found = concat("pad_figure: axis ", j, " has ", axis.padded_input(), " positions")});
    const auto p = pad_matrix(axis);
    const auto count = [](Index n) { return number(static_cast<double>(n), 12); };
    Panel panel = {.title = "axis " + count(j) + ": " + std::string(to_string(axis.boundary)) + ", padding " +
                            count(axis.padding.begin) + ":" + count(axis.padding.end),
                   .rows = p.rows(),
                   .cols = p.cols(),
                   .palette = Palette::diverging};
    panel.colours.assign(static_cast<std::size_t>(p.rows() * p.cols()), no_colour);
    panel.texts.resize(panel.colours.size());
    double largest = 2; // an odd reflection of an odd reflection has larger coefficients
    for (const double value : std::span(p.valuePtr(), static_cast<std::size_t>(p.nonZeros())))
        largest = std::max(largest, std::abs(value));
    for (Index row = 0; row < p.rows(); ++row) {
        panel.row_ticks.push_back({static_cast<double>(row) + 0.5, count(row - axis.padding.begin)});
        for (Sparse<double>::InnerIterator entry(p, row); entry; ++entry) {
            const auto at = static_cast<std::size_t>(row * p.cols() + entry.col());
            panel.colours[at] = diverging_colour(entry.value(), largest);
            panel.texts[at] = number(entry.value());
        }
    }
    for (Index col = 0; col < p.cols(); ++col) panel.col_ticks.push_back({static_cast<double>(col) + 0.5, count(col)});
    for (const Index line : {axis.padding.begin, axis.padding.begin + axis.input})
        if (line > 0 && line < p.rows()) panel.row_lines.push_back(line);
    panel.row_axis = "position of the extended axis";
    panel.col_axis = "input";
    return panel;
}

// How often the windows of one axis read each of its inputs.
std::vector<double> overlap_of(const Axis& axis) {
    constexpr Index most = 10'000'000;
    if (axis.output > most / axis.kernel)
        throw ShapeError({.parameter = "axis",
                          .value = concat(axis.output, " outputs of ", axis.kernel, " taps"),
                          .expected = concat("at most ", most, " pairs of them"),
                          .found = concat("overlap_figure: ", axis.output, " outputs of ", axis.kernel, " taps")});
    std::vector<double> counts(static_cast<std::size_t>(axis.input));
    for (Index u = 0; u < axis.output; ++u)
        for (Index t = 0; t < axis.kernel; ++t)
            for (const Source& source :
                 sources(axis.boundary, axis.input, axis.stride * u + axis.dilation * t - axis.padding.begin))
                ++counts[static_cast<std::size_t>(source.position)];
    return counts;
}

// Positions of one axis that every tap of their phase reads with an output that exists, and no boundary leads to.
bool is_interior(const Axis& axis, Index i) {
    for (Index t = 0; t < axis.kernel; ++t) {
        const Index q = i + axis.padding.begin - axis.dilation * t;
        if (q % axis.stride == 0 && (q < 0 || q / axis.stride >= axis.output)) return false;
    }
    return true;
}

// Whether every phase of the stride has a position away from the border.
bool shows_its_inside(const Axis& axis) {
    std::set<Index> phases;
    for (Index i = 0; i < axis.input; ++i)
        if (is_interior(axis, i)) phases.insert(i % axis.stride);
    return std::ssize(phases) == axis.stride;
}

// Whether as many stamps cover each position away from the border: k taps, d apart, meet all phases of the stride
// equally often.
bool is_even(const Axis& axis) {
    return axis.stride == 1 || (std::gcd(axis.stride, axis.dilation) == 1 && axis.kernel % axis.stride == 0);
}

std::string meaning_of_overlap(std::span<const Axis> axes) {
    if (std::ranges::all_of(axes, [](const Axis& axis) { return axis.stride == 1; }))
        return "Even away from the border: at stride 1 a stamp begins at every position, so no checkerboard comes from "
               "the overlap alone.";
    const bool even = std::ranges::all_of(axes, is_even);
    if (even && std::ranges::all_of(axes, shows_its_inside))
        return "Even away from the border: no checkerboard comes from the overlap alone.";
    if (even)
        return "All of this is near the border. A larger picture is even away from it: no checkerboard comes from the "
               "overlap alone.";
    if (std::ranges::any_of(axes, [](const Axis& axis) { return !is_even(axis) && shows_its_inside(axis); }))
        return "Uneven also away from the border: with equal weights the layer paints a checkerboard.";
    return "All of this is near the border. A larger picture is uneven also away from it: with equal weights the layer "
           "paints a checkerboard.";
}

Figure map_figure(const std::string& title, const Tensor<double>& map, std::string caption) {
    Figure figure = {.title = title};
    Panel panel = array_panel({}, map);
    if (panel.texts.empty()) {
        const double most = std::ranges::max(map.values());
        const double least = std::ranges::min(map.values());
        if (panel.palette == Palette::sequential)
            figure.ramp = {Palette::sequential, "0", number(most, 4)};
        else
            figure.ramp = {Palette::diverging, number(-std::max(most, -least), 4), number(std::max(most, -least), 4),
                           "0"};
    }
    figure.rows.push_back({std::move(panel)});
    figure.caption = {std::move(caption)};
    return figure;
}

} // namespace

Figure pad_figure(const ConvGeometry& geometry) {
    Figure figure = {.title = "The pad matrix P of each axis"};
    figure.rows.emplace_back();
    for (Index j = 0; j < geometry.rank(); ++j) figure.rows.front().emplace_back(pad_panel(geometry.axis(j), j));
    figure.caption = {"A row says what stands at a position of the extended axis; a blank row is a zero. A column says "
                      "which positions Pᵀ folds back into an input."};
    return figure;
}

Figure overlap_figure(const ConvGeometry& geometry) {
    Shape shape = {1};
    for (const Axis& axis : geometry.axes()) shape.push_back(axis.input);
    blank_panel({}, shape, "overlap_figure");
    std::vector<double> map = {1};
    for (const Axis& axis : geometry.axes()) {
        const std::vector<double> counts = overlap_of(axis);
        std::vector<double> product;
        for (const double slice : map)
            for (const double count : counts) product.push_back(slice * count);
        map = std::move(product);
    }
    return map_figure("How many taps of all stamps of Wᵀ land on each position", Tensor<double>(shape, std::move(map)),
                      meaning_of_overlap(geometry.axes()));
}

namespace detail {

Figure checkerboard_figure(const ConvGeometry& geometry, const Tensor<double>& kernel) {
    constexpr Index most = 10'000'000;
    blank_panel({}, geometry.input_shape(), "checkerboard_figure");
    if (geometry.rows() > most)
        throw SizeError({.parameter = "geometry",
                         .value = concat(geometry.rows(), " outputs"),
                         .expected = concat("at most ", most),
                         .found = concat("checkerboard_figure: ", geometry.rows(), " outputs")});
    require_shape(kernel, geometry.kernel_shape(), "checkerboard_figure: kernel");
    Tensor<double> sums(geometry.input_shape());
    const ConvOperator<double> w(geometry, kernel);
    sums.vec() = w.transpose() * Eigen::VectorXd::Ones(geometry.rows());
    return map_figure("Wᵀ 1: what the transposed layer paints of a constant", sums,
                      "A pattern in it that repeats with the stride is added to every picture the layer paints.");
}

} // namespace detail

} // namespace convmat
