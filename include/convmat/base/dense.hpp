#pragma once

#include <complex>
#include <concepts>
#include <span>
#include <vector>

#include <convmat/base/types.hpp>

/// Decompositions of dense matrices by Eigen, compiled once: they take seconds to compile wherever they are written.
/// A matrix is its values, column after column. Cost: n^3, and memory for a few copies.
namespace convmat::dense {

template <class T>
concept Scalar = std::same_as<T, double> || std::same_as<T, std::complex<double>>;

/// The eigenvalues of a hermitian n x n matrix, the least first.
template <Scalar S>
std::vector<double> hermitian_eigenvalues(Index n, std::span<const S> a);

/// A V = V diag(values): the same, and `a` becomes V, whose columns are orthonormal eigenvectors.
template <Scalar S>
std::vector<double> hermitian_eigenvectors(Index n, std::span<S> a);

/// Singular values, min(rows, cols) of them, the largest first. Each is exact up to eps ||A||_2, so that the smallest
/// are relative to the largest one.
template <Scalar S>
std::vector<double> singular_values(Index rows, Index cols, std::span<const S> a);

/// log |det A| of an n x n matrix, from its QR decomposition; -inf where it finds it singular.
template <Scalar S>
double log_abs_determinant(Index n, std::span<const S> a);

/// b <- A^{-1} b for the columns of b, n values each, from the QR decomposition of A.
void solve(Index n, std::span<const std::complex<double>> a, std::span<std::complex<double>> b);

/// C = A B^H, of rows x inner and cols x inner values.
template <Scalar S>
std::vector<S> times_adjoint(Index rows, Index inner, Index cols, std::span<const S> a, std::span<const S> b);

/// A <- A^+ of a hermitian, positive semidefinite n x n matrix; returns its rank. Eigenvalues up to n eps times the
/// largest are taken for 0.
Index invert_semidefinite(Index n, std::span<double> a);

/// x <- A x for a real n x n matrix; the values of x lie `step` apart from `x` on.
template <Scalar S>
void multiply(Index n, std::span<const double> a, S* x, Index step);

} // namespace convmat::dense
