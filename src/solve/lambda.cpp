#include <convmat/solve/lambda.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace convmat {
namespace {

constexpr double shortest_step = 0.02; // of log λ: V is flat at its minimum

// λ's evenly spaced in their logarithm, from and to included.
std::vector<double> spaced(double from, double to, Index count) {
    std::vector<double> lambdas;
    for (Index i = 0; i < count; ++i)
        lambdas.push_back(
            from * std::pow(to / from, count == 1 ? 0 : static_cast<double>(i) / static_cast<double>(count - 1)));
    return lambdas;
}

void require_searchable(double least, const LambdaOptions& options, Penalty penalty) {
    if (!(least > 0) || !(options.most > least) || !std::isfinite(options.most)) {
        const bool of_least = !(least > 0);
        throw ArgumentError({.parameter = of_least ? "least" : "most",
                             .value = concat(of_least ? least : options.most),
                             .expected = "0 < least < most",
                             .found = concat("LambdaOptions: from least ", least, " to most ", options.most)});
    }
    if (options.points < 0)
        throw ArgumentError({.parameter = "points",
                             .value = concat(options.points),
                             .expected = "at least 0",
                             .found = concat("LambdaOptions::points is ", options.points)});
    if (penalty == Penalty::none)
        throw ArgumentError({.parameter = "penalty",
                             .value = "none",
                             .expected = "identity, gradient or laplacian",
                             .found = "choice of lambda: the penalty is none"});
}

// All λ's that were tried, and the search among them.
template <class S>
class Search {
  public:
    Search(LeastSquaresSolver<S>& solver, const Tensor<S>& y, const LambdaOptions& options) : options_(options) {
        // Where one analysis serves all λ's.
        cheap_ = solver.has_svd() || solver.penalty() == Penalty::identity;
        exact_ = solver.has_svd();
        const double least = options.least.value_or(cheap_ ? 1e-5 : 1e-3);
        require_searchable(least, options, solver.penalty());
        const double norm = solver.norm_estimate();
        const double scale = norm > 0 ? norm : 1;
        least_ = least * scale;
        most_ = options.most * scale;
        cost_ = solver.trade_off(y, options.probes);
        solved_ = [&solver, &y](double lambda) { return solved(solver, y, lambda); };
    }

    // All λ's of the range, from the largest down, or until `enough`: small ones take an iteration long.
    template <class Enough>
    void scan(const Enough& enough) {
        const Index points = options_.points > 0 ? options_.points : cheap_ ? 60 : 9;
        const std::vector<double> lambdas = spaced(least_, most_, std::max<Index>(2, points));
        for (auto at = lambdas.rbegin(); at != lambdas.rend(); ++at) {
            add({*at});
            if (!cheap_ && enough()) return;
        }
    }

    // A quadrature's residual is a bound from above, far off where A is ill-conditioned.
    void solve_for_residuals() {
        if (exact_) return;
        cost_ = solved_;
        cheap_ = false;
    }

    // The minimum of score: the best so far and its neighbours are refined until the step is short.
    template <class Score>
    LambdaChoice minimum(const Score& score) {
        scan([&] { return best_of(score) >= 2; }); // it has risen twice
        for (;;) {
            const std::size_t best = best_of(score);
            const std::size_t before = best == 0 ? 0 : best - 1, behind = std::min(best + 1, curve_.size() - 1);
            const double step = std::log(curve_[behind].lambda / curve_[before].lambda);
            if (step <= shortest_step * 2 || best == 0 || best == curve_.size() - 1) return chosen(best, score);
            const double at = curve_[best].lambda;
            if (cheap_) {
                std::vector<double> finer = spaced(curve_[before].lambda, at, 12);
                const std::vector<double> behind_it = spaced(at, curve_[behind].lambda, 12);
                finer.insert(finer.end(), behind_it.begin(), behind_it.end());
                add(finer);
            } else {
                if (step < 0.7) return chosen(best, score); // the estimate is no better
                add({std::sqrt(at * curve_[before].lambda), std::sqrt(at * curve_[behind].lambda)});
            }
        }
    }

    // The largest λ with holds(λ), which holds below some λ and not above.
    template <class Holds, class Score>
    LambdaChoice boundary(const Holds& holds, const Score& score) {
        scan([&] { return holds(curve_.front()); });
        for (;;) {
            std::size_t last = curve_.size();
            for (std::size_t i = 0; i < curve_.size(); ++i)
                if (holds(curve_[i])) last = i;
            if (last == curve_.size()) return outside(0, score);
            if (last + 1 == curve_.size()) return outside(last, score);
            const double from = curve_[last].lambda, to = curve_[last + 1].lambda;
            if (std::log(to / from) <= (cheap_ ? 1e-3 : shortest_step)) return chosen(last, score);
            if (cheap_)
                add(spaced(from, to, 12));
            else
                add({std::sqrt(from * to)});
        }
    }

    const std::vector<TradeOff>& curve() const { return curve_; }
    bool exact() const { return exact_; }

