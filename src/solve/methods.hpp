#pragma once

#include <memory>
#include <span>

#include <convmat/solve/least_squares.hpp>

#include "prices.hpp"
#include "solver.hpp"

namespace convmat::solve {

/// What a method rests on.
enum class Family { svd, substitution, factor, iteration };

/// A solver, and what it takes: after the analysis, where its method has one.
template <class S>
struct Made {
    std::unique_ptr<Solver<S>> solver;
    Price price;
};

/// One row of the table of methods.
template <class S>
struct Method {
    SolveMethod name;
    Family family;
    Objection (*objection)(Prospect<S>&); ///< why it cannot solve this system
    Price (*price)(Prospect<S>&);         ///< without an analysis; throws SizeError for what no number holds
    Made<S> (*make)(Prospect<S>&);        ///< analyses; throws SizeError where A alone would not fit
    bool (*considered)(Prospect<S>&);     ///< by `automatic`, where there is no objection
};

/// All of them, those that `automatic` would rather take before the others.
template <class S>
std::span<const Method<S>> methods();

template <class S>
const Method<S>& method_of(SolveMethod name);

} // namespace convmat::solve
