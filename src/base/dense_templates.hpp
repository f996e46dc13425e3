#pragma once

#include <convmat/base/dense.hpp>

#include <algorithm>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>

/// The functions of dense.hpp, which dense_real.cpp and dense_complex.cpp compile: one file of both takes a gigabyte.
namespace convmat::dense {
template <class S>
using Values = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;

template <class S>
Eigen::Map<const Values<S>> view(Index rows, Index cols, std::span<const S> a) {
    return {a.data(), rows, cols};
}

inline std::vector<double> list_of(const Eigen::VectorXd& values) { return {values.begin(), values.end()}; }

// A, or where one side is much longer the triangle of a QR decomposition, which has the same singular values.
template <class S>
Values<S> shortened(Values<S> a) {
    const Index longer = std::max(a.rows(), a.cols());
    if (longer < 512 || longer < 4 * std::min(a.rows(), a.cols())) return a;
    if (a.rows() < a.cols()) a = Values<S>(a.adjoint());
    const Values<S> qr = Eigen::HouseholderQR<Values<S>>(a).matrixQR();
    return qr.topRows(a.cols()).template triangularView<Eigen::Upper>();
}

template <Scalar S>
std::vector<double> hermitian_eigenvalues(Index n, std::span<const S> a) {
    return list_of(Eigen::SelfAdjointEigenSolver<Values<S>>(view(n, n, a), Eigen::EigenvaluesOnly).eigenvalues());
}

template <Scalar S>
std::vector<double> hermitian_eigenvectors(Index n, std::span<S> a) {
    const Eigen::SelfAdjointEigenSolver<Values<S>> solver(view(n, n, std::span<const S>(a)));
    std::copy_n(solver.eigenvectors().data(), n * n, a.begin());
    return list_of(solver.eigenvalues());
}

// The eigenvalues of [0 A; A^H 0] are the singular values, their negatives and zeros. (Eigen 3.4's BDCSVD without
// vectors gave wrong values on random layers of the suite.)
template <Scalar S>
std::vector<double> singular_values(Index rows, Index cols, std::span<const S> a) {
    const Values<S> matrix = shortened<S>(view(rows, cols, a));
    const Index n = matrix.rows() + matrix.cols(), count = std::min(rows, cols);
    Values<S> both = Values<S>::Zero(n, n);
    both.topRightCorner(matrix.rows(), matrix.cols()) = matrix;
    both.bottomLeftCorner(matrix.cols(), matrix.rows()) = matrix.adjoint();
    std::vector<double> values =
        hermitian_eigenvalues(n, std::span<const S>(both.data(), static_cast<std::size_t>(n * n)));
    std::ranges::reverse(values);
    values.resize(static_cast<std::size_t>(count));
    for (double& value : values) value = std::max(value, 0.0);
    return values;
}

template <Scalar S>
double log_abs_determinant(Index n, std::span<const S> a) {
    const Values<S> qr = Eigen::HouseholderQR<Values<S>>(view(n, n, a)).matrixQR();
    return qr.diagonal().cwiseAbs().array().log().sum();
}

template <Scalar S>
std::vector<S> times_adjoint(Index rows, Index inner, Index cols, std::span<const S> a, std::span<const S> b) {
    const Values<S> product = view(rows, inner, a) * view(cols, inner, b).adjoint();
    return {product.data(), product.data() + product.size()};
}

template <Scalar S>
void multiply(Index n, std::span<const double> a, S* x, Index step) {
    Eigen::Map<Eigen::Matrix<S, Eigen::Dynamic, 1>, 0, Eigen::InnerStride<>> line(x, n, Eigen::InnerStride<>(step));
    line = (view(n, n, a).template cast<S>() * line).eval();
}

} // namespace convmat::dense
