#include "dense_oracles.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Eigenvalues>

namespace convmat::test {
namespace {

template <class S>
Eigen::VectorXd eigenvalues_of(const DenseMatrix<S>& hermitian) {
    return Eigen::SelfAdjointEigenSolver<DenseMatrix<S>>(hermitian, Eigen::EigenvaluesOnly).eigenvalues();
}

template <class S>
std::vector<double> singular_values_of(const DenseMatrix<S>& a) {
    const Index rows = a.rows(), cols = a.cols();
    DenseMatrix<S> both = DenseMatrix<S>::Zero(rows + cols, rows + cols);
    both.topRightCorner(rows, cols) = a;
    both.bottomLeftCorner(cols, rows) = a.adjoint();
    const Eigen::VectorXd largest = hermitian_eigenvalues(both).reverse().head(std::min(rows, cols)).cwiseMax(0.0);
    return {largest.begin(), largest.end()};
}

template <class S>
double norm2_of(const DenseMatrix<S>& a) {
    const DenseMatrix<S> gram = a.rows() < a.cols() ? DenseMatrix<S>(a * a.adjoint()) : DenseMatrix<S>(a.adjoint() * a);
    return std::sqrt(std::max(hermitian_eigenvalues(gram)(gram.rows() - 1), 0.0));
}

} // namespace

Eigen::VectorXd hermitian_eigenvalues(const DenseMatrix<double>& a) { return eigenvalues_of(a); }
Eigen::VectorXd hermitian_eigenvalues(const DenseMatrix<std::complex<double>>& a) { return eigenvalues_of(a); }

std::vector<double> dense_singular_values(const DenseMatrix<double>& a) { return singular_values_of(a); }
std::vector<double> dense_singular_values(const DenseMatrix<std::complex<double>>& a) { return singular_values_of(a); }

double dense_norm2(const DenseMatrix<double>& a) { return norm2_of(a); }
double dense_norm2(const DenseMatrix<std::complex<double>>& a) { return norm2_of(a); }

} // namespace convmat::test
