#include <convmat/matrix/pattern.hpp>

#include <algorithm>
#include <vector>

#include <convmat/base/error.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/matrix/row_fill.hpp>
#include <convmat/matrix/uninitialized.hpp>

namespace convmat {

template <int Options, StorageIndexType StorageIndex>
template <ScalarType Scalar>
Eigen::SparseMatrix<Scalar, Options, StorageIndex>
ConvPattern<Options, StorageIndex>::matrix(const Tensor<Scalar>& kernel, ExplicitZeros zeros) const {
    require_shape(kernel, kernel_shape_, "kernel2matrix: kernel");
    return zeros == ExplicitZeros::keep ? full(kernel) : pruned(kernel);
}

template <int Options, StorageIndexType StorageIndex>
template <ScalarType Scalar>
void ConvPattern<Options, StorageIndex>::refill(Matrix<Scalar>& matrix, const Tensor<Scalar>& kernel) const {
    require_shape(kernel, kernel_shape_, "refill: kernel");
    if (matrix.rows() != rows() || matrix.cols() != cols() || !matrix.isCompressed() || matrix.nonZeros() != nnz() ||
        !RowFill<Scalar, StorageIndex>::matches(plan_, matrix.outerIndexPtr(), matrix.innerIndexPtr()))
        throw ShapeError(concat("refill: the ", matrix.rows(), "x", matrix.cols(), " matrix with ", matrix.nonZeros(),
                                " entries does not have this pattern (", rows(), "x", cols(), " with ", nnz(),
                                ", compressed)"));
    RowFill<Scalar, StorageIndex>::values(plan_, kernel.data(), matrix.valuePtr());
}

template <int Options, StorageIndexType StorageIndex>
template <ScalarType Scalar>
Eigen::SparseMatrix<Scalar, Options, StorageIndex>
ConvPattern<Options, StorageIndex>::full(const Tensor<Scalar>& kernel) const {
    plan_.require_storage(sizeof(StorageIndex), sizeof(Scalar));
    auto matrix = detail::uninitialized<Matrix<Scalar>>(rows(), cols(), nnz());
    RowFill<Scalar, StorageIndex>::all(plan_, kernel.data(), matrix.outerIndexPtr(), matrix.innerIndexPtr(),
                                       matrix.valuePtr());
    return matrix;
}

template <int Options, StorageIndexType StorageIndex>
template <ScalarType Scalar>
Eigen::SparseMatrix<Scalar, Options, StorageIndex>
ConvPattern<Options, StorageIndex>::pruned(const Tensor<Scalar>& kernel) const {
    plan_.require_storage(sizeof(StorageIndex), 0); // an upper bound of the indices; the values are counted below
    std::vector<StorageIndex> offsets(static_cast<std::size_t>(plan_.rows() + 1));
    RowFill<Scalar, StorageIndex>::nonzero_offsets(plan_, kernel.data(), offsets.data());
    require_memory(offsets.back() * Index{sizeof(Scalar) + sizeof(StorageIndex)}, "kernel2matrix");
    auto matrix = detail::uninitialized<Matrix<Scalar>>(rows(), cols(), offsets.back());
    std::ranges::copy(offsets, matrix.outerIndexPtr());
    RowFill<Scalar, StorageIndex>::nonzeros(plan_, kernel.data(), matrix.outerIndexPtr(), matrix.innerIndexPtr(),
                                            matrix.valuePtr());
    return matrix;
}

template Eigen::SparseMatrix<float, Eigen::RowMajor, int>
ConvPattern<Eigen::RowMajor, int>::matrix(const Tensor<float>&, ExplicitZeros) const;
template void ConvPattern<Eigen::RowMajor, int>::refill(Eigen::SparseMatrix<float, Eigen::RowMajor, int>&,
                                                        const Tensor<float>&) const;
template Eigen::SparseMatrix<double, Eigen::RowMajor, int>
ConvPattern<Eigen::RowMajor, int>::matrix(const Tensor<double>&, ExplicitZeros) const;
template void ConvPattern<Eigen::RowMajor, int>::refill(Eigen::SparseMatrix<double, Eigen::RowMajor, int>&,
                                                        const Tensor<double>&) const;
template Eigen::SparseMatrix<std::complex<float>, Eigen::RowMajor, int>
ConvPattern<Eigen::RowMajor, int>::matrix(const Tensor<std::complex<float>>&, ExplicitZeros) const;
template void ConvPattern<Eigen::RowMajor, int>::refill(Eigen::SparseMatrix<std::complex<float>, Eigen::RowMajor, int>&,
                                                        const Tensor<std::complex<float>>&) const;
template Eigen::SparseMatrix<std::complex<double>, Eigen::RowMajor, int>
ConvPattern<Eigen::RowMajor, int>::matrix(const Tensor<std::complex<double>>&, ExplicitZeros) const;
template void
ConvPattern<Eigen::RowMajor, int>::refill(Eigen::SparseMatrix<std::complex<double>, Eigen::RowMajor, int>&,
                                          const Tensor<std::complex<double>>&) const;
template Eigen::SparseMatrix<std::int64_t, Eigen::RowMajor, int>
ConvPattern<Eigen::RowMajor, int>::matrix(const Tensor<std::int64_t>&, ExplicitZeros) const;
template void ConvPattern<Eigen::RowMajor, int>::refill(Eigen::SparseMatrix<std::int64_t, Eigen::RowMajor, int>&,
                                                        const Tensor<std::int64_t>&) const;
template Eigen::SparseMatrix<float, Eigen::RowMajor, std::int64_t>
ConvPattern<Eigen::RowMajor, std::int64_t>::matrix(const Tensor<float>&, ExplicitZeros) const;
template void
ConvPattern<Eigen::RowMajor, std::int64_t>::refill(Eigen::SparseMatrix<float, Eigen::RowMajor, std::int64_t>&,
                                                   const Tensor<float>&) const;
template Eigen::SparseMatrix<double, Eigen::RowMajor, std::int64_t>
ConvPattern<Eigen::RowMajor, std::int64_t>::matrix(const Tensor<double>&, ExplicitZeros) const;
template void
ConvPattern<Eigen::RowMajor, std::int64_t>::refill(Eigen::SparseMatrix<double, Eigen::RowMajor, std::int64_t>&,
                                                   const Tensor<double>&) const;
template Eigen::SparseMatrix<std::complex<float>, Eigen::RowMajor, std::int64_t>
ConvPattern<Eigen::RowMajor, std::int64_t>::matrix(const Tensor<std::complex<float>>&, ExplicitZeros) const;
template void ConvPattern<Eigen::RowMajor, std::int64_t>::refill(
    Eigen::SparseMatrix<std::complex<float>, Eigen::RowMajor, std::int64_t>&, const Tensor<std::complex<float>>&) const;
template Eigen::SparseMatrix<std::complex<double>, Eigen::RowMajor, std::int64_t>
ConvPattern<Eigen::RowMajor, std::int64_t>::matrix(const Tensor<std::complex<double>>&, ExplicitZeros) const;
template void ConvPattern<Eigen::RowMajor, std::int64_t>::refill(
    Eigen::SparseMatrix<std::complex<double>, Eigen::RowMajor, std::int64_t>&,
    const Tensor<std::complex<double>>&) const;
template Eigen::SparseMatrix<std::int64_t, Eigen::RowMajor, std::int64_t>
ConvPattern<Eigen::RowMajor, std::int64_t>::matrix(const Tensor<std::int64_t>&, ExplicitZeros) const;
template void
ConvPattern<Eigen::RowMajor, std::int64_t>::refill(Eigen::SparseMatrix<std::int64_t, Eigen::RowMajor, std::int64_t>&,
                                                   const Tensor<std::int64_t>&) const;
template Eigen::SparseMatrix<float, Eigen::ColMajor, int>
ConvPattern<Eigen::ColMajor, int>::matrix(const Tensor<float>&, ExplicitZeros) const;
template void ConvPattern<Eigen::ColMajor, int>::refill(Eigen::SparseMatrix<float, Eigen::ColMajor, int>&,
                                                        const Tensor<float>&) const;
template Eigen::SparseMatrix<double, Eigen::ColMajor, int>
ConvPattern<Eigen::ColMajor, int>::matrix(const Tensor<double>&, ExplicitZeros) const;
template void ConvPattern<Eigen::ColMajor, int>::refill(Eigen::SparseMatrix<double, Eigen::ColMajor, int>&,
                                                        const Tensor<double>&) const;
template Eigen::SparseMatrix<std::complex<float>, Eigen::ColMajor, int>
ConvPattern<Eigen::ColMajor, int>::matrix(const Tensor<std::complex<float>>&, ExplicitZeros) const;
template void ConvPattern<Eigen::ColMajor, int>::refill(Eigen::SparseMatrix<std::complex<float>, Eigen::ColMajor, int>&,
                                                        const Tensor<std::complex<float>>&) const;
template Eigen::SparseMatrix<std::complex<double>, Eigen::ColMajor, int>
ConvPattern<Eigen::ColMajor, int>::matrix(const Tensor<std::complex<double>>&, ExplicitZeros) const;
template void
ConvPattern<Eigen::ColMajor, int>::refill(Eigen::SparseMatrix<std::complex<double>, Eigen::ColMajor, int>&,
                                          const Tensor<std::complex<double>>&) const;
template Eigen::SparseMatrix<std::int64_t, Eigen::ColMajor, int>
ConvPattern<Eigen::ColMajor, int>::matrix(const Tensor<std::int64_t>&, ExplicitZeros) const;
template void ConvPattern<Eigen::ColMajor, int>::refill(Eigen::SparseMatrix<std::int64_t, Eigen::ColMajor, int>&,
                                                        const Tensor<std::int64_t>&) const;
template Eigen::SparseMatrix<float, Eigen::ColMajor, std::int64_t>
ConvPattern<Eigen::ColMajor, std::int64_t>::matrix(const Tensor<float>&, ExplicitZeros) const;
template void
ConvPattern<Eigen::ColMajor, std::int64_t>::refill(Eigen::SparseMatrix<float, Eigen::ColMajor, std::int64_t>&,
                                                   const Tensor<float>&) const;
template Eigen::SparseMatrix<double, Eigen::ColMajor, std::int64_t>
ConvPattern<Eigen::ColMajor, std::int64_t>::matrix(const Tensor<double>&, ExplicitZeros) const;
template void
ConvPattern<Eigen::ColMajor, std::int64_t>::refill(Eigen::SparseMatrix<double, Eigen::ColMajor, std::int64_t>&,
                                                   const Tensor<double>&) const;
template Eigen::SparseMatrix<std::complex<float>, Eigen::ColMajor, std::int64_t>
ConvPattern<Eigen::ColMajor, std::int64_t>::matrix(const Tensor<std::complex<float>>&, ExplicitZeros) const;
template void ConvPattern<Eigen::ColMajor, std::int64_t>::refill(
    Eigen::SparseMatrix<std::complex<float>, Eigen::ColMajor, std::int64_t>&, const Tensor<std::complex<float>>&) const;
template Eigen::SparseMatrix<std::complex<double>, Eigen::ColMajor, std::int64_t>
ConvPattern<Eigen::ColMajor, std::int64_t>::matrix(const Tensor<std::complex<double>>&, ExplicitZeros) const;
template void ConvPattern<Eigen::ColMajor, std::int64_t>::refill(
    Eigen::SparseMatrix<std::complex<double>, Eigen::ColMajor, std::int64_t>&,
    const Tensor<std::complex<double>>&) const;
template Eigen::SparseMatrix<std::int64_t, Eigen::ColMajor, std::int64_t>
ConvPattern<Eigen::ColMajor, std::int64_t>::matrix(const Tensor<std::int64_t>&, ExplicitZeros) const;
template void
ConvPattern<Eigen::ColMajor, std::int64_t>::refill(Eigen::SparseMatrix<std::int64_t, Eigen::ColMajor, std::int64_t>&,
                                                   const Tensor<std::int64_t>&) const;

} // namespace convmat
