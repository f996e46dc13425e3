#include "dense.hpp"

#include <algorithm>
#include <functional>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <unsupported/Eigen/KroneckerProduct>

#include <convmat/structure/kernels.hpp>

namespace convmat::identities {
namespace {

// The square root of the largest eigenvalue of the smaller Gram matrix: as exact as an SVD for the largest one.
template <class S>
double norm_of(const Matrix<S>& matrix) {
    const Matrix<S> adjoint = matrix.adjoint();
    const Matrix<S> gram = matrix.rows() < matrix.cols() ? matrix * adjoint : adjoint * matrix;
    const Eigen::SelfAdjointEigenSolver<Dense<S>> solver(gram.dense(), Eigen::EigenvaluesOnly);
    return std::sqrt(std::max(0.0, solver.eigenvalues().maxCoeff()));
}

template <class S>
Dense<S> eigenvectors_of(const Dense<S>& hermitian) {
    return Eigen::SelfAdjointEigenSolver<Dense<S>>(hermitian).eigenvectors();
}

template <class S>
double least_eigenvalue_of(const Matrix<S>& matrix) {
    return Eigen::SelfAdjointEigenSolver<Dense<S>>(matrix.dense(), Eigen::EigenvaluesOnly).eigenvalues().minCoeff();
}

// The eigenvalues of [0 A; A^H 0] are the singular values, their negatives and zeros. (Eigen 3.4's BDCSVD without
// vectors gave wrong values on random layers of the suite.)
template <class S>
std::vector<double> values_of(const Dense<S>& matrix) {
    const Index rows = matrix.rows(), cols = matrix.cols();
    Dense<S> both = Dense<S>::Zero(rows + cols, rows + cols);
    both.topRightCorner(rows, cols) = matrix;
    both.bottomLeftCorner(cols, rows) = matrix.adjoint();
    const Eigen::SelfAdjointEigenSolver<Dense<S>> solver(both, Eigen::EigenvaluesOnly);
    const Eigen::VectorXd largest = solver.eigenvalues().reverse().head(std::min(rows, cols)).cwiseMax(0.0);
    return {largest.begin(), largest.end()};
}

template <class S>
double log_determinant_of(const Matrix<S>& matrix) {
    const Dense<S> qr = Eigen::HouseholderQR<Dense<S>>(matrix.dense()).matrixQR();
    return qr.diagonal().cwiseAbs().array().log().sum();
}

// e^{2 pi i w (d t - p)} by frequency and tap.
Dense<Complex> waves(const Axis& axis, const Frequencies& of) {
    Dense<Complex> wave(std::ssize(of.numerators), axis.kernel);
    for (Index w = 0; w < wave.rows(); ++w)
        for (Index t = 0; t < axis.kernel; ++t) {
            const Index at = (axis.dilation * t - axis.padding.begin) % of.denominator;
            wave(w, t) = turn(of.numerators[static_cast<std::size_t>(w)] * at, of.denominator);
        }
    return wave;
}

template <class S>
std::vector<Dense<Complex>> symbols_of(const ConvGeometry& geometry, const Tensor<S>& kernel,
                                       const std::vector<Frequencies>& of_axes) {
    const Tensor<S> all = ungrouped(kernel, geometry.groups());
    const Index outs = geometry.out_channels(), ins = geometry.in_channels(), taps = geometry.kernel_size();
    std::vector<Dense<Complex>> wave;
    Shape counts;
    for (std::size_t j = 0; j < of_axes.size(); ++j) {
        wave.push_back(waves(geometry.axes()[j], of_axes[j]));
        counts.push_back(wave.back().rows());
    }
    std::vector<Dense<Complex>> result;
    for_each_position(counts, [&](const Shape& w) {
        Dense<Complex> symbol = Dense<Complex>::Zero(outs, ins);
        Index number = 0;
        for_each_position(spatial_extents(kernel), [&](const Shape& t) {
            Complex factor = 1;
            for (std::size_t j = 0; j < t.size(); ++j) factor *= wave[j](w[j], t[j]);
            for (Index o = 0; o < outs; ++o)
                for (Index c = 0; c < ins; ++c) symbol(o, c) += all[(o * ins + c) * taps + number] * factor;
            ++number;
        });
        result.push_back(std::move(symbol));
    });
    return result;
}

} // namespace

double frobenius_norm(const Matrix<double>& matrix) { return matrix.sparse().norm(); }
double frobenius_norm(const Matrix<Complex>& matrix) { return matrix.sparse().norm(); }

double spectral_norm(const Matrix<double>& matrix) { return norm_of(matrix); }
double spectral_norm(const Matrix<Complex>& matrix) { return norm_of(matrix); }

std::vector<double> singular_values(const Matrix<double>& matrix) { return values_of<double>(matrix.dense()); }
std::vector<double> singular_values(const Matrix<Complex>& matrix) { return values_of<Complex>(matrix.dense()); }

double least_eigenvalue(const Matrix<double>& matrix) { return least_eigenvalue_of(matrix); }
double least_eigenvalue(const Matrix<Complex>& matrix) { return least_eigenvalue_of(matrix); }

Dense<double> hermitian_eigenvectors(const Dense<double>& matrix) { return eigenvectors_of(matrix); }
Dense<Complex> hermitian_eigenvectors(const Dense<Complex>& matrix) { return eigenvectors_of(matrix); }

double log_abs_determinant(const Matrix<double>& matrix) { return log_determinant_of(matrix); }
double log_abs_determinant(const Matrix<Complex>& matrix) { return log_determinant_of(matrix); }

Frequencies frequencies(Index count, Index denominator) {
    Frequencies all{.numerators = {}, .denominator = denominator};
    for (Index i = 0; i < count; ++i) all.numerators.push_back(i);
    return all;
}

std::vector<Dense<Complex>> symbols(const ConvGeometry& geometry, const Tensor<double>& kernel,
                                    const std::vector<Frequencies>& of_axes) {
    return symbols_of(geometry, kernel, of_axes);
}

std::vector<Dense<Complex>> symbols(const ConvGeometry& geometry, const Tensor<Complex>& kernel,
                                    const std::vector<Frequencies>& of_axes) {
    return symbols_of(geometry, kernel, of_axes);
}

Dense<Complex> diagonal_blocks(const std::vector<Dense<Complex>>& matrices) {
    const Index count = std::ssize(matrices), rows = matrices.front().rows(), cols = matrices.front().cols();
    Dense<Complex> all = Dense<Complex>::Zero(rows * count, cols * count);
    for (Index w = 0; w < count; ++w)
        for (Index o = 0; o < rows; ++o)
            for (Index c = 0; c < cols; ++c)
                all(o * count + w, c * count + w) = matrices[static_cast<std::size_t>(w)](o, c);
    return all;
}

std::vector<double> singular_values_of_all(const std::vector<Dense<Complex>>& matrices) {
    std::vector<double> all;
    for (const Dense<Complex>& matrix : matrices) std::ranges::copy(values_of(matrix), std::back_inserter(all));
    std::ranges::sort(all, std::greater());
    return all;
}

Dense<Complex> kronecker_of_all(const std::vector<Dense<Complex>>& factors) {
    Dense<Complex> product = Dense<Complex>::Identity(1, 1);
    for (const Dense<Complex>& factor : factors) product = Dense<Complex>(Eigen::kroneckerProduct(product, factor));
    return product;
}

Dense<Complex> fourier_transform(const ConvGeometry& geometry) {
    std::vector<Dense<Complex>> of_axes;
    for (const Axis& axis : geometry.axes()) {
        const Index n = axis.input;
        Dense<Complex> f(n, n);
        for (Index w = 0; w < n; ++w)
            for (Index i = 0; i < n; ++i) f(w, i) = turn(-w * i, n) / std::sqrt(static_cast<double>(n));
        of_axes.push_back(std::move(f));
    }
    return kronecker_of_all(of_axes);
}

Dense<Complex> in_each_channel(const Dense<Complex>& f, const Dense<Complex>& a) {
    Dense<Complex> result(a.rows() / f.cols() * f.rows(), a.cols());
    for (Index block = 0; block * f.cols() < a.rows(); ++block)
        result.middleRows(block * f.rows(), f.rows()).noalias() = f * a.middleRows(block * f.cols(), f.cols());
    return result;
}

Dense<Complex> solved(const Dense<Complex>& a, double lambda, const Dense<Complex>& b) {
    const Dense<Complex> shifted = a + lambda * Dense<Complex>::Identity(a.rows(), a.cols());
    return Eigen::HouseholderQR<Dense<Complex>>(shifted).solve(b);
}

Dense<Complex> transformed(const Dense<Complex>& f, const Dense<Complex>& a) {
    return in_each_channel(f, in_each_channel(f, a.adjoint()).adjoint());
}

} // namespace convmat::identities
