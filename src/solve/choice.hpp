#pragma once

#include <memory>
#include <vector>

#include <convmat/solve/least_squares.hpp>

#include "solver.hpp"
#include "system.hpp"

namespace convmat::solve {

/// A solver, analysed, and the plan that says why.
template <class S>
struct Chosen {
    SolvePlan plan;
    std::unique_ptr<Solver<S>> solver;
};

/// The solver for the method that the options name, or the best one for `automatic`. λ is that of the scaled system.
/// Throws std::invalid_argument for a method that cannot solve this system, SizeError when it would not fit.
template <class S>
Chosen<S> choose(const System<S>& system, const LeastSquaresOptions& options, double lambda);

/// What `automatic` does when its choice found the system singular: SPQR where it can be afforded, otherwise LSMR. It
/// is factorised.
template <class S>
Chosen<S> choose_for_singular(const System<S>& system, const LeastSquaresOptions& options, double lambda,
                              const SolvePlan& before);

/// Bytes that factors may take.
double memory_of(const LeastSquaresOptions& options);

/// max_o sum |K|: about ||A||.
template <class S>
double norm_of(const System<S>& system);

} // namespace convmat::solve
