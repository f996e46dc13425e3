#pragma once

#include <convmat/solve/least_squares.hpp>

namespace convmat {

/// A^+, the Moore-Penrose pseudo-inverse of A = W or W^T, as an operator: x = A^+ y is the x of least norm among those
/// with the least ||A x - y||. A^+ A A^+ = A^+, A A^+ A = A; W^-1 where W is invertible.
///
///     PseudoInverse<double> inverse(geometry, K);
///     Tensor<double> x = inverse.apply(y);              // y of shape (O, m...), or (N, O, m...)
///
/// rows() = cols of A. By an exact SVD where the structure gives one, else by SPQR, else by an iteration: see plan().
template <class Scalar>
class PseudoInverse {
  public:
    /// Analyses and factorises; `options` may name a method and its limits. Throws as LeastSquaresSolver.
    PseudoInverse(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, LeastSquaresOptions options = {})
        : solver_(geometry, kernel, of_least_norm(options)) {
        solver_.factorize();
    }

    Index rows() const { return solver_.cols(); }
    Index cols() const { return solver_.rows(); }
    const SolvePlan& plan() const { return solver_.plan(); }

    /// x = A^+ y. Throws as LeastSquaresSolver::solve.
    Tensor<Scalar> apply(const Tensor<Scalar>& y) { return solver_.solve(y).x; }

  private:
    static LeastSquaresOptions of_least_norm(LeastSquaresOptions options) {
        options.lambda = 0;
        options.penalty = Penalty::none;
        options.solution = Solution::minimum_norm;
        options.preconditioner = Preconditioner::none; // any other leads away from it
        return options;
    }

    LeastSquaresSolver<Scalar> solver_;
};

} // namespace convmat
