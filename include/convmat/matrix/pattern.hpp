#pragma once

#include <limits>

#include <Eigen/SparseCore>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/geometry/form.hpp>
#include <convmat/matrix/row_plan.hpp>

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
    Matrix<Scalar> matrix(const Tensor<Scalar>& kernel, ExplicitZeros zeros = ExplicitZeros::keep) const;

    /// Overwrites the values of a matrix this pattern made. Throws ShapeError for a kernel of another shape, or a
    /// matrix of another pattern (compared in its size and in a sample of rows); the matrix is then unchanged.
    template <ScalarType Scalar>
    void refill(Matrix<Scalar>& matrix, const Tensor<Scalar>& kernel) const;

  private:
    static constexpr bool row_major = (Options & Eigen::RowMajorBit) != 0;

    // Compressed storage lists rows of a row-major matrix, columns of a column-major one.
    static bool rows_are_of_w(Form form) { return (form == Form::matrix) == row_major; }

    template <ScalarType Scalar>
    Matrix<Scalar> full(const Tensor<Scalar>& kernel) const;
    template <ScalarType Scalar>
    Matrix<Scalar> pruned(const Tensor<Scalar>& kernel) const;

    Shape kernel_shape_;
    RowPlan plan_;
};

} // namespace convmat
