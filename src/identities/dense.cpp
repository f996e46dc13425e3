#include "dense.hpp"

#include <algorithm>
#include <functional>

#include <unsupported/Eigen/KroneckerProduct>

#include <convmat/base/dense.hpp>
#include <convmat/structure/kernels.hpp>

namespace convmat::identities {
namespace {

template <class S>
std::span<const S> values_of(const Dense<S>& matrix) {
    return {matrix.data(), static_cast<std::size_t>(matrix.size())};
}

// The square root of the largest eigenvalue of the smaller Gram matrix: as exact as an SVD for the largest one.
template <class S>
double norm_of(const Matrix<S>& matrix) {
    const Matrix<S> adjoint = matrix.adjoint();
    const Dense<S> gram = (matrix.rows() < matrix.cols() ? matrix * adjoint : adjoint * matrix).dense();
    return std::sqrt(std::max(0.0, dense::hermitian_eigenvalues(gram.rows(), values_of(gram)).back()));
}

template <class S>
std::vector<double> singular_values_of(const Dense<S>& matrix) {
    return dense::singular_values(matrix.rows(), matrix.cols(), values_of(matrix));
}

template <class S>
double least_eigenvalue_of(const Dense<S>& matrix) {
    return dense::hermitian_eigenvalues(matrix.rows(), values_of(matrix)).front();
}

template <class S>
double log_determinant_of(const Dense<S>& matrix) {
    return dense::log_abs_determinant(matrix.rows(), values_of(matrix));
}

// The largest σ last.
template <class S>
Dense<S> left_singular_vectors_of(const Dense<S>& matrix) {
    const Index rows = matrix.rows();
    std::vector<S> gram = dense::times_adjoint(rows, matrix.cols(), rows, values_of(matrix), values_of(matrix));
    dense::hermitian_eigenvectors(rows, std::span<S>(gram));
    return Eigen::Map<const Dense<S>>(gram.data(), rows, rows);
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

std::vector<double> singular_values(const Matrix<double>& matrix) { return singular_values_of(matrix.dense()); }
std::vector<double> singular_values(const Matrix<Complex>& matrix) { return singular_values_of(matrix.dense()); }

double least_eigenvalue(const Matrix<double>& matrix) { return least_eigenvalue_of(matrix.dense()); }
double least_eigenvalue(const Matrix<Complex>& matrix) { return least_eigenvalue_of(matrix.dense()); }

Dense<double> left_singular_vectors(const Dense<double>& matrix) { return left_singular_vectors_of(matrix); }
Dense<Complex> left_singular_vectors(const Dense<Complex>& matrix) { return left_singular_vectors_of(matrix); }

double log_abs_determinant(const Matrix<double>& matrix) { return log_determinant_of(matrix.dense()); }
double log_abs_determinant(const Matrix<Complex>& matrix) { return log_determinant_of(matrix.dense()); }

Matrix<Complex> in_complex(const Matrix<double>& matrix) { return Sparse<Complex>(matrix.sparse().cast<Complex>()); }
Matrix<Complex> in_complex(const Matrix<Complex>& matrix) { return matrix; }

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
    for (const Dense<Complex>& matrix : matrices)
        std::ranges::copy(singular_values_of(matrix), std::back_inserter(all));
    std::ranges::sort(all, std::greater());
    return all;
}

Dense<Complex> product(const Dense<Complex>& a, const Dense<Complex>& b) {
    const Dense<Complex> adjoint = b.adjoint();
    const auto values = dense::times_adjoint(a.rows(), a.cols(), b.cols(), values_of(a), values_of(adjoint));
    return Eigen::Map<const Dense<Complex>>(values.data(), a.rows(), b.cols());
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
        result.middleRows(block * f.rows(), f.rows()) = product(f, a.middleRows(block * f.cols(), f.cols()));
    return result;
}

Dense<Complex> solved(const Dense<Complex>& a, double lambda, const Dense<Complex>& b) {
    const Dense<Complex> shifted = a + lambda * Dense<Complex>::Identity(a.rows(), a.cols());
    Dense<Complex> x = b;
    dense::solve(a.rows(), values_of(shifted), std::span<Complex>(x.data(), static_cast<std::size_t>(x.size())));
    return x;
}

Dense<Complex> transformed(const Dense<Complex>& f, const Dense<Complex>& a) {
    return in_each_channel(f, in_each_channel(f, a.adjoint()).adjoint());
}

} // namespace convmat::identities
