#pragma once

#include <array>

#include <convmat/matrix/pattern.hpp>

namespace convmat {

/// W with vec(Y) = W vec(X) for Y[o,u] = sum_{c,t} K[o,c,t] X[c, s∘u + d∘t - p]: the convolution as a sparse matrix.
///
///     auto W = kernel2matrix(geometry, K);                                // row-major, int indices
///     auto W = kernel2matrix<Eigen::ColMajor, std::int64_t>(geometry, K); // what SuiteSparse reads
///
/// K has shape (O, C/g, k...), W is geometry.rows() x geometry.cols(); vec is row-major, channels first. Columns (rows,
/// if column-major) ascend; taps that meet at one input (mirrored and periodic boundaries) are summed; zeros of K are
/// stored unless `zeros` says drop (what must fit the index type is the pattern with its zeros then too). Time is that
/// of writing W once, in parallel; memory is that of W. Throws ShapeError when K does not fit the geometry, SizeError
/// before allocating when W fits neither its index type nor memory.
template <int Options = Eigen::RowMajor, StorageIndexType StorageIndex = int, ScalarType Scalar>
Eigen::SparseMatrix<Scalar, Options, StorageIndex>
kernel2matrix(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, ExplicitZeros zeros = ExplicitZeros::keep) {
    return ConvPattern<Options, StorageIndex>(geometry).matrix(kernel, zeros);
}

/// W^T, built directly: the transposed convolution vec(Z) = W^T vec(Y), with the same K in the same time as W. For a
/// complex K this is the plain transpose, as in PyTorch; the adjoint W^H is the transpose built from conj(K).
template <int Options = Eigen::RowMajor, StorageIndexType StorageIndex = int, ScalarType Scalar>
Eigen::SparseMatrix<Scalar, Options, StorageIndex> kernel2matrix_transpose(const ConvGeometry& geometry,
                                                                           const Tensor<Scalar>& kernel,
                                                                           ExplicitZeros zeros = ExplicitZeros::keep) {
    return ConvPattern<Options, StorageIndex>(geometry, Form::transpose).matrix(kernel, zeros);
}

/// The same of one two-dimensional kernel on one image of height x width, without padding: the chapter's kernel2matrix.
///
///     Eigen::MatrixXd K{{0, 1}, {2, 3}};
///     auto W = kernel2matrix(K, {3, 3});    // 4 x 9
template <int Options = Eigen::RowMajor, StorageIndexType StorageIndex = int, class Derived>
requires ScalarType<typename Derived::Scalar>
auto kernel2matrix(const Eigen::DenseBase<Derived>& kernel, const std::array<Index, 2>& image) {
    using Scalar = typename Derived::Scalar;
    const ConvGeometry geometry({.input = {image[0], image[1]}, .kernel = {kernel.rows(), kernel.cols()}});
    return kernel2matrix<Options, StorageIndex>(geometry, Tensor<Scalar>(geometry.kernel_shape(), kernel));
}

} // namespace convmat
