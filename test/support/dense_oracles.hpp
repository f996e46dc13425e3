#pragma once

#include <complex>
#include <optional>
#include <vector>

#include <Eigen/Core>

#include <convmat/base/types.hpp>

/// Eigen's dense decompositions, for double and std::complex<double>: what the tests compare with. They take long to
/// compile, so they are compiled once, in the library convmat_test_oracles.
namespace convmat::test {

template <class S>
using DenseMatrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;

/// Of A = A^H, ascending; to eps ||A||.
Eigen::VectorXd hermitian_eigenvalues(const DenseMatrix<double>& a);
Eigen::VectorXd hermitian_eigenvalues(const DenseMatrix<std::complex<double>>& a);

/// The singular values of a dense matrix, the largest first: the eigenvalues of [0 A; A^H 0] are they, their negatives
/// and zeros.
std::vector<double> dense_singular_values(const DenseMatrix<double>& a);
std::vector<double> dense_singular_values(const DenseMatrix<std::complex<double>>& a);

/// ||A||_2, to eps of itself: the largest eigenvalue of the smaller of A A^H and A^H A is its square.
double dense_norm2(const DenseMatrix<double>& a);
double dense_norm2(const DenseMatrix<std::complex<double>>& a);

/// X of least norm with the least ||A X - B||, and the rank of A, by an orthogonal decomposition with column pivoting.
template <class S>
struct DenseMinimum {
    DenseMatrix<S> x;
    Index rank = 0;
};

/// Pivots up to `threshold` of the largest are 0; by default those up to eps times the smaller extent.
DenseMinimum<double> dense_minimum(const DenseMatrix<double>& a, const DenseMatrix<double>& b,
                                   std::optional<double> threshold = {});
DenseMinimum<std::complex<double>> dense_minimum(const DenseMatrix<std::complex<double>>& a,
                                                 const DenseMatrix<std::complex<double>>& b,
                                                 std::optional<double> threshold = {});

/// A^+ by a dense SVD; values up to 1e-10 of the largest are 0.
template <class S>
struct DensePseudoInverse {
    explicit DensePseudoInverse(const DenseMatrix<S>& a);

    double condition() const { return rank > 0 ? largest / smallest : 1; }

    DenseMatrix<S> matrix;
    Index rank = 0;
    double largest = 0;
    double smallest = 0; ///< of those that are not 0
};

/// det A = phase e^log_abs, the product of the diagonal of U by LU with full pivoting, and the ratio of the largest
/// pivot to the smallest.
template <class S>
struct DenseDeterminant {
    explicit DenseDeterminant(const DenseMatrix<S>& a);

    S phase = 1;
    double log_abs = 0;
    double condition = 1;
};

} // namespace convmat::test
