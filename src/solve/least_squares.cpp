#include <convmat/solve/least_squares.hpp>

#include <chrono>
#include <cmath>
#include <limits>
#include <random>

#include <convmat/base/checked.hpp>

#include "../numerics/scaled_kernel.hpp"
#include "choice.hpp"
#include "quadrature.hpp"
#include "right_hand_sides.hpp"
#include "svd_solver.hpp"

namespace convmat::solve {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Index small_side = 500; // of an A whose dense SVD is quicker than a quadrature

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void require(bool right, const char* option, double value, const char* expected) {
    if (!right)
        throw std::invalid_argument(concat("LeastSquaresOptions::", option, " is ", value, ", expected ", expected));
}

void require_valid(const LeastSquaresOptions& options) {
    require(options.lambda >= 0 && std::isfinite(options.lambda), "lambda", options.lambda,
            "a finite number of at least 0");
    require(options.tolerance > 0 && options.tolerance < 1, "tolerance", options.tolerance, "a number between 0 and 1");
    require(options.most_steps >= 0, "most_steps", static_cast<double>(options.most_steps), "a number of at least 0");
    if (options.rank_tolerance)
        require(*options.rank_tolerance >= 0 && *options.rank_tolerance < 1, "rank_tolerance", *options.rank_tolerance,
                "a number of at least 0 and below 1");
    if (options.most_memory)
        require(*options.most_memory >= 0, "most_memory", static_cast<double>(*options.most_memory),
                "a number of at least 0");
    if (options.most_seconds)
        require(*options.most_seconds >= 0, "most_seconds", *options.most_seconds, "a number of at least 0");
}

template <class S>
Tensor<S> conjugated(const Tensor<S>& kernel, Form form) {
    Tensor<S> result = kernel;
    if constexpr (Eigen::NumTraits<S>::IsComplex)
        if (form == Form::transpose)
            for (S& value : result.values()) value = std::conj(value);
    return result;
}

} // namespace

/// The problem with weights of about 1 and y of about 1: W = factor W', λ = factor λ'.
template <class S>
class Problem {
  public:
    Problem(const ConvGeometry& geometry, const Tensor<S>& kernel, const LeastSquaresOptions& options)
        : options_((require_valid(options), options)),
          scaled_(geometry, kernel, "LeastSquaresSolver: kernel"),
          lambda_(options.lambda),
          system_(geometry, conjugated(scaled_.kernel, options.form), options.form, options.penalty) {
        const auto start = Clock::now();
        chosen_ = choose(system_, options_, scaled_lambda());
        seconds_ = seconds_since(start);
    }

    const System<S>& system() const { return system_; }
    const SolvePlan& plan() const { return chosen_.plan; }
    double lambda() const { return lambda_; }
    double norm_estimate() const { return norm_of(system_) * scaled_.factor; }
    Penalty penalty() const { return options_.penalty; }
    bool has_svd() const { return chosen_.solver->has_svd(); }

    void set_lambda(double lambda) {
        require(lambda >= 0 && std::isfinite(lambda), "lambda", lambda, "a finite number of at least 0");
        LeastSquaresOptions options = options_;
        options.lambda = lambda;
        if (fell_back_ || needs_another_choice(lambda))
            chosen_ = choose(system_, options, scaled(lambda)); // throws before anything has changed
        options_.lambda = lambda_ = lambda;
        fell_back_ = factorised_ = false;
    }

    void factorize() {
        if (factorised_) return;
        const auto start = Clock::now();
        otherwise_if_singular([&] { chosen_.solver->factorize(scaled_lambda()); });
        factorised_ = true;
        seconds_ += seconds_since(start);
    }

    LeastSquares<S> solve(const Tensor<S>& y) {
        const RightHandSides<S> right(y, system_.y_shape());
        factorize();
        const auto start = Clock::now();
        LeastSquares<S> result;
        result.x = Tensor<S>(right.shape_with(system_.x_shape()));
        const Steps steps = run(right.values(), result.x.data(), right.count());
        measure(right, result);
        unscale(right, result);
        result.lambda = lambda_;
        result.method = chosen_.plan.method;
        result.reason = chosen_.plan.reason;
        result.converged = steps.converged && holds(right, result);
        result.iterations = steps.count;
        result.rank = chosen_.solver->rank();
        result.factor_nnz = chosen_.solver->factor_nnz();
        result.reciprocal_condition = chosen_.solver->reciprocal_condition();
        result.seconds = seconds_ + seconds_since(start);
        return result;
    }

