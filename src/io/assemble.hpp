#pragma once

#include <algorithm>
#include <tuple>
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
/// Cost: nnz, and for a row that needs it a sort with a copy of the row, which is counted before.
template <ScalarType S>
void sort_and_sum(StoredSparse<S>& matrix) {
    std::int64_t* starts = matrix.outerIndexPtr();
    std::int64_t* columns = matrix.innerIndexPtr();
    S* values = matrix.valuePtr();
    std::vector<std::pair<std::int64_t, S>> row;
    std::int64_t out = 0, begin = 0;
    for (Index i = 0; i < matrix.rows(); ++i) {
        const std::int64_t end = starts[i + 1];
        if (!std::is_sorted(columns + begin, columns + end)) {
            require_memory(checked_mul(2 * (end - begin), Index{sizeof(row[0])}, "a row"), "a row to be sorted");
            row.clear();
            for (std::int64_t k = begin; k < end; ++k) row.emplace_back(columns[k], values[k]);
            std::ranges::stable_sort(row, {}, [](const auto& entry) { return entry.first; });
            std::int64_t k = begin;
            for (const auto& entry : row) std::tie(columns[k], values[k]) = entry, ++k;
        }
        const std::int64_t first = out;
        for (std::int64_t k = begin; k < end; ++k) {
            if (out > first && columns[out - 1] == columns[k]) {
                values[out - 1] = exact_sum(values[out - 1], values[k]);
            } else {
                columns[out] = columns[k];
                values[out++] = values[k];
            }
        }
        begin = end;
        starts[i + 1] = out;
    }
    matrix.resizeNonZeros(out);
}

/// The matrix of `count` entries that each(emit) gives by emit(row, column, value): the same ones, in the same order
/// and inside the matrix, both times it is called. Throws SizeError unless the matrix fits in memory, of which nothing
/// else is taken. Cost: a counting sort by rows, then sort_and_sum.
template <ScalarType S, class Each>
AnySparse assemble(Index rows, Index columns, Index count, const Each& each) {
    require_sparse_memory<S>(rows, count);
    // Named once and returned: Eigen's matrices cannot be moved, and a copy would take their memory again.
    AnySparse result(std::in_place_type<StoredSparse<S>>, rows, columns);
    auto& matrix = std::get<StoredSparse<S>>(result);
    matrix.resizeNonZeros(count);
    // starts[i + 1] is where the next entry of row i goes; in the end that is where row i + 1 starts.
    std::int64_t* starts = matrix.outerIndexPtr();
    each([&](Index row, Index, S) {
        if (row + 2 <= rows) ++starts[row + 2];
    });
    for (Index i = 2; i <= rows; ++i) starts[i] += starts[i - 1];
    each([&](Index row, Index column, S value) {
        const std::int64_t k = starts[row + 1]++;
        matrix.innerIndexPtr()[k] = column;
        matrix.valuePtr()[k] = value;
    });
    sort_and_sum(matrix);
    return result;
}

} // namespace convmat::detail
