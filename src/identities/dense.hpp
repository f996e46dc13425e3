#pragma once

#include "entry.hpp"
#include <convmat/base/turn.hpp>

/// Dense decompositions and symbols, compiled once for all checks.
namespace convmat::identities {

using Complex = std::complex<double>;

double frobenius_norm(const Matrix<double>& matrix);
double frobenius_norm(const Matrix<Complex>& matrix);

/// ||A||_2, 0 for a matrix of zeros.
double spectral_norm(const Matrix<double>& matrix);
double spectral_norm(const Matrix<Complex>& matrix);

/// min(rows, cols) of them, the largest first.
std::vector<double> singular_values(const Matrix<double>& matrix);
std::vector<double> singular_values(const Matrix<Complex>& matrix);

/// Of a hermitian matrix.
double least_eigenvalue(const Matrix<double>& matrix);
double least_eigenvalue(const Matrix<Complex>& matrix);

/// The eigenvectors of A A^H: orthonormal columns, the one of the least singular value first.
Dense<double> left_singular_vectors(const Dense<double>& matrix);
Dense<Complex> left_singular_vectors(const Dense<Complex>& matrix);

/// log |det A| of a square matrix, from its QR decomposition.
double log_abs_determinant(const Matrix<double>& matrix);
double log_abs_determinant(const Matrix<Complex>& matrix);

/// What rounding may make of a singular value: 100 N eps ||A||_F.
template <class S>
double spectral_rounding(const Matrix<S>& matrix) {
    return 100 * static_cast<double>(matrix.rows() + matrix.cols()) * std::numeric_limits<double>::epsilon() *
           frobenius_norm(matrix);
}

/// The same of a comparison with symbols, and what it may make of their sums.
template <class S>
double symbol_rounding(const IdentityCase<S>& c, const Matrix<S>& matrix) {
    return spectral_rounding(matrix) + 100 * static_cast<double>(c.geometry.weights()) *
                                           std::numeric_limits<double>::epsilon() * magnitude(c, {.kernel = 1});
}

Matrix<Complex> in_complex(const Matrix<double>& matrix);
Matrix<Complex> in_complex(const Matrix<Complex>& matrix);

/// Frequencies of one axis, in turns: numerators[i] / denominator.
struct Frequencies {
    std::vector<Index> numerators;
    Index denominator = 1;
};

/// i / denominator for i = 0, ..., count - 1.
Frequencies frequencies(Index count, Index denominator);

/// The symbols sum_t K_t e^{2 pi i <w, d t - p>}, O x C each, of every combination of the axes' frequencies, the last
/// axis fastest.
std::vector<Dense<Complex>> symbols(const ConvGeometry& geometry, const Tensor<double>& kernel,
                                    const std::vector<Frequencies>& of_axes);
std::vector<Dense<Complex>> symbols(const ConvGeometry& geometry, const Tensor<Complex>& kernel,
                                    const std::vector<Frequencies>& of_axes);

/// B with B[o N + w, c N + w] = A_w[o, c]: diagonal blocks from N matrices.
Dense<Complex> diagonal_blocks(const std::vector<Dense<Complex>>& matrices);

/// The singular values of all matrices together, the largest first.
std::vector<double> singular_values_of_all(const std::vector<Dense<Complex>>& matrices);

/// F_1 ⊗ ... ⊗ F_D, F the unitary discrete Fourier transform of each axis's input.
Dense<Complex> fourier_transform(const ConvGeometry& geometry);

/// A B, compiled elsewhere: Eigen's products have no place in what is compiled with -O1 (cmake/batches.cmake).
Dense<Complex> product(const Dense<Complex>& a, const Dense<Complex>& b);

Dense<Complex> kronecker_of_all(const std::vector<Dense<Complex>>& factors);

/// (I ⊗ F) A, for as many blocks as A's rows hold.
Dense<Complex> in_each_channel(const Dense<Complex>& f, const Dense<Complex>& a);

/// (A + λ I)^{-1} b.
Dense<Complex> solved(const Dense<Complex>& a, double lambda, const Dense<Complex>& b);

/// (I_O ⊗ F) A (I_C ⊗ F^H).
Dense<Complex> transformed(const Dense<Complex>& f, const Dense<Complex>& a);

} // namespace convmat::identities
