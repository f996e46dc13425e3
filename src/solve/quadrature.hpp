#pragma once

#include <convmat/solve/least_squares.hpp>

#include "solver.hpp"
#include "system.hpp"

namespace convmat::solve {

/// SpectralData of L = I from two bidiagonalisations, of y and of random signs z, instead of from an SVD: b^H f(A A^H)
/// b =
/// ||b||² Σ_i u_i² f(σ_i²), σ and u the singular values of the bidiagonal matrix and the first entries of its left
/// vectors, is Gauss quadrature in the spectrum of A (G. Golub and U. von Matt, 1997). One run serves every λ; it
/// resolves λ down to what `steps` steps of an iteration would.
template <class S>
SpectralData quadrature_data(const System<S>& system, const S* y, Index count, const ProbeOptions& options);

} // namespace convmat::solve
