#include "trade_off.hpp"

#include <cmath>
#include <random>

#include "quadrature.hpp"
#include "svd_solver.hpp"
#include "valid_options.hpp"
#include "vector.hpp"

namespace convmat::solve {
namespace {

constexpr Index small_side = 500; // of an A whose dense SVD is quicker than a quadrature

struct Spectrum {
    SpectralData data;
    bool exact = true;
};

template <class S>
std::optional<Spectrum> spectrum_of(Problem<S>& problem, const RightHandSides<S>& right, const ProbeOptions& options) {
    const System<S>& system = problem.system();
    const S* y = right.values();
    if (auto data = problem.method().solver().spectral_data(y, right.count())) return Spectrum{std::move(*data), true};
    if (system.penalty() != Penalty::identity) return std::nullopt;
    if (std::max(system.rows(), system.cols()) > small_side)
        return Spectrum{quadrature_data(system, y, right.count(), options), false};
    const auto decompose = [&problem] { return problem.survey().separable().svds(); };
    return Spectrum{*SvdSolver<S>(system, decompose, 0, 0).spectral_data(y, right.count()), true};
}

// The sums of SpectralData, in the scaled system.
TradeOff summed(const Spectrum& spectrum, double lambda) {
    const SpectralData& data = spectrum.data;
    const double square = lambda * lambda;
    double residual = data.outside, penalty = 0, freedom = 0;
    for (std::size_t i = 0; i < data.squares.size(); ++i) {
        const double added = square * data.penalties[i], both = data.squares[i] + added;
        if (both == 0) {
            residual += data.coefficients[i];
            continue;
        }
        const double kept = added / both;
        residual += data.coefficients[i] * kept * kept;
        const double filter = std::sqrt(data.squares[i]) / both; // both² may be below the range
        penalty += data.coefficients[i] * data.penalties[i] * filter * filter;
        freedom += data.weights[i] * data.squares[i] / both;
    }
    return {lambda, std::sqrt(residual), std::sqrt(penalty), freedom, spectrum.exact};
}

// Solutions for a λ, to a tolerance of its own, by the problem's method but another solver.
template <class S>
class Estimate {
  public:
    Estimate(Problem<S>& problem, const ProbeOptions& options)
        : system_(problem.system()),
          method_(problem.method()),
          tolerance_(std::max(options.tolerance, problem.options().tolerance)),
          options_(options) {}

    TradeOff at(const RightHandSides<S>& right, double lambda) {
        method_.set_lambda(lambda);
        method_.solver().set_tolerance(tolerance_);
        Tensor<S> x(right.shape_with(system_.x_shape()));
        method_.solve(right.values(), x.data(), right.count());
        const Measured found = measured(system_, lambda, right, x.data());
        return {lambda, found.residual, found.penalty, probed_freedom(), false};
    }

  private:
    // z^H A x(z) for random signs z, the same for every λ so that the curve is smooth.
    double probed_freedom() {
        std::mt19937_64 random(options_.seed);
        Vector<S> z(system_.rows()), x(system_.cols()), ax(system_.rows());
        double sum = 0;
        for (Index probe = 0; probe < options_.probes; ++probe) {
            for (S& value : z) value = (random() >> 63) != 0 ? 1.0 : -1.0;
            method_.solve(z.data(), x.data(), 1);
            system_.apply(x.data(), ax.data());
            sum += std::real(z.dot(ax));
        }
        return sum / static_cast<double>(options_.probes);
    }

    const System<S>& system_;
    ChosenMethod<S> method_;
    double tolerance_;
    ProbeOptions options_;
};

} // namespace

template <class S>
std::function<TradeOff(double)> trade_off(Problem<S>& problem, const Tensor<S>& y, const ProbeOptions& options) {
    require_valid(options);
    auto right = std::make_shared<const RightHandSides<S>>(y, problem.system().y_shape());
    const auto unscaled = [&problem, y_factor = right->factor()](TradeOff at, double lambda) {
        at.lambda = lambda;
        at.residual_norm *= y_factor;
        at.penalty_norm = at.penalty_norm / problem.factor() * y_factor;
        return at;
    };
    if (std::optional<Spectrum> found = spectrum_of(problem, *right, options)) {
        const auto spectrum = std::make_shared<const Spectrum>(std::move(*found));
        return [&problem, spectrum, unscaled](double lambda) {
            return unscaled(summed(*spectrum, problem.scaled(lambda)), lambda);
        };
    }
    const auto estimate = std::make_shared<Estimate<S>>(problem, options);
    return [&problem, estimate, right, unscaled](double lambda) {
        return unscaled(estimate->at(*right, problem.scaled(lambda)), lambda);
    };
}

template std::function<TradeOff(double)> trade_off(Problem<double>&, const Tensor<double>&, const ProbeOptions&);
template std::function<TradeOff(double)> trade_off(Problem<Complex>&, const Tensor<Complex>&, const ProbeOptions&);

} // namespace convmat::solve
