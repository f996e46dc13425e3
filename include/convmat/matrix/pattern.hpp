#pragma once

#include <algorithm>
#include <limits>
#include <vector>

#include <Eigen/SparseCore>

#include <convmat/base/error.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/geometry/form.hpp>
#include <convmat/matrix/row_fill.hpp>
#include <convmat/matrix/uninitialized.hpp>

namespace convmat {

/// What becomes of entries whose value is zero: `keep` stores them, so that the pattern depends on the geometry alone
/// and new weights fit into it; `drop` leaves them out (two passes over the rows).
enum class ExplicitZeros { keep, drop };

/// The pattern of W (or W^T) for one geometry, from which matrices are made and refilled with new weights:
///
///     ConvPattern pattern(geometry);
///     auto W = pattern.matrix(K);      // exact nnz, one parallel pass, columns ascending
///     pattern.refill(W, other_K);      // the values alone
///
/// `Options` is Eigen::RowMajor or Eigen::ColMajor, `StorageIndex` int or std::int64_t. The constructor costs O(border
/// rows) and throws SizeError when the matrix could not be indexed; nothing the size of the matrix is allocated before
/// matrix().
template <int Options = Eigen::RowMajor, StorageIndexType StorageIndex = int>
class ConvPattern {
  public:
    template <ScalarType Scalar>
    using Matrix = Eigen::SparseMatrix<Scalar, Options, StorageIndex>;

    explicit ConvPattern(const ConvGeometry& geometry, Form form = Form::matrix)
        : kernel_shape_(geometry.kernel_shape()),
          plan_(rows_are_of_w(form) ? RowPlan::matrix(geometry) : RowPlan::transpose(geometry)) {
        plan_.require_indices(std::numeric_limits<StorageIndex>::max());
    }

    Index rows() const { return row_major ? plan_.rows() : plan_.cols(); }
    Index cols() const { return row_major ? plan_.cols() : plan_.rows(); }

    /// The exact number of entries that `ExplicitZeros::keep` stores.
    Index nnz() const { return plan_.nnz(); }

    /// The matrix with weights K of shape (O, C/g, k...); time is that of writing it once, in parallel. Throws
    /// ShapeError for another shape, SizeError before allocating when it would not fit the memory there is.
    template <ScalarType Scalar>
    Matrix<Scalar> matrix(const Tensor<Scalar>& kernel, ExplicitZeros zeros = ExplicitZeros::keep) const {
        require_shape(kernel, kernel_shape_, "kernel2matrix: kernel");
        return zeros == ExplicitZeros::keep ? full(kernel) : pruned(kernel);
    }

    /// Overwrites the values of a matrix this pattern made. Throws ShapeError for a kernel of another shape, or a
    /// matrix of another pattern (compared in its size and in a sample of rows); the matrix is then unchanged.
    template <ScalarType Scalar>
    void refill(Matrix<Scalar>& matrix, const Tensor<Scalar>& kernel) const {
        require_shape(kernel, kernel_shape_, "refill: kernel");
        if (matrix.rows() != rows() || matrix.cols() != cols() || !matrix.isCompressed() ||
            matrix.nonZeros() != nnz() ||
            !RowFill<Scalar, StorageIndex>::matches(plan_, matrix.outerIndexPtr(), matrix.innerIndexPtr()))
            throw ShapeError(
                {.parameter = "matrix",
                 .value = concat(matrix.rows(), "x", matrix.cols(), " with ", matrix.nonZeros(), " entries"),
                 .expected = concat("this pattern: ", rows(), "x", cols(), " with ", nnz(), ", compressed"),
                 .sentence = concat("refill: the ", matrix.rows(), "x", matrix.cols(), " matrix with ",
                                    matrix.nonZeros(), " entries does not have this pattern (", rows(), "x", cols(),
                                    " with ", nnz(), ", compressed)")});
        RowFill<Scalar, StorageIndex>::values(plan_, kernel.data(), matrix.valuePtr());
    }

  private:
    static constexpr bool row_major = (Options & Eigen::RowMajorBit) != 0;

    // Compressed storage lists rows of a row-major matrix, columns of a column-major one.
    static bool rows_are_of_w(Form form) { return (form == Form::matrix) == row_major; }

    template <ScalarType Scalar>
    Matrix<Scalar> full(const Tensor<Scalar>& kernel) const {
        plan_.require_storage(sizeof(StorageIndex), sizeof(Scalar));
        auto matrix = detail::uninitialized<Matrix<Scalar>>(rows(), cols(), nnz());
        RowFill<Scalar, StorageIndex>::all(plan_, kernel.data(), matrix.outerIndexPtr(), matrix.innerIndexPtr(),
                                           matrix.valuePtr());
        return matrix;
    }

    template <ScalarType Scalar>
    Matrix<Scalar> pruned(const Tensor<Scalar>& kernel) const {
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

    Shape kernel_shape_;
    RowPlan plan_;
};

} // namespace convmat
