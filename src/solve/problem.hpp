#pragma once

#include <chrono>

#include <convmat/solve/least_squares.hpp>

#include "../numerics/scaled_kernel.hpp"
#include "chosen_method.hpp"
#include "right_hand_sides.hpp"

namespace convmat::solve {

/// What is measured of an x, over all right-hand sides, in the scaled system.
struct Measured {
    double residual = 0;        ///< ||A x - y||
    double normal_residual = 0; ///< ||A^H (y - A x) - λ² L^H L x||
    double start = 0;           ///< ||A^H y||
    double penalty = 0;         ///< ||L x||
};

template <class S>
Measured measured(const System<S>& system, double lambda, const RightHandSides<S>& right, const S* x);

/// min ||A x - y||² + λ² ||L x||² with weights of about 1 and y of about 1: W = factor W', λ = factor λ'.
template <class S>
class Problem {
  public:
    Problem(const ConvGeometry& geometry, const Tensor<S>& kernel, const LeastSquaresOptions& options);
    Problem(const Problem&) = delete; // its parts refer to one another
    Problem& operator=(const Problem&) = delete;

    const System<S>& system() const { return system_; }
    Survey<S>& survey() { return survey_; }
    ChosenMethod<S>& method() { return method_; }
    const LeastSquaresOptions& options() const { return survey_.options(); }
    double lambda() const { return lambda_; }
    double factor() const { return scaled_.factor; }
    double norm_estimate() { return survey_.norm() * factor(); }

    /// λ of the scaled system. Throws ArgumentError for a number that means nothing, SizeError for one out of reach.
    double scaled(double lambda) const;

    void set_lambda(double lambda);
    void factorize();
    LeastSquares<S> solve(const Tensor<S>& y);

  private:
    using Clock = std::chrono::steady_clock;

    bool holds(const RightHandSides<S>& right, const Measured& measured);
    bool is_lost_in_rounding(const RightHandSides<S>& right, const Measured& measured);
    void unscale(const RightHandSides<S>& right, const Measured& measured, LeastSquares<S>& result) const;

    Clock::time_point start_; // of the analysis
    numerics::ScaledKernel<S> scaled_;
    double lambda_;
    System<S> system_;
    Survey<S> survey_;
    ChosenMethod<S> method_;
    double seconds_ = 0; // of analysis and factors
};

} // namespace convmat::solve
