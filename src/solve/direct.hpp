#pragma once

#include <memory>

#include <convmat/solve/options.hpp>

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

/// [A; λ L] E = Q R by SPQR. Columns of which less than rank_tolerance ||A||_1-norm-like is left are dropped.
template <class S>
Analysed<S> qr_solver(const System<S>& system, Solution solution, double rank_tolerance, double most_bytes);

/// Throws SingularError unless A^H (y - A x) is small beside A^H y: substitution and LU may lose everything to growth
/// that their pivots do not show.
template <class S>
void require_solved(const System<S>& system, const char* method, const S* y, const S* x);

enum class Lu { umfpack, klu };

/// P A Q = L U of a square A.
template <class S>
Analysed<S> lu_solver(const System<S>& system, Lu package, double most_bytes);

/// Substitution. Throws std::invalid_argument where A is not triangular, SingularError where its diagonal has a zero.
template <class S>
Analysed<S> triangular_solver(const System<S>& system, double most_bytes);

/// Whether A is square and triangular, in words why not; empty if it is.
template <class S>
std::string no_triangle_because(const System<S>& system);

} // namespace convmat::solve
