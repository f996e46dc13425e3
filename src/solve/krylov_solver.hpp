#pragma once

#include <memory>
#include <string>

#include <convmat/solve/options.hpp>

#include "solver.hpp"
#include "system.hpp"

namespace convmat::solve {

/// What an iteration was given beside the system, in words, and why.
struct Preconditioned {
    Preconditioner kind = Preconditioner::none;
    std::string reason;
};

/// The preconditioner that `asked` stands for. Throws std::invalid_argument for a circulant there is not.
template <class S>
Preconditioned choose_preconditioner(const System<S>& system, const LeastSquaresOptions& options);

/// LSQR, LSMR or CGLS on [A; λ L], as often as it takes until the normal residual itself is at the tolerance.
template <class S>
std::unique_ptr<Solver<S>> krylov_solver(const System<S>& system, SolveMethod method, Preconditioner preconditioner,
                                         const LeastSquaresOptions& options);

/// About how long a step takes, in operations.
template <class S>
double krylov_step_operations(const System<S>& system, Preconditioner preconditioner);

} // namespace convmat::solve
