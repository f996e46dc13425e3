#pragma once

#include <memory>
#include <vector>

#include <convmat/solve/least_squares.hpp>

#include "prices.hpp"
#include "solver.hpp"

namespace convmat::solve {

/// A solver, analysed, and the plan that says why; without the candidates.
template <class S>
struct Chosen {
    SolvePlan plan;
    std::unique_ptr<Solver<S>> solver;
};

/// The solver for the method that the options name, or the best one for `automatic`. Throws ArgumentError for a method
/// that cannot solve this system, SizeError when it would not fit.
template <class S>
Chosen<S> choose(Prospect<S> prospect);

/// What `automatic` does when the method it chose found the system singular: SPQR where it can be afforded, otherwise
/// LSMR. It is factorised.
template <class S>
Chosen<S> choose_for_singular(Prospect<S> prospect, SolveMethod before);

/// All methods, that of the plan first.
template <class S>
std::vector<SolveCandidate> candidates(Prospect<S> prospect, const SolvePlan& plan);

} // namespace convmat::solve
