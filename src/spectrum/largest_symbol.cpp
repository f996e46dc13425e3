#include "largest_symbol.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <convmat/base/checked.hpp>
#include <convmat/base/parallel.hpp>
#include <convmat/base/positions.hpp>

#include "../numerics/dense_product.hpp"

namespace convmat::spectrum {
namespace {

using namespace numerics;

// Blocks that are computed together.
Index blocks_in_job(Index pairs, Index aliases) {
    return std::clamp<Index>(100'000 / std::max<Index>(checked_mul(pairs, aliases, "symbols"), 1), 1, 1024);
}

// e^{2 pi i j / N}, j < N.
std::vector<Complex> turns(Index n) {
    std::vector<Complex> all(static_cast<std::size_t>(n));
    for (Index j = 0; j < n; ++j)
        all[static_cast<std::size_t>(j)] =
            std::polar(1.0, 2 * std::numbers::pi * static_cast<double>(j) / static_cast<double>(n));
    return all;
}

// The symbols of one output frequency after another. A job has one frequency of the leading axes, whose taps are summed
// first, and some of the last axis.
class GridSymbols {
  public:
    GridSymbols(const SymbolGrid& grid, const SymbolWeights& weights) : grid_(grid), weights_(weights) {
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
            const Shape leading = unravel(job / jobs_each, Shape(coarse_.begin(), coarse_.end() - 1));
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
    std::vector<Complex> leading_turns(const Shape& frequency, const Shape& alias) const {
        std::vector<Complex> all = {1.0};
        for (std::size_t j = 0; j < alias.size(); ++j) {
            std::vector<Complex> next;
            for (const Complex& before : all)
                for (Index t = 0; t < grid_.axes[j].kernel; ++t)
                    next.push_back(before * turn(j, frequency[j] + alias[j] * coarse_[j], t));
            all = std::move(next);
        }
        return all;
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
        Shape alias(aliases_.size(), 0);
        Index first = 0;
        do {
            const Dense<Complex> part = product<Complex>(summed_over_leading(leading, alias), turns);
            for (Index b = 0; b < std::ssize(some); ++b)
                symbols.middleCols(b * aliases + first, stride) = part.middleCols(b * stride, stride);
            first += stride;
        } while (advance(alias, aliases_));
        return symbols;
    }

    // The weights summed over the taps of the leading axes, each times its turn: rows o + O c, columns the last taps.
    Dense<Complex> summed_over_leading(const Shape& leading, const Shape& alias) const {
        const Index pairs = weights_.weights.rows(), k = grid_.axes.back().kernel;
        Dense<Complex> sum = Dense<Complex>::Zero(pairs, k);
        const Complex* of_tap = weights_.weights.data();
        for (const Complex& turn : leading_turns(leading, alias)) {
            sum += turn * Eigen::Map<const Dense<Complex>>(of_tap, pairs, k);
            of_tap += pairs * k;
        }
        return sum;
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
    const Dense<Complex> adjoint = a.adjoint();
    Dense<Complex> gram = a.rows() <= a.cols() ? product<Complex>(a, adjoint) : product<Complex>(adjoint, a);
    if (gram.size() == 1) return most * std::sqrt(std::abs(gram(0, 0)));
    double scale = 0;
    for (int i = 0; i < steps; ++i) {
        const double size = gram.norm();
        gram /= size;
        scale = 2 * (scale + std::log(size));
        gram = product<Complex>(gram, gram);
    }
    return most * std::exp((scale + std::log(gram.norm())) / std::ldexp(2.0, steps));
}

} // namespace

double largest_symbol(const SymbolGrid& grid, const SymbolWeights& weights) {
    return GridSymbols(grid, weights).largest([](const auto& block) { return norm_by_svd(Dense<Complex>(block)); });
}

double largest_symbol_by_gram(const SymbolGrid& grid, const SymbolWeights& weights, int steps) {
    return GridSymbols(grid, weights).largest([&](const auto& block) { return norm_by_gram(block, steps); });
}

} // namespace convmat::spectrum
