#include "symbol_grid.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/base/parallel.hpp>
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

// Blocks that are computed together.
Index blocks_in_job(Index pairs, Index aliases) {
    return std::clamp<Index>(100'000 / std::max<Index>(checked_mul(pairs, aliases, "symbols"), 1), 1, 1024);
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

// The symbols of one output frequency after another. A job has one frequency of the leading axes, whose taps are summed
// first, and some of the last axis.
class Symbols {
  public:
    Symbols(const SymbolGrid& grid, const SymbolWeights& weights) : grid_(grid), weights_(weights) {
        for (const GridAxis& axis : grid.axes) {
            coarse_.push_back(axis.points / axis.stride);
            aliases_.push_back(axis.stride);
            turns_.push_back(turns(axis.points));
        }
        aliases_.pop_back(); // of the leading axes
    }

    // max of norm(block) over the blocks, over the square root of the number of aliases.
    template <class Norm>
    double largest(const Norm& norm) const {
        const Index aliases = grid_.aliases(), last = coarse_.back();
        const Index in_job = blocks_in_job(weights_.weights.rows(), aliases), jobs_each = ceil_div(last, in_job);
        std::vector<double> of_job(static_cast<std::size_t>(grid_.blocks() / last * jobs_each), 0);
        parallel_for(std::ssize(of_job), [&](Index job) {
            const Shape leading = position(job / jobs_each, Shape(coarse_.begin(), coarse_.end() - 1));
            const Index first = job % jobs_each * in_job;
            const std::vector<Index> some = wanted(leading, first, std::min(last, first + in_job));
            if (some.empty()) return;
            const Dense<Complex> symbols = symbols_at(leading, some);
            double& most = of_job[static_cast<std::size_t>(job)];
            const Index cols = symbols.rows() / weights_.outs * aliases;
            for (Index b = 0; b < std::ssize(some); ++b)
                most = std::max(most, norm(Eigen::Map<const Dense<Complex>>(
                                          symbols.data() + b * aliases * symbols.rows(), weights_.outs, cols)));
        });
        return std::ranges::max(of_job) / std::sqrt(static_cast<double>(aliases));
    }

  private:
    // Of the last axis's frequencies from first to last, without the second of two blocks that are conjugate.
    std::vector<Index> wanted(const Shape& leading, Index first, Index last) const {
        Index number = 0, conjugate = 0;
        for (std::size_t j = 0; j < leading.size(); ++j) {
            number = number * coarse_[j] + leading[j];
            conjugate = conjugate * coarse_[j] + (coarse_[j] - leading[j]) % coarse_[j];
        }
        std::vector<Index> some;
        for (Index f = first; f < last; ++f) {
            const Index other = (coarse_.back() - f) % coarse_.back();
            if (!weights_.real || number < conjugate || (number == conjugate && f <= other)) some.push_back(f);
        }
        return some;
    }

    // e^{2 pi i f d t / N} of an axis.
    Complex turn(std::size_t j, Index frequency, Index t) const {
        const GridAxis& axis = grid_.axes[j];
        const Index step = frequency % axis.points * (axis.dilation % axis.points) % axis.points;
        return turns_[j][static_cast<std::size_t>(step * t % axis.points)];
    }

    // The product of the leading axes' turns for each of their taps, row-major.
    Eigen::VectorXcd leading_turns(const Shape& frequency, const Shape& alias) const {
        std::vector<Complex> all = {1.0};
        for (std::size_t j = 0; j < alias.size(); ++j) {
            std::vector<Complex> next;
            for (const Complex& before : all)
                for (Index t = 0; t < grid_.axes[j].kernel; ++t)
                    next.push_back(before * turn(j, frequency[j] + alias[j] * coarse_[j], t));
            all = std::move(next);
        }
        return Eigen::Map<const Eigen::VectorXcd>(all.data(), std::ssize(all));
    }

    // One column a (frequency, aliases): the symbol there, its entries o + O c.
    Dense<Complex> symbols_at(const Shape& leading, const std::vector<Index>& some) const {
        const std::size_t j = coarse_.size() - 1;
        const Index pairs = weights_.weights.rows(), k = grid_.axes[j].kernel, stride = grid_.axes[j].stride;
        Dense<Complex> turns(k, std::ssize(some) * stride);
        for (Index column = 0; column < turns.cols(); ++column)
            for (Index t = 0; t < k; ++t)
                turns(t, column) =
                    turn(j, some[static_cast<std::size_t>(column / stride)] + column % stride * coarse_[j], t);
        const Index aliases = grid_.aliases();
        Dense<Complex> symbols(pairs, std::ssize(some) * aliases);
        const Eigen::Map<const Dense<Complex>> by_leading(weights_.weights.data(), pairs * k,
                                                          weights_.weights.cols() / k);
        Index first = 0;
        for_each_position(aliases_, [&](const Shape& alias) {
            const Eigen::VectorXcd summed = by_leading * leading_turns(leading, alias);
            const Dense<Complex> part = Eigen::Map<const Dense<Complex>>(summed.data(), pairs, k) * turns;
            for (Index b = 0; b < std::ssize(some); ++b)
                symbols.middleCols(b * aliases + first, stride) = part.middleCols(b * stride, stride);
            first += stride;
        });
        return symbols;
    }

    const SymbolGrid& grid_;
    const SymbolWeights& weights_;
    Shape coarse_;
    Shape aliases_;
    std::vector<std::vector<Complex>> turns_;
};

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
    return Symbols(grid, weights).largest([](const auto& block) { return norm_by_svd(Dense<Complex>(block)); });
}

double largest_symbol_by_gram(const SymbolGrid& grid, const SymbolWeights& weights, int steps) {
    return Symbols(grid, weights).largest([&](const auto& block) { return norm_by_gram(block, steps); });
}

} // namespace convmat::spectrum
