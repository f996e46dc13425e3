#pragma once

#include <Eigen/SparseCore>

#include <convmat/base/tensor.hpp>

namespace convmat::cli {

// Pictures of a sparse matrix as (H, W) greys from 0 to 255, white where nothing is stored.

/// The top-left `most` x `most` entries (fewer when the matrix is smaller), each a square of zoom x zoom pixels: the
/// larger an entry the darker, a stored zero light grey.
Tensor<double> entries_picture(const Eigen::SparseMatrix<std::int64_t, Eigen::RowMajor>& matrix, Index most,
                               Index zoom);

/// The whole matrix on size x size pixels: the more of a pixel's entries are stored the darker; one is enough to see.
Tensor<double> overview_picture(const Eigen::SparseMatrix<std::int64_t, Eigen::RowMajor>& matrix, Index size);

} // namespace convmat::cli