    std::function<TradeOff(double)> trade_off(const Tensor<S>& y, const ProbeOptions& options) {
        if (options.probes < 1 || options.steps < 1)
            throw std::invalid_argument(concat("ProbeOptions: ", options.probes, " probes of ", options.steps,
                                               " steps, expected at least 1 of each"));
        const auto right = std::make_shared<RightHandSides<S>>(y, system_.y_shape());
        std::optional<SpectralData> data = chosen_.solver->spectral_data(right->values(), right->count());
        bool exact = data.has_value();
        if (!data && options_.penalty == Penalty::identity && std::max(system_.rows(), system_.cols()) <= small_side) {
            SvdSolver<S> dense(
                system_, [this] { return kronecker_svds(system_); }, 0, 0);
            data = dense.spectral_data(right->values(), right->count());
            exact = true;
        }
        if (!data && options_.penalty == Penalty::identity)
            data = quadrature_data(system_, right->values(), right->count(), options);
        if (!data) return [this, right, options](double lambda) { return estimated(*right, checked(lambda), options); };
        const auto shared = std::make_shared<SpectralData>(std::move(*data));
        return [this, shared, exact, factor = right->factor()](double lambda) {
            return from_spectrum(*shared, checked(lambda), factor, exact);
        };
    }

  private:
    double scaled_lambda() const { return scaled(lambda_); }

    // Methods for λ = 0 alone; and preconditioners, of which with λ = 0 some lead away from the solution of least norm.
    bool needs_another_choice(double lambda) const {
        if (options_.penalty == Penalty::none) return false;
        switch (chosen_.plan.method) {
        case SolveMethod::triangular:
        case SolveMethod::umfpack:
        case SolveMethod::klu:
            return lambda > 0;
        case SolveMethod::lsqr:
        case SolveMethod::lsmr:
        case SolveMethod::cg:
            return options_.preconditioner == Preconditioner::automatic && (lambda > 0) != (lambda_ > 0);
        default:
            return false;
        }
    }

    double scaled(double of) const {
        const double lambda = of / scaled_.factor;
        if (!(lambda < 1e150))
            throw SizeError(concat("lambda ", of, " is beyond what weights of up to ", scaled_.factor,
                                   " can be weighed against, expected a smaller one"));
        return lambda;
    }

    // What found the system singular is replaced, once, where the choice was ours.
    template <class Body>
    void otherwise_if_singular(const Body& body) {
        try {
            body();
        } catch (const SingularError&) {
            if (options_.method != SolveMethod::automatic) throw;
            chosen_ = choose_for_singular(system_, options_, scaled_lambda(), chosen_.plan);
            fell_back_ = true;
            body();
        }
    }

    Steps run(const S* y, S* x, Index count) {
        Steps steps;
        otherwise_if_singular([&] { steps = chosen_.solver->solve(y, x, count); });
        return steps;
    }

    void measure(const RightHandSides<S>& right, LeastSquares<S>& result) const {
        const double lambda = options_.penalty == Penalty::none ? 0 : scaled_lambda();
        Vector r(system_.rows()), g(system_.cols());
        double start = 0;
        for (Index i = 0; i < right.count(); ++i) {
            const S* y = right.values() + i * system_.rows();
            const S* x = result.x.data() + i * system_.cols();
            system_.apply_adjoint(y, g.data());
            start = std::hypot(start, g.norm());
            system_.normal_residual(lambda, y, x, r.data(), g.data());
            result.residual_norm = std::hypot(result.residual_norm, r.norm());
            result.normal_residual = std::hypot(result.normal_residual, g.norm());
            result.penalty_norm = std::hypot(result.penalty_norm, system_.penalty_norm(x));
        }
        result.relative_normal_residual = start > 0 ? result.normal_residual / start : 0;
    }

    // That a direct method did solve the normal equations, to far less than it can. In the scaled system.
    bool holds(const RightHandSides<S>& right, const LeastSquares<S>& result) const {
        const auto y = Eigen::Map<const Vector>(right.values(), right.count() * system_.rows());
        return result.normal_residual / (right.factor() * scaled_.factor) <= 1e-5 * norm_of(system_) * y.norm() ||
               result.relative_normal_residual <= 1e-5;
    }

    void unscale(const RightHandSides<S>& right, LeastSquares<S>& result) const {
        result.residual_norm *= right.factor();
        result.normal_residual *= right.factor() * scaled_.factor;
        // Two steps: either factor may be near the ends of the range.
        result.penalty_norm = result.penalty_norm / scaled_.factor * right.factor();
        for (S& value : result.x.values()) value = S(value / scaled_.factor) * right.factor();
        if (!result.x.vec().allFinite())
            throw SizeError("x exceeds the range of double, expected a larger lambda or y and weights nearer to 1");
    }

    static double checked(double lambda) {
        require(lambda >= 0 && std::isfinite(lambda), "lambda", lambda, "a finite number of at least 0");
        return lambda;
    }

    TradeOff from_spectrum(const SpectralData& data, double lambda, double factor, bool exact) const {
        const double square = std::pow(lambda / scaled_.factor, 2);
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
        return {lambda, factor * std::sqrt(residual), factor / scaled_.factor * std::sqrt(penalty), freedom, exact};
    }

