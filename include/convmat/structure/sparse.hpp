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
void append_rows(Sparse<Scalar>& all, Index first_row, Index first_col, const Sparse<Scalar>& block) {
    for (Index row = 0; row < block.rows(); ++row) {
        all.startVec(first_row + row);
        for (typename Sparse<Scalar>::InnerIterator at(block, row); at; ++at)
            all.insertBack(first_row + row, first_col + at.col()) = at.value();
    }
}

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
Sparse<Scalar> identity_matrix(Index n) {
    detail::require_extent(n, "identity_matrix");
    return sparse_rows<Scalar>(n, n, n, [](Index i, auto add) { add(i, 1); });
}

/// A ⊗ B; (A ⊗ B) vec(X) = vec(A X B^T) with the row-major vec that convmat uses. Throws SizeError, before it
/// allocates, when the product fits neither int indices nor memory.
template <ScalarType Scalar>
Sparse<Scalar> kronecker(const Sparse<Scalar>& a, const Sparse<Scalar>& b) {
    constexpr const char* what = "a Kronecker product";
    const Index rows = checked_mul(a.rows(), b.rows(), what), cols = checked_mul(a.cols(), b.cols(), what);
    const Index nonzeros = checked_mul(a.nonZeros(), b.nonZeros(), what);
    detail::require_sparse<Scalar>(rows, cols, nonzeros);
    Sparse<Scalar> product(rows, cols);
    product.reserve(nonzeros);
    using Entries = typename Sparse<Scalar>::InnerIterator;
    for (Index row = 0; row < rows; ++row) {
        product.startVec(row);
        for (Entries left(a, row / b.rows()); left; ++left)
            for (Entries right(b, row % b.rows()); right; ++right)
                product.insertBack(row, left.col() * b.cols() + right.col()) = left.value() * right.value();
    }
    product.finalize();
    return product;
}

/// A_1 ⊗ A_2 ⊗ ..., from left to right. Throws ShapeError for no factors, and SizeError as kronecker() before the first
/// of the products is built.
template <ScalarType Scalar>
Sparse<Scalar> kronecker(std::span<const Sparse<Scalar>> factors) {
    constexpr const char* what = "a Kronecker product";
    if (factors.empty())
        throw ShapeError(
            {.parameter = "factors", .value = "none", .expected = "at least one", .found = "kronecker: no factors"});
    Index rows = 1, cols = 1, nonzeros = 1;
    for (const auto& factor : factors) {
        rows = checked_mul(rows, factor.rows(), what);
        cols = checked_mul(cols, factor.cols(), what);
        nonzeros = checked_mul(nonzeros, factor.nonZeros(), what);
    }
    detail::require_sparse<Scalar>(rows, cols, nonzeros);
    if (nonzeros == 0) return Sparse<Scalar>(rows, cols); // whatever the products on the way to it have
    Sparse<Scalar> product = factors.front();
    product.makeCompressed();
    for (const auto& factor : factors.subspan(1)) product = kronecker(product, factor);
    return product;
}

/// The blocks one below the other. Throws ShapeError unless there is one and all have the same number of columns,
/// SizeError when they fit neither int indices nor memory.
template <ScalarType Scalar>
Sparse<Scalar> stacked(std::span<const Sparse<Scalar>> blocks) {
    if (blocks.empty())
        throw ShapeError(
            {.parameter = "blocks", .value = "none", .expected = "at least one", .found = "stacked: no blocks"});
    const Index cols = blocks.front().cols();
    Index rows = 0, nonzeros = 0;
    for (const auto& block : blocks) {
        if (block.cols() != cols)
            throw ShapeError({.parameter = "blocks",
                              .value = concat(block.cols(), " columns"),
                              .expected = concat(cols, " as the first"),
                              .found = concat("stacked: a block of ", block.cols(), " columns")});
        rows += block.rows();
        nonzeros += block.nonZeros();
    }
    detail::require_sparse<Scalar>(rows, cols, nonzeros);
    Sparse<Scalar> all(rows, cols);
    all.reserve(nonzeros);
    Index first = 0;
    for (const auto& block : blocks) {
        detail::append_rows(all, first, 0, block);
        first += block.rows();
    }
    all.finalize();
    return all;
}

/// The blocks on the diagonal, zero elsewhere; 0 x 0 where there are none. Throws SizeError when they fit neither int
/// indices nor memory.
template <ScalarType Scalar>
Sparse<Scalar> block_diagonal(std::span<const Sparse<Scalar>> blocks) {
    Index rows = 0, cols = 0, nonzeros = 0;
    for (const auto& block : blocks) {
        rows += block.rows();
        cols += block.cols();
        nonzeros += block.nonZeros();
    }
    detail::require_sparse<Scalar>(rows, cols, nonzeros);
    Sparse<Scalar> all(rows, cols);
    all.reserve(nonzeros);
    Index first_row = 0, first_col = 0;
    for (const auto& block : blocks) {
        detail::append_rows(all, first_row, first_col, block);
        first_row += block.rows();
        first_col += block.cols();
    }
    all.finalize();
    return all;
}

} // namespace convmat