  private:
    static TradeOff solved(LeastSquaresSolver<S>& solver, const Tensor<S>& y, double lambda) {
        const double own = solver.lambda();
        solver.set_lambda(lambda);
        const LeastSquares<S> found = solver.solve(y);
        solver.set_lambda(own);
        return {lambda, found.residual_norm, found.penalty_norm, std::numeric_limits<double>::quiet_NaN(), false};
    }

    void add(const std::vector<double>& lambdas) {
        for (const double lambda : lambdas)
            if (std::ranges::none_of(curve_, [&](const TradeOff& at) { return at.lambda == lambda; }))
                curve_.push_back(cost_(lambda));
        std::ranges::sort(curve_, {}, &TradeOff::lambda);
    }

    template <class Score>
    std::size_t best_of(const Score& score) const {
        std::size_t best = 0;
        for (std::size_t i = 1; i < curve_.size(); ++i)
            if (score(curve_[i]) <= score(curve_[best])) best = i;
        return best;
    }

    template <class Score>
    LambdaChoice chosen(std::size_t i, const Score& score) const {
        const bool inside = i > 0 && i + 1 < curve_.size();
        return {curve_[i].lambda, curve_[i], score(curve_[i]), inside, curve_, {}};
    }

    template <class Score>
    LambdaChoice outside(std::size_t i, const Score& score) const {
        LambdaChoice choice = chosen(i, score);
        choice.inside = false;
        return choice;
    }

    const LambdaOptions& options_;
    std::function<TradeOff(double)> cost_, solved_;
    double least_ = 0, most_ = 0;
    bool exact_ = false;
    bool cheap_ = false;
    std::vector<TradeOff> curve_;
};

} // namespace

template <class Scalar>
LambdaChoice gcv_lambda(LeastSquaresSolver<Scalar>& solver, const Tensor<Scalar>& y, const LambdaOptions& options) {
    Search<Scalar> search(solver, y, options);
    const auto values = static_cast<double>(y.size());
    const double samples = solver.rows() == 0 ? 1 : values / static_cast<double>(solver.rows());
    const auto score = [&](const TradeOff& at) {
        const double left = values - samples * at.freedom;
        // Where x follows all of y, 0 / 0: nothing is left to validate with.
        if (!(left > 1e-8 * values)) return std::numeric_limits<double>::infinity();
        return values * std::pow(at.residual_norm / left, 2);
    };
    LambdaChoice choice = search.minimum(score);
    choice.method = concat("generalised cross-validation, ",
                           search.exact() ? "exact by the SVD" : "its trace estimated by random signs");
    return choice;
}

template <class Scalar>
LambdaChoice discrepancy_lambda(LeastSquaresSolver<Scalar>& solver, const Tensor<Scalar>& y, double noise,
                                double safety, const LambdaOptions& options) {
    if (!(noise >= 0) || !std::isfinite(noise) || !(safety > 0) || !std::isfinite(safety))
        throw ArgumentError({.parameter = noise >= 0 && std::isfinite(noise) ? "safety" : "noise",
                             .value = concat(noise >= 0 && std::isfinite(noise) ? safety : noise),
                             .expected = "a norm of at least 0 and a factor above 0",
                             .found = concat("discrepancy_lambda: noise ", noise, " and safety ", safety)});
    Search<Scalar> search(solver, y, options);
    search.solve_for_residuals();
    const double most = safety * noise;
    LambdaChoice choice =
        search.boundary([&](const TradeOff& at) { return at.residual_norm <= most; },
                        [&](const TradeOff& at) { return noise > 0 ? at.residual_norm / noise : at.residual_norm; });
    choice.method =
        concat("discrepancy principle, residual norms ", search.exact() ? "exact by the SVD" : "of solutions");
    return choice;
}

template <class Scalar>
std::vector<TradeOff> l_curve(LeastSquaresSolver<Scalar>& solver, const Tensor<Scalar>& y,
                              const LambdaOptions& options) {
    Search<Scalar> search(solver, y, options);
    search.scan([] { return false; });
    return search.curve();
}

template LambdaChoice gcv_lambda(LeastSquaresSolver<double>&, const Tensor<double>&, const LambdaOptions&);
template LambdaChoice discrepancy_lambda(LeastSquaresSolver<double>&, const Tensor<double>&, double, double,
                                         const LambdaOptions&);
template std::vector<TradeOff> l_curve(LeastSquaresSolver<double>&, const Tensor<double>&, const LambdaOptions&);
template LambdaChoice gcv_lambda(LeastSquaresSolver<std::complex<double>>&, const Tensor<std::complex<double>>&,
                                 const LambdaOptions&);
template LambdaChoice discrepancy_lambda(LeastSquaresSolver<std::complex<double>>&, const Tensor<std::complex<double>>&,
                                         double, double, const LambdaOptions&);
template std::vector<TradeOff> l_curve(LeastSquaresSolver<std::complex<double>>&, const Tensor<std::complex<double>>&,
                                       const LambdaOptions&);

} // namespace convmat
