#pragma once

#include <Eigen/SparseCore>

#include <convmat/base/error.hpp>
#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>

namespace convmat {

/// What matrix2kernel found.
template <ScalarType Scalar>
struct NearestKernel {
    Tensor<Scalar> kernel;  ///< shape (O, C/g, k...)
    double residual = 0;    ///< ||A - W(kernel)||_F, over all entries of A
    double matrix_norm = 0; ///< ||A||_F, what the residual is to be compared with
    /// Weights the geometry leaves free (they have no place in W, or no independent one); the smallest are returned.
    Index undetermined = 0;

    /// min_K ||A - W(K)||_F over real K: the residual before `kernel` was rounded to its scalar.
    double least_residual = 0;

    /// True when A is exactly the convolution matrix of `kernel`.
    bool exact() const { return residual == 0; }

    /// Whether A is a convolution matrix of the geometry, up to rounding: least_residual <= tolerance * ||A||_F.
    bool is_convolution(double tolerance = 1e-6) const { return least_residual <= tolerance * matrix_norm; }
};

namespace detail {

/// A sparse matrix as raw arrays; `offsets` are of rows, or of columns when `of_columns`.
template <class Scalar, class StorageIndex>
struct CompressedView {
    Index outer_size = 0;
    const StorageIndex* offsets = nullptr;
    const StorageIndex* indices = nullptr;
    const Scalar* values = nullptr;
    bool of_columns = false;
};

template <ScalarType Scalar, StorageIndexType StorageIndex>
NearestKernel<Scalar> nearest_kernel(const ConvGeometry& geometry, const CompressedView<Scalar, StorageIndex>& matrix);

} // namespace detail

/// argmin_K ||A - W(K)||_F: the convolution of this geometry that is nearest to a sparse matrix A, and how far it is.
///
/// The exact inverse of kernel2matrix wherever every weight stands alone somewhere in W (always, for the zero boundary
/// and a tap that is used): matrix2kernel(g, kernel2matrix(g, K)).kernel == K with residual 0, in floating point too.
/// For std::int64_t the nearest real kernel is rounded, and the residual is that of the rounded one: where weights are
/// undetermined, A can be a convolution (is_convolution()) without `kernel` being exact(). A is
/// geometry.rows() x geometry.cols(), in either storage order, compressed; otherwise ShapeError. Time O(nnz(A) +
/// nnz(W)), memory O(weights + k_1^2 + ... + k_D^2). Source: W(K) = sum_t K_t ⊗ Π_t makes the normal equations a
/// Kronecker product over the axes.
template <ScalarType Scalar, int Options, StorageIndexType StorageIndex>
NearestKernel<Scalar> matrix2kernel(const ConvGeometry& geometry,
                                    const Eigen::SparseMatrix<Scalar, Options, StorageIndex>& matrix) {
    if (matrix.rows() != geometry.rows() || matrix.cols() != geometry.cols() || !matrix.isCompressed())
        throw ShapeError(
            {.parameter = "matrix",
             .value = concat(matrix.rows(), "x", matrix.cols(), matrix.isCompressed() ? "" : " and not compressed"),
             .expected = concat(geometry.rows(), "x", geometry.cols(), ", compressed"),
             .found = concat("matrix2kernel: matrix is ", matrix.rows(), "x", matrix.cols(),
                             matrix.isCompressed() ? "" : " and not compressed")});
    return detail::nearest_kernel(geometry, detail::CompressedView<Scalar, StorageIndex>{
                                                matrix.outerSize(), matrix.outerIndexPtr(), matrix.innerIndexPtr(),
                                                matrix.valuePtr(), !matrix.IsRowMajor});
}

} // namespace convmat
