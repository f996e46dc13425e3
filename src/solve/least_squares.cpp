#include <convmat/solve/least_squares.hpp>

#include "problem.hpp"
#include "trade_off.hpp"

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
    return problem_->method().plan_with_candidates();
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
    return problem_->options().penalty;
}
template <class Scalar>
bool LeastSquaresSolver<Scalar>::has_svd() const {
    return problem_->method().solver().has_svd();
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
    return solve::trade_off(*problem_, y, options);
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
