#pragma once

#include <functional>
#include <memory>

#include <convmat/solve/options.hpp>

#include "preconditioner.hpp"
#include "solver.hpp"
#include "system.hpp"

namespace convmat::solve {

/// Makes the preconditioner when an iteration is first factorised; empty: there is none.
template <class S>
using MakePreconditioner = std::function<std::unique_ptr<NormalPreconditioner<S>>()>;

/// LSQR, LSMR or CGLS on [A; λ L], as often as it takes until the normal residual itself is at the tolerance.
template <class S>
std::unique_ptr<Solver<S>> krylov_solver(const System<S>& system, SolveMethod method,
                                         MakePreconditioner<S> preconditioner, const LeastSquaresOptions& options);

} // namespace convmat::solve
