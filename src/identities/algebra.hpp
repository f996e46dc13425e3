#pragma once

#include <Eigen/Core>

#include <convmat/identities/catalogue.hpp>
#include <convmat/structure/factors.hpp>
#include <convmat/structure/kernels.hpp>

namespace convmat::identities {

template <class S>
using Dense = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;

/// A sparse matrix with the operators that the checks are written in, compiled once for all of them.
template <class S>
class Matrix {
  public:
    Matrix(Sparse<S> value); // NOLINT(google-explicit-constructor): it is one
    Matrix(const Matrix& other);
    Matrix(Matrix&& other) noexcept;
    Matrix& operator=(const Matrix& other);
    Matrix& operator=(Matrix&& other) noexcept;
    ~Matrix();

    /// vec(values) as a column.
    static Matrix column(std::span<const S> values);
    static Matrix column(const Tensor<S>& values) { return column(values.values()); }
    static Matrix number(S value) { return column(std::span<const S>(&value, 1)); }
    static Matrix diagonal(std::span<const S> values);
    static Matrix identity(Index n);
    static Matrix zero(Index rows, Index cols) { return Sparse<S>(rows, cols); }
    static Matrix of(const Dense<S>& matrix);
    static Matrix stack(const std::vector<Matrix>& blocks);  ///< one below the other
    static Matrix blocks(const std::vector<Matrix>& blocks); ///< on the diagonal
    static Matrix sum(std::vector<Matrix> terms);            ///< pairs first; of one term at least

    const Sparse<S>& sparse() const { return value_; }
    Dense<S> dense() const;
    std::vector<S> values() const; ///< all entries, row by row

    Index rows() const { return value_.rows(); }
    Index cols() const { return value_.cols(); }
    Index nonzeros() const; ///< entries that are not zero

    Matrix operator*(const Matrix& other) const;
    Matrix operator+(const Matrix& other) const;
    Matrix operator-(const Matrix& other) const;
    Matrix times(S factor) const;
    Matrix transpose() const;
    Matrix adjoint() const;
    Matrix magnitudes() const;              ///< |a_ij|
    Matrix pattern() const;                 ///< 1 where an entry is stored
    Matrix kron(const Matrix& other) const; ///< A ⊗ B
    Matrix without_zeros() const;

    S inner(const Matrix& other) const; ///< Σ conj(a_ij) b_ij
    S trace() const;
    double largest_magnitude() const; ///< max |a_ij|

  private:
    Sparse<S> value_;
};

extern template class Matrix<std::int64_t>;
extern template class Matrix<double>;
extern template class Matrix<std::complex<double>>;

} // namespace convmat::identities
