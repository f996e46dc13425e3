#pragma once

#include <memory>

#include <convmat/solve/options.hpp>

#include "refusal.hpp"
#include "solver.hpp"
#include "system.hpp"

/// The sparse factorisations.
namespace convmat::solve {

/// What a factorisation will take.
struct Prediction {
    double entries = 0;    ///< of the factors
    double operations = 0; ///< of the numerical factorisation
    double bytes = 0;      ///< while it is computed
};

template <class S>
struct Analysed {
    std::unique_ptr<Solver<S>> solver;
    Prediction prediction;
};

/// (A^H A + λ² L^H L) x = A^H y by CHOLMOD; with L none or identity and fewer rows than columns,
/// x = A^H (A A^H + λ² I)^{-1} y. Refined until the normal equations hold to rounding. Throws SizeError when A alone
/// would not fit the memory given.
template <class S>
Analysed<S> cholesky_solver(const System<S>& system, double most_bytes);

/// [A; λ L] E = Q R by SPQR; the solution of least norm, refined. Columns of which less than the tolerance is left are
/// dropped. Predicted for full rank, and twice that where the solution of least norm is asked for: R^H is then
/// factored, too.
template <class S>
Analysed<S> qr_solver(const System<S>& system, Solution solution, double tolerance, double most_bytes);

/// What rounding makes of A^H y, about: where y is orthogonal to the range of A, that is all there is of it.
template <class S>
double rounding_of_start(const System<S>& system, const S* y);

/// Whether A^H (y - A x) is small beside A^H y: LU may lose everything to growth that its pivots do not show.
template <class S>
bool is_solved(const System<S>& system, const S* y, const S* x);

/// What a method says where it is not.
Singular lost(const char* method);

template <class S>
Refusal not_square(const System<S>& system);

/// P A Q = L U of a square A. Throws SingularError where the analysis shows already that there is none.
template <class S>
Analysed<S> umfpack_solver(const System<S>& system, double most_bytes);
template <class S>
Analysed<S> klu_solver(const System<S>& system, double most_bytes);

/// Substitution; singular where the diagonal has a zero. Throws ArgumentError where A is not triangular.
template <class S>
Analysed<S> triangular_solver(const System<S>& system, double most_bytes);

/// Why A is not square and triangular.
template <class S>
Objection no_triangle_because(const System<S>& system);

} // namespace convmat::solve
