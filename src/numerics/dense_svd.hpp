#pragma once

#include <limits>
#include <vector>

#include <Eigen/Core>

#include <convmat/base/types.hpp>

#include "scalars.hpp"

/// Dense singular value decompositions and products, by LAPACK and BLAS.
namespace convmat::numerics {

template <class S>
using Dense = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;

template <class S>
using DenseRows = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Columns of memory that has to be readable behind a complex matrix: zgemv of OpenBLAS 0.3.21 for Haswell reads a row
/// one column further than it goes, which ends the process where no page follows. The values read there are not used.
constexpr Index room_behind = 4;

/// A = U diag(values) V^H: U rows x r, V cols x r, r = min(rows, cols), the largest value first.
template <class S>
struct Svd {
    Dense<S> u;
    std::vector<double> values;
    Dense<S> v;
};

/// Writes the min(rows, cols) singular values, the largest first; A, and its size, are overwritten.
void write_singular_values(Dense<double>& a, double* values);
void write_singular_values(Dense<Complex>& a, double* values);

/// ||A||_2 of a matrix that is not empty.
double norm_by_svd(Dense<double> a);
double norm_by_svd(Dense<Complex> a);

Svd<double> svd_of(Dense<double> a);
Svd<Complex> svd_of(Dense<Complex> a);

/// Y[a, i, b] = sum_j M[i, j] X[a, j, b] with an X of shape (outer, M.cols(), inner), row-major.
template <class S>
void multiply_axis(const Dense<S>& m, const S* x, Index outer, Index inner, S* y);

/// About how many operations the values of a rows x cols matrix take.
double svd_operations(Index rows, Index cols);

/// What rounding may make of a singular value, relative to the largest one.
inline double svd_rounding(Index rows, Index cols) {
    return 4 * static_cast<double>(rows + cols) * std::numeric_limits<double>::epsilon();
}

} // namespace convmat::numerics
