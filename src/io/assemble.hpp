#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/io/any.hpp>

namespace convmat::detail {

/// a + b; throws SizeError when an integer sum overflows.
template <ScalarType S>
S exact_sum(S a, S b) {
    if constexpr (std::is_same_v<S, std::int64_t>)
        return checked_add(a, b, "the sum of the entries of one place");
    else
        return a + b;
}

/// Throws SizeError unless a matrix of so many rows and entries fits in memory.
template <ScalarType S>
void require_sparse_memory(Index rows, Index entries) {
    const char* what = "the matrix";
    const Index bytes = checked_mul(entries, static_cast<Index>(sizeof(S) + sizeof(std::int64_t)), what);
    require_memory(checked_add(bytes, checked_mul(checked_add(rows, 1, what), 8, what), what), what);
}

/// Sorts the columns of every row and sums the entries of one place in the order they are stored in.
/// `starts` has rows + 1 positions; `row` is scratch. Cost: nnz, and a sort of the rows that need it.
template <ScalarType S>
void sort_and_sum(StoredSparse<S>& matrix) {
    std::int64_t* starts = matrix.outerIndexPtr();
    std::int64_t* columns = matrix.innerIndexPtr();
    S* values = matrix.valuePtr();
    std::vector<std::pair<std::int64_t, S>> row;
    std::int64_t out = 0, begin = 0;
    for (Index i = 0; i < matrix.rows(); ++i) {
        const std::int64_t end = starts[i + 1];
        row.clear();
        for (std::int64_t k = begin; k < end; ++k) row.emplace_back(columns[k], values[k]);
        const auto by_column = [](const auto& a, const auto& b) { return a.first < b.first; };
        if (!std::ranges::is_sorted(row, by_column)) std::ranges::stable_sort(row, by_column);
        const std::int64_t first = out;
        for (const auto& entry : row) {
            if (out > first && columns[out - 1] == entry.first) {
                values[out - 1] = exact_sum(values[out - 1], entry.second);
            } else {
                columns[out] = entry.first;
                values[out++] = entry.second;
            }
        }
        begin = end;
        starts[i + 1] = out;
    }
    matrix.resizeNonZeros(out);
}

/// An entry at (row, column), counted from 0.
template <ScalarType S>
struct Entry {
    std::int64_t row, column;
    S value;
};

/// The matrix of the entries, whose places lie inside it. Cost: a counting sort by rows, then sort_and_sum.
template <ScalarType S>
StoredSparse<S> assemble(Index rows, Index columns, const std::vector<Entry<S>>& entries) {
    const auto count = static_cast<Index>(entries.size());
    require_sparse_memory<S>(rows, count);
    StoredSparse<S> matrix(rows, columns);
    matrix.resizeNonZeros(count);
    // starts[i + 1] is where the next entry of row i goes; in the end that is where row i + 1 starts.
    std::int64_t* starts = matrix.outerIndexPtr();
    for (const Entry<S>& entry : entries)
        if (entry.row + 2 <= rows) ++starts[entry.row + 2];
    for (Index i = 2; i <= rows; ++i) starts[i] += starts[i - 1];
    for (const Entry<S>& entry : entries) {
        const std::int64_t k = starts[entry.row + 1]++;
        matrix.innerIndexPtr()[k] = entry.column;
        matrix.valuePtr()[k] = entry.value;
    }
    sort_and_sum(matrix);
    return matrix;
}

} // namespace convmat::detail
