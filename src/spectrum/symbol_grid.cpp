#include "symbol_grid.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "../base/parallel.hpp"
#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/structure/sparse.hpp>
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

// The symbol is a polynomial of degree k - 1 in e^{i d θ}: between angles 2 pi / M apart it is at most the largest there
// over cos(pi (k - 1) / (2 M)), I-47d; and gcd(s, d) of s frequencies that alias are one angle.
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
    const double each = std::min(outs, ins * aliases) + static_cast<double>(g.kernel_size());
    return frequencies * (outs * ins * each + work_per_frequency);
}

bool affordable(const SymbolGrid& grid, const ConvGeometry& g) {
    double block = static_cast<double>(g.out_channels_per_group()) * static_cast<double>(g.in_channels_per_group());
    for (const GridAxis& axis : grid.axes) block *= static_cast<double>(axis.stride);
    return operations(grid, g) <= most_operations && block <= 1e7;
}

// e^{2 pi i j / N}, j < N.
std::vector<Complex> turns(Index n) {
    std::vector<Complex> all(static_cast<std::size_t>(n));
    for (Index j = 0; j < n; ++j)
        all[static_cast<std::size_t>(j)] =
            std::polar(1.0, 2 * std::numbers::pi * static_cast<double>(j) / static_cast<double>(n));
    return all;
}

Shape position(Index number, const Shape& extents) {
    Shape at(extents.size());
    for (std::size_t j = extents.size(); j-- > 0; number /= extents[j]) at[j] = number % extents[j];
    return at;
}

// The symbols of one output frequency after another.
class Symbols {
  public:
    Symbols(const SymbolGrid& grid, const SymbolWeights& weights) : grid_(grid), weights_(weights) {
        for (const GridAxis& axis : grid.axes) {
            coarse_.push_back(axis.points / axis.stride);
            aliases_.push_back(axis.stride);
            turns_.push_back(turns(axis.points));
        }
    }

    // max of norm(block) over the blocks, over the square root of the number of aliases.
    template <class Norm>
    double largest(const Norm& norm) const {
        const Index aliases = grid_.aliases(), blocks = grid_.blocks();
        const Index in_job = std::clamp<Index>(100'000 / (weights_.weights.rows() * aliases), 1, 1024);
        std::vector<double> of_job(static_cast<std::size_t>(ceil_div(blocks, in_job)), 0);
        parallel_for(std::ssize(of_job), [&](Index job) {
            const std::vector<Index> some = wanted(job * in_job, std::min(blocks, (job + 1) * in_job));
            Dense<Complex> phases(weights_.weights.cols(), std::ssize(some) * aliases);
            for (std::size_t b = 0; b < some.size(); ++b)
                write_phases(position(some[b], coarse_), phases, static_cast<Index>(b) * aliases);
            const Dense<Complex> symbols = weights_.weights * phases;
            for (Index b = 0; b < std::ssize(some); ++b) {
                const Complex* block = symbols.data() + b * aliases * symbols.rows();
                double& most = of_job[static_cast<std::size_t>(job)];
                most = std::max(most, norm(Eigen::Map<const Dense<Complex>>(block, weights_.outs,
                                                                            symbols.rows() / weights_.outs * aliases)));
            }
        });
        return std::ranges::max(of_job) / std::sqrt(static_cast<double>(aliases));
    }

  private:
    // Of blocks from first to last, without the second of two that are conjugate.
    std::vector<Index> wanted(Index first, Index last) const {
        std::vector<Index> some;
        for (Index b = first; b < last; ++b) {
            Index conjugate = 0;
            const Shape at = position(b, coarse_);
            for (std::size_t j = 0; j < at.size(); ++j)
                conjugate = conjugate * coarse_[j] + (coarse_[j] - at[j]) % coarse_[j];
            if (!weights_.real || conjugate >= b) some.push_back(b);
        }
        return some;
    }

    void write_phases(const Shape& frequency, Dense<Complex>& phases, Index column) const {
        for_each_position(aliases_, [&](const Shape& alias) {
            Complex* to = phases.col(column++).data();
            Index written = 1;
            *to = 1;
            for (std::size_t j = 0; j < alias.size(); ++j) { // each phase so far, times those of the axis
                const GridAxis& axis = grid_.axes[j];
                const Index step = (frequency[j] + alias[j] * coarse_[j]) % axis.points * (axis.dilation % axis.points);
                for (Index i = written; i-- > 0;)
                    for (Index t = axis.kernel; t-- > 0;)
                        to[i * axis.kernel + t] =
                            to[i] * turns_[j][static_cast<std::size_t>(step % axis.points * t % axis.points)];
                written *= axis.kernel;
            }
        });
    }

    const SymbolGrid& grid_;
    const SymbolWeights& weights_;
    Shape coarse_;
    Shape aliases_;
    std::vector<std::vector<Complex>> turns_;
};

double norm_by_svd(Dense<Complex> a) {
    std::vector<double> values(static_cast<std::size_t>(std::min(a.rows(), a.cols())));
    write_singular_values(a, values.data());
    return values.front();
}

// ||A||^(2 * 2^i) = e^scale ||G_i||, G_0 = A^H A, G_i+1 = (G_i / ||G_i||_F)^2.
double norm_by_gram(Dense<Complex> a, int steps) {
    const double most = a.cwiseAbs().maxCoeff();
    if (most == 0) return 0;
    a /= most;
    Dense<Complex> gram = a.rows() <= a.cols() ? Dense<Complex>(a * a.adjoint()) : Dense<Complex>(a.adjoint() * a);
    if (gram.size() == 1) return most * std::sqrt(std::abs(gram(0, 0)));
    double scale = 0;
    for (int i = 0; i < steps; ++i) {
        const double size = gram.norm();
        gram /= size;
        scale = 2 * (scale + std::log(size));
        gram = (gram * gram).eval();
    }
    return most * std::exp((scale + std::log(gram.norm())) / std::ldexp(2.0, steps));
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

double largest_symbol(const SymbolGrid& grid, const SymbolWeights& weights) {
    return Symbols(grid, weights).largest([](const auto& block) { return norm_by_svd(block); });
}

double largest_symbol_by_gram(const SymbolGrid& grid, const SymbolWeights& weights, int steps) {
    return Symbols(grid, weights).largest([&](const auto& block) { return norm_by_gram(block, steps); });
}

} // namespace convmat::spectrum
