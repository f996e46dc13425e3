#include "symbol_grid.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <convmat/base/checked.hpp>
#include <convmat/base/error.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/taps/source_index.hpp>

namespace convmat::spectrum {
namespace {

constexpr double most_operations = 1e9;   // complex multiplications of one pass over the symbols
constexpr double work_per_frequency = 50; // what is not proportional to the entries, in multiplications
constexpr Index most_pad_rows = 20'000'000;

// sqrt(||P||_1 ||P||_inf) of the positions that are read; P is the padding of the axis.
double pad_norm(const Axis& axis) {
    const Index rows = axis.stride * (axis.output - 1) + axis.effective_kernel();
    require_memory(checked_mul(axis.input, Index{sizeof(double)}, "padding"), "the padding of an axis");
    std::vector<double> of_column(static_cast<std::size_t>(axis.input), 0);
    double most_row = 0;
    for (Index q = 0; q < rows; ++q) {
        double of_row = 0;
        for (const Source& source : sources(axis.boundary, axis.input, q - axis.padding.begin)) {
            const double size = std::abs(static_cast<double>(source.coefficient));
            of_row += size;
            of_column[static_cast<std::size_t>(source.position)] += size;
        }
        most_row = std::max(most_row, of_row);
    }
    return std::sqrt(most_row * std::ranges::max(of_column));
}

Index next_multiple(Index value, Index of) { return checked_mul(ceil_div(value, of), of, "points of a circulant"); }

// I-47a, with N a multiple of the stride: then the rows of W are among the rows s u of the circulant.
Index points_around(const Axis& axis) {
    const Index last_row = axis.stride * (axis.output - 1);
    return next_multiple(std::max({axis.input, axis.input + axis.padding.begin, last_row + 1,
                                   last_row + axis.effective_kernel() - axis.padding.begin}),
                         axis.stride);
}

// Row u of W is row s u mod n of the circulant: a multiple of g = gcd(s, n), each ceil(m g / n) times at most.
GridAxis periodic(const Axis& axis, GridAxis grid) {
    const Index common = std::gcd(axis.stride, axis.input), rows = axis.input / common;
    grid.points = axis.input;
    grid.stride = common;
    grid.factor = std::sqrt(static_cast<double>(ceil_div(axis.output, rows)));
    grid.exact = axis.output % rows == 0;
    grid.repeats = grid.factor > 1;
    return grid;
}

GridAxis circulant_around(const Axis& axis) {
    GridAxis grid{.stride = axis.stride, .dilation = axis.dilation, .kernel = axis.kernel};
    if (axis.boundary == Boundary::zero) {
        grid.points = points_around(axis);
        return grid;
    }
    if (axis.boundary == Boundary::periodic) {
        const GridAxis found = periodic(axis, grid);
        if (found.exact || found.stride == axis.stride) return found;
    }
    grid.points = next_multiple(axis.stride * (axis.output - 1) + axis.effective_kernel(), axis.stride);
    grid.factor = pad_norm(axis);
    grid.repeats = grid.factor > 1;
    return grid;
}

// The symbol is a polynomial of degree k - 1 in e^{i d θ}: between angles 2 pi / M apart it is at most the largest
// there over cos(pi (k - 1) / (2 M)), I-47d; and gcd(s, d) of s frequencies that alias are one angle.
GridAxis sampled(const GridAxis& axis, Index angles_per_tap) {
    GridAxis grid = axis;
    grid.stride = axis.stride / std::gcd(axis.stride, axis.dilation);
    grid.dilation = 1;
    grid.points = axis.kernel == 1
                      ? grid.stride
                      : next_multiple(checked_mul(angles_per_tap, axis.kernel, "angles of a grid"), grid.stride);
    if (grid.points >= axis.points) return axis;
    grid.angles = axis.kernel > 1;
    grid.exact = axis.exact && !grid.angles;
    grid.factor /=
        std::cos(std::numbers::pi * static_cast<double>(axis.kernel - 1) / (2 * static_cast<double>(grid.points)));
    return grid;
}

double operations(const SymbolGrid& grid, const ConvGeometry& g) {
    const auto outs = static_cast<double>(g.out_channels_per_group()),
               ins(static_cast<double>(g.in_channels_per_group()));
    double frequencies = static_cast<double>(g.groups()), aliases = 1;
    for (const GridAxis& axis : grid.axes) {
        frequencies *= static_cast<double>(axis.points);
        aliases *= static_cast<double>(axis.stride);
    }
    const double in_job = std::clamp(1e5 / (outs * ins * aliases), 1.0, static_cast<double>(grid.axes.back().points));
    const double taps = static_cast<double>(g.kernel_size()) / std::min(in_job, 1024.0);
    const double each = std::min(outs, ins * aliases) + static_cast<double>(grid.axes.back().kernel) + taps;
    return frequencies * (outs * ins * each + work_per_frequency);
}

bool affordable(const SymbolGrid& grid, const ConvGeometry& g) {
    double block = static_cast<double>(g.out_channels_per_group()) * static_cast<double>(g.in_channels_per_group());
    for (const GridAxis& axis : grid.axes) block *= static_cast<double>(axis.stride);
    return operations(grid, g) <= most_operations && block <= 1e7;
}

} // namespace

Index SymbolGrid::blocks() const {
    Index count = 1;
    for (const GridAxis& axis : axes) count *= axis.points / axis.stride;
    return count;
}

Index SymbolGrid::aliases() const {
    Index count = 1;
    for (const GridAxis& axis : axes) count *= axis.stride;
    return count;
}

double SymbolGrid::factor() const {
    double product = 1;
    for (const GridAxis& axis : axes) product *= axis.factor;
    return product;
}

bool SymbolGrid::exact() const {
    return std::ranges::all_of(axes, [](const GridAxis& axis) { return axis.exact; });
}

std::string SymbolGrid::words() const {
    Shape points;
    bool angles = false, repeats = false;
    for (const GridAxis& axis : axes) {
        points.push_back(axis.points);
        angles = angles || axis.angles;
        repeats = repeats || axis.repeats;
    }
    std::string text = concat("N = ", to_string(points), angles ? " angles" : " points");
    if (factor() == 1) return text;
    text += concat(", times ", factor(), " for ");
    if (angles) text += "the angles between them";
    return text + (angles && repeats ? " and " : "") + (repeats ? "inputs that the boundary repeats" : "");
}

std::optional<SymbolGrid> grid_around(const ConvGeometry& geometry) {
    SymbolGrid around;
    for (const Axis& axis : geometry.axes()) {
        const bool pads = axis.boundary != Boundary::zero && axis.boundary != Boundary::periodic;
        if (pads && axis.padded_input() > most_pad_rows) return std::nullopt;
        around.axes.push_back(circulant_around(axis));
    }
    for (const Index angles_per_tap : {Index{0}, Index{16}, Index{4}}) {
        SymbolGrid grid = around;
        if (angles_per_tap > 0)
            for (GridAxis& axis : grid.axes) axis = sampled(axis, angles_per_tap);
        if (affordable(grid, geometry)) return grid;
    }
    return std::nullopt;
}

} // namespace convmat::spectrum
