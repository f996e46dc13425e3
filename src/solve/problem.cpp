#include "problem.hpp"

#include <cmath>

#include "valid_options.hpp"
#include "vector.hpp"

namespace convmat::solve {
namespace {

constexpr double most_lambda = 1e150;   // of the scaled system: its square is a double
constexpr double most_left_over = 1e-5; // of the normal equations, far more than a direct method leaves

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

const LeastSquaresOptions& valid(const LeastSquaresOptions& options) {
    require_valid(options);
    return options;
}

// Of W^T as an adjoint.
template <class S>
Tensor<S> conjugated(const Tensor<S>& kernel, Form form) {
    Tensor<S> result = kernel;
    if constexpr (Eigen::NumTraits<S>::IsComplex)
        if (form == Form::transpose)
            for (S& value : result.values()) value = std::conj(value);
    return result;
}

} // namespace

template <class S>
Measured measured(const System<S>& system, double lambda, const RightHandSides<S>& right, const S* x) {
    Measured all;
    Vector<S> r(system.rows()), g(system.cols());
    for (Index i = 0; i < right.count(); ++i, x += system.cols()) {
        const S* y = right.values() + i * system.rows();
        system.apply_adjoint(y, g.data());
        all.start = std::hypot(all.start, g.norm());
        system.normal_residual(lambda, y, x, r.data(), g.data());
        all.residual = std::hypot(all.residual, r.norm());
        all.normal_residual = std::hypot(all.normal_residual, g.norm());
        all.penalty = std::hypot(all.penalty, system.penalty_norm(x));
    }
    return all;
}

template <class S>
Problem<S>::Problem(const ConvGeometry& geometry, const Tensor<S>& kernel, const LeastSquaresOptions& options)
    : start_(Clock::now()),
      scaled_(geometry, kernel, "LeastSquaresSolver: kernel"),
      lambda_(valid(options).lambda),
      system_(geometry, conjugated(scaled_.kernel, options.form), options.form, options.penalty),
      survey_(system_, options),
      method_(survey_, scaled(lambda_)),
      seconds_(seconds_since(start_)) {}

template <class S>
double Problem<S>::scaled(double lambda) const {
    require_lambda(lambda);
    const double of_scaled = lambda / factor();
    if (!(of_scaled < most_lambda))
        throw SizeError({.parameter = "lambda",
                         .value = concat(lambda),
                         .expected = "a smaller one",
                         .found = concat("lambda ", lambda, " is beyond what weights of up to ", factor(),
                                         " can be weighed against")});
    return of_scaled;
}

template <class S>
void Problem<S>::set_lambda(double lambda) {
    method_.set_lambda(scaled(lambda)); // throws before anything has changed
    lambda_ = lambda;
}

template <class S>
void Problem<S>::factorize() {
    const auto start = Clock::now();
    method_.factorize();
    seconds_ += seconds_since(start);
}

template <class S>
LeastSquares<S> Problem<S>::solve(const Tensor<S>& y) {
    const RightHandSides<S> right(y, system_.y_shape());
    factorize();
    const auto start = Clock::now();
    LeastSquares<S> result;
    result.x = Tensor<S>(right.shape_with(system_.x_shape()));
    const Steps steps = method_.solve(right.values(), result.x.data(), right.count());
    const Measured found = measured(system_, method_.lambda(), right, result.x.data());
    unscale(right, found, result);
    result.lambda = lambda_;
    result.method = method_.plan().method;
    result.reason = method_.plan().reason;
    const bool lost = is_lost_in_rounding(right, found);
    if (lost)
        result.reason += "; x is so large that its rounding alone outweighs y: for a small x that fits y as well as it "
                         "can, take spqr or a lambda above 0";
    result.converged = steps.converged && (lost || holds(right, found));
    result.iterations = steps.count;
    result.rank = method_.solver().rank();
    result.factor_nnz = method_.solver().factor_nnz();
    result.bytes = method_.plan().bytes;
    result.reciprocal_condition = method_.solver().reciprocal_condition();
    result.seconds = seconds_ + seconds_since(start);
    return result;
}

// That a direct method did solve the normal equations, to far less than it can.
template <class S>
bool Problem<S>::holds(const RightHandSides<S>& right, const Measured& found) {
    const auto y = Eigen::Map<const Vector<S>>(right.values(), right.count() * system_.rows());
    return found.normal_residual <= most_left_over * survey_.norm() * y.norm() ||
           found.normal_residual <= most_left_over * found.start;
}

// Substitution solves W x = y for an invertible W, whatever its condition: where x is far larger than y, its own
// rounding makes a W x that is not near y.
template <class S>
bool Problem<S>::is_lost_in_rounding(const RightHandSides<S>& right, const Measured& found) {
    return method_.plan().method == SolveMethod::triangular && !holds(right, found);
}

// Two steps at a time: either factor may be near the ends of the range.
template <class S>
void Problem<S>::unscale(const RightHandSides<S>& right, const Measured& found, LeastSquares<S>& result) const {
    result.residual_norm = found.residual * right.factor();
    result.normal_residual = found.normal_residual * (right.factor() * factor());
    result.relative_normal_residual = found.start > 0 ? found.normal_residual / found.start : 0;
    result.penalty_norm = found.penalty / factor() * right.factor();
    for (S& value : result.x.values()) value = S(value / factor()) * right.factor();
    if (!result.x.vec().allFinite())
        throw SizeError({.parameter = "lambda",
                         .value = concat(lambda_),
                         .expected = "a larger lambda or y and weights nearer to 1",
                         .found = "x exceeds the range of double"});
}

template Measured measured(const System<double>&, double, const RightHandSides<double>&, const double*);
template Measured measured(const System<Complex>&, double, const RightHandSides<Complex>&, const Complex*);
template class Problem<double>;
template class Problem<Complex>;

} // namespace convmat::solve
