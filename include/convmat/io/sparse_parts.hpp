#pragma once

#include <cstdint>
#include <span>

#include <Eigen/SparseCore>

#include <convmat/base/types.hpp>

namespace convmat::detail {

enum class StorageOrder { rows, columns };

/// The arrays of a compressed matrix, referred to: what the compiled writers take, whatever Eigen type it came from.
template <ScalarType S, StorageIndexType I>
struct SparseParts {
    Index rows, columns;
    StorageOrder order;
    std::span<const I> starts;  // outer size + 1
    std::span<const I> indices; // nnz
    std::span<const S> values;  // nnz
};

/// Calls write(SparseParts) for the matrix; one that is not compressed is first copied.
template <ScalarType S, int Options, StorageIndexType I, class Write>
void with_parts(const Eigen::SparseMatrix<S, Options, I>& matrix, const Write& write) {
    using Matrix = Eigen::SparseMatrix<S, Options, I>;
    if (!matrix.isCompressed()) {
        Matrix compressed = matrix;
        compressed.makeCompressed();
        return with_parts(compressed, write);
    }
    const auto outer = static_cast<std::size_t>(matrix.outerSize());
    const auto entries = static_cast<std::size_t>(matrix.nonZeros());
    write(SparseParts<S, I>{.rows = matrix.rows(),
                            .columns = matrix.cols(),
                            .order = Matrix::IsRowMajor ? StorageOrder::rows : StorageOrder::columns,
                            .starts = {matrix.outerIndexPtr(), outer + 1},
                            .indices = {matrix.innerIndexPtr(), entries},
                            .values = {matrix.valuePtr(), entries}});
}

} // namespace convmat::detail