    // z^H A x(z) for random signs z, the same for every λ so that the curve is smooth.
    double probed_freedom(const ProbeOptions& options) {
        std::mt19937_64 random(options.seed);
        Vector z(system_.rows()), x(system_.cols()), ax(system_.rows());
        double sum = 0;
        for (Index probe = 0; probe < options.probes; ++probe) {
            for (S& value : z) value = (random() >> 63) != 0 ? 1.0 : -1.0;
            run(z.data(), x.data(), 1);
            system_.apply(x.data(), ax.data());
            sum += std::real(z.dot(ax));
        }
        return sum / static_cast<double>(options.probes);
    }

    TradeOff estimated(const RightHandSides<S>& right, double lambda, const ProbeOptions& options) {
        const double own = lambda_;
        const auto restore = [&] {
            chosen_.solver->set_tolerance(options_.tolerance);
            set_lambda(own);
        };
        try {
            const TradeOff at = estimated_at(right, lambda, options);
            restore();
            return at;
        } catch (...) {
            restore();
            throw;
        }
    }

    TradeOff estimated_at(const RightHandSides<S>& right, double lambda, const ProbeOptions& options) {
        set_lambda(lambda);
        chosen_.solver->set_tolerance(std::max(options.tolerance, options_.tolerance));
        factorize();
        LeastSquares<S> at;
        at.x = Tensor<S>(right.shape_with(system_.x_shape()));
        run(right.values(), at.x.data(), right.count());
        measure(right, at);
        return {lambda, at.residual_norm * right.factor(), at.penalty_norm / scaled_.factor * right.factor(),
                probed_freedom(options), false};
    }

    using Vector = Eigen::Matrix<S, Eigen::Dynamic, 1>;

    LeastSquaresOptions options_;
    numerics::ScaledKernel<S> scaled_;
    double lambda_;
    System<S> system_;
    Chosen<S> chosen_;
    bool factorised_ = false;
    bool fell_back_ = false; // for this λ alone
    double seconds_ = 0;
};

} // namespace convmat::solve

namespace convmat {

template <class Scalar>
LeastSquaresSolver<Scalar>::LeastSquaresSolver(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                                               const LeastSquaresOptions& options)
    : problem_(std::make_unique<solve::Problem<Scalar>>(geometry, kernel, options)) {}

template <class Scalar>
LeastSquaresSolver<Scalar>::~LeastSquaresSolver() = default;
template <class Scalar>
LeastSquaresSolver<Scalar>::LeastSquaresSolver(LeastSquaresSolver&&) noexcept = default;
template <class Scalar>
LeastSquaresSolver<Scalar>& LeastSquaresSolver<Scalar>::operator=(LeastSquaresSolver&&) noexcept = default;

template <class Scalar>
Index LeastSquaresSolver<Scalar>::rows() const {
    return problem_->system().rows();
}
template <class Scalar>
Index LeastSquaresSolver<Scalar>::cols() const {
    return problem_->system().cols();
}
template <class Scalar>
Shape LeastSquaresSolver<Scalar>::x_shape() const {
    return problem_->system().x_shape();
}
template <class Scalar>
Shape LeastSquaresSolver<Scalar>::y_shape() const {
    return problem_->system().y_shape();
}
template <class Scalar>
const SolvePlan& LeastSquaresSolver<Scalar>::plan() const {
    return problem_->plan();
}
template <class Scalar>
double LeastSquaresSolver<Scalar>::lambda() const {
    return problem_->lambda();
}
template <class Scalar>
double LeastSquaresSolver<Scalar>::norm_estimate() const {
    return problem_->norm_estimate();
}
template <class Scalar>
Penalty LeastSquaresSolver<Scalar>::penalty() const {
    return problem_->penalty();
}
template <class Scalar>
bool LeastSquaresSolver<Scalar>::has_svd() const {
    return problem_->has_svd();
}
template <class Scalar>
void LeastSquaresSolver<Scalar>::set_lambda(double lambda) {
    problem_->set_lambda(lambda);
}
template <class Scalar>
void LeastSquaresSolver<Scalar>::factorize() {
    problem_->factorize();
}
template <class Scalar>
LeastSquares<Scalar> LeastSquaresSolver<Scalar>::solve(const Tensor<Scalar>& y) {
    return problem_->solve(y);
}
template <class Scalar>
std::function<TradeOff(double)> LeastSquaresSolver<Scalar>::trade_off(const Tensor<Scalar>& y,
                                                                      const ProbeOptions& options) {
    return problem_->trade_off(y, options);
}
template <class Scalar>
std::vector<TradeOff> LeastSquaresSolver<Scalar>::trade_off(const Tensor<Scalar>& y, std::span<const double> lambdas,
                                                            const ProbeOptions& options) {
    const auto cost = trade_off(y, options);
    std::vector<TradeOff> points;
    for (const double lambda : lambdas) points.push_back(cost(lambda));
    return points;
}

template class LeastSquaresSolver<double>;
template class LeastSquaresSolver<std::complex<double>>;

} // namespace convmat
