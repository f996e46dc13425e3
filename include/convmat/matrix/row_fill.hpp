#pragma once

#include <convmat/base/types.hpp>
#include <convmat/matrix/row_plan.hpp>

namespace convmat {

/// Writes the rows of a plan into the arrays of a compressed sparse matrix, in parallel. The arrays are the caller's:
/// `offsets` rows + 1 long, `columns` and `values` nnz long. Compiled for every ScalarType and StorageIndexType.
template <class Scalar, class StorageIndex>
struct RowFill {
    /// The whole matrix: offsets, ascending columns, values.
    static void all(const RowPlan& plan, const Scalar* weights, StorageIndex* offsets, StorageIndex* columns,
                    Scalar* values);

    /// The values alone, for arrays whose offsets and columns are there already.
    static void values(const RowPlan& plan, const Scalar* weights, Scalar* values);

    /// The rows [first, last) alone, by the calling thread: last - first + 1 offsets that count from 0, and as many
    /// columns and values as plan.entries_before() says.
    static void rows(const RowPlan& plan, const Scalar* weights, Index first, Index last, StorageIndex* offsets,
                     StorageIndex* columns, Scalar* values);

    /// The offsets of the matrix without its zero values; nonzeros() below then writes what they make room for.
    static void nonzero_offsets(const RowPlan& plan, const Scalar* weights, StorageIndex* offsets);
    static void nonzeros(const RowPlan& plan, const Scalar* weights, const StorageIndex* offsets, StorageIndex* columns,
                         Scalar* values);

    /// Whether offsets and columns are this plan's in the first row, the last and 64 in between.
    static bool matches(const RowPlan& plan, const StorageIndex* offsets, const StorageIndex* columns);
};

} // namespace convmat
