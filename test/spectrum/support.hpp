#pragma once

#include <algorithm>
#include <complex>
#include <vector>

#include <Eigen/Eigenvalues>

#include <convmat/base/rearrange.hpp>
#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/spectrum/singular_values.hpp>

#include "../support/random_layer.hpp"

namespace convmat::test {

template <class S>
using DenseMatrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;

template <class S>
DenseMatrix<Spectral<S>> dense_w(const ConvGeometry& geometry, const Tensor<S>& kernel) {
    return DenseMatrix<Spectral<S>>(kernel2matrix(geometry, detail::widened<Spectral<S>>(kernel)));
}

/// The singular values of a dense matrix, the largest first, by Eigen: the eigenvalues of [0 A; A^H 0] are they, their
/// negatives and zeros.
template <class S>
std::vector<double> dense_singular_values(const DenseMatrix<S>& a) {
    const Index rows = a.rows(), cols = a.cols();
    DenseMatrix<S> both = DenseMatrix<S>::Zero(rows + cols, rows + cols);
    both.topRightCorner(rows, cols) = a;
    both.bottomLeftCorner(cols, rows) = a.adjoint();
    const Eigen::SelfAdjointEigenSolver<DenseMatrix<S>> solver(both, Eigen::EigenvaluesOnly);
    const Eigen::VectorXd largest = solver.eigenvalues().reverse().head(std::min(rows, cols)).cwiseMax(0.0);
    return {largest.begin(), largest.end()};
}

/// What rounding may have made of a value of dense_singular_values.
inline double dense_rounding(Index rows, Index cols, double largest) {
    return 4 * static_cast<double>(rows + cols) * std::numeric_limits<double>::epsilon() * largest;
}

} // namespace convmat::test
