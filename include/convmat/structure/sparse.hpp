#pragma once

#include <algorithm>
#include <limits>
#include <span>

#include <Eigen/SparseCore>

#include <convmat/base/checked.hpp>
#include <convmat/base/error.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/base/positions.hpp>
#include <convmat/base/scalars.hpp>
#include <convmat/base/types.hpp>

namespace convmat {

/// What the factors of W are: kernel2matrix's own default type. Every function of this room returns it compressed.
template <class Scalar>
using Sparse = Eigen::SparseMatrix<Scalar, Eigen::RowMajor>;

namespace detail {

/// Throws ShapeError for a negative extent, SizeError unless a matrix of these sizes fits int indices and memory.
template <class Scalar>
void require_sparse(Index rows, Index cols, Index nonzeros) {
    constexpr Index most = std::numeric_limits<int>::max();
    const auto refused = [&](const std::string& expected) -> Fault {
        const std::string value = concat(rows, "x", cols, " with up to ", nonzeros, " nonzeros");
        return {.parameter = "factor", .value = value, .expected = expected, .found = "a sparse factor of " + value};
    };
    if (std::min({rows, cols, nonzeros}) < 0) throw ShapeError(refused("no negative number"));
    if (std::max({rows, cols, nonzeros}) > most) throw SizeError(refused(concat("at most ", most, " of each")));
    const Index bytes = nonzeros * Index{sizeof(Scalar) + sizeof(int)} + (rows + 1) * Index{sizeof(int)};
    require_memory(bytes, "a sparse factor");
}

/// Throws ShapeError naming `who` for a negative extent.
inline void require_extent(Index n, const char* who) {
    if (n < 0)
        throw ShapeError(
            {.parameter = "n", .value = concat(n), .expected = "at least 0", .found = concat(who, ": extent ", n)});
}

/// Writes the rows of a block into `all`, from `first_row` and `first_col` on; rows are written in ascending order.
template <ScalarType Scalar>
void append_rows(Sparse<Scalar>& all, Index first_row, Index first_col, const Sparse<Scalar>& block);

} // namespace detail

/// A rows x cols matrix written row by row: `write(row, add)` calls add(column, integer) with ascending columns.
/// `at_most` is an upper bound of the number of entries. Throws ShapeError for a negative number, SizeError when the
/// sizes fit neither int indices nor memory.
template <ScalarType Scalar, class Write>
Sparse<Scalar> sparse_rows(Index rows, Index cols, Index at_most, const Write& write) {
    detail::require_sparse<Scalar>(rows, cols, at_most);
    Sparse<Scalar> matrix(rows, cols);
    matrix.reserve(at_most);
    for (Index row = 0; row < rows; ++row) {
        matrix.startVec(row);
        write(row, [&](Index column, Index value) {
            matrix.insertBack(row, column) = Scalar(static_cast<RealOf<Scalar>>(value));
        });
    }
    matrix.finalize();
    return matrix;
}

/// I_n. Throws ShapeError for n < 0, SizeError as sparse_rows.
template <ScalarType Scalar = double>
Sparse<Scalar> identity_matrix(Index n);

/// A ⊗ B; (A ⊗ B) vec(X) = vec(A X B^T) with the row-major vec that convmat uses. Throws SizeError, before it
/// allocates, when the product fits neither int indices nor memory.
template <ScalarType Scalar>
Sparse<Scalar> kronecker(const Sparse<Scalar>& a, const Sparse<Scalar>& b);

/// A_1 ⊗ A_2 ⊗ ..., from left to right. Throws ShapeError for no factors, and SizeError as kronecker() before the first
/// of the products is built.
template <ScalarType Scalar>
Sparse<Scalar> kronecker(std::span<const Sparse<Scalar>> factors);

/// The blocks one below the other. Throws ShapeError unless there is one and all have the same number of columns,
/// SizeError when they fit neither int indices nor memory.
template <ScalarType Scalar>
Sparse<Scalar> stacked(std::span<const Sparse<Scalar>> blocks);

/// The blocks on the diagonal, zero elsewhere; 0 x 0 where there are none. Throws SizeError when they fit neither int
/// indices nor memory.
template <ScalarType Scalar>
Sparse<Scalar> block_diagonal(std::span<const Sparse<Scalar>> blocks);

} // namespace convmat
