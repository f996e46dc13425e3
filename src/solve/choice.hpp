#pragma once

#include <memory>
#include <optional>
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

/// A method that was chosen, and what it found when it was tried.
struct FoundSingular {
    SolveMethod method;
    Singular singular;
};

/// All methods, that of the plan first; one that found the system singular is refused with what it said.
template <class S>
std::vector<SolveCandidate> candidates(Prospect<S> prospect, const SolvePlan& plan,
                                       const std::optional<FoundSingular>& found);

} // namespace convmat::solve
