#pragma once

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include <Eigen/SparseCore>
#include <unsupported/Eigen/KroneckerProduct>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/base/tensor.hpp>

namespace convmat {

/// What the factors of W are: kernel2matrix's own default type.
template <class Scalar>
using Sparse = Eigen::SparseMatrix<Scalar, Eigen::RowMajor>;

namespace detail {

/// Throws SizeError unless a matrix of these sizes fits int indices and memory.
template <class Scalar>
void require_sparse(Index rows, Index cols, Index nonzeros) {
    constexpr Index most = std::numeric_limits<int>::max();
    if (std::max({rows, cols, nonzeros}) > most)
        throw SizeError(concat("a sparse factor of ", rows, "x", cols, " with up to ", nonzeros,
                               " nonzeros: expected at most ", most, " of each"));
    const Index bytes = nonzeros * Index{sizeof(Scalar) + sizeof(int)} + (rows + 1) * Index{sizeof(int)};
    require_memory(bytes, "a sparse factor");
}

} // namespace detail

/// A rows x cols matrix written row by row: `write(row, add)` calls add(column, integer) with ascending columns.
/// `at_most` is an upper bound of the number of entries.
template <ScalarType Scalar, class Write>
Sparse<Scalar> sparse_rows(Index rows, Index cols, Index at_most, const Write& write) {
    detail::require_sparse<Scalar>(rows, cols, at_most);
    Sparse<Scalar> matrix(rows, cols);
    matrix.reserve(at_most);
    for (Index row = 0; row < rows; ++row) {
        matrix.startVec(row);
        write(row, [&](Index column, Index value) {
            matrix.insertBack(row, column) = Scalar(static_cast<typename Eigen::NumTraits<Scalar>::Real>(value));
        });
    }
    matrix.finalize();
    return matrix;
}

template <ScalarType Scalar = double>
Sparse<Scalar> identity_matrix(Index n) {
    return sparse_rows<Scalar>(n, n, n, [](Index i, auto add) { add(i, 1); });
}

/// A ⊗ B; (A ⊗ B) vec(X) = vec(A X B^T) with the row-major vec that convmat uses.
template <ScalarType Scalar>
Sparse<Scalar> kronecker(const Sparse<Scalar>& a, const Sparse<Scalar>& b) {
    constexpr const char* what = "a Kronecker product";
    detail::require_sparse<Scalar>(checked_mul(a.rows(), b.rows(), what), checked_mul(a.cols(), b.cols(), what),
                                   checked_mul(a.nonZeros(), b.nonZeros(), what));
    return Eigen::kroneckerProduct(a, b);
}

/// The blocks one below the other; they have the same number of columns.
template <ScalarType Scalar>
Sparse<Scalar> stacked(std::span<const Sparse<Scalar>> blocks) {
    Index rows = 0, nonzeros = 0;
    for (const auto& block : blocks) {
        rows += block.rows();
        nonzeros += block.nonZeros();
    }
    detail::require_sparse<Scalar>(rows, blocks.front().cols(), nonzeros);
    Sparse<Scalar> all(rows, blocks.front().cols());
    all.reserve(nonzeros);
    Index first = 0;
    for (const auto& block : blocks) {
        for (Index row = 0; row < block.rows(); ++row) {
            all.startVec(first + row);
            for (typename Sparse<Scalar>::InnerIterator at(block, row); at; ++at)
                all.insertBack(first + row, at.col()) = at.value();
        }
        first += block.rows();
    }
    all.finalize();
    return all;
}

/// The blocks on the diagonal, zero elsewhere.
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
        for (Index row = 0; row < block.rows(); ++row) {
            all.startVec(first_row + row);
            for (typename Sparse<Scalar>::InnerIterator at(block, row); at; ++at)
                all.insertBack(first_row + row, first_col + at.col()) = at.value();
        }
        first_row += block.rows();
        first_col += block.cols();
    }
    all.finalize();
    return all;
}

/// Calls `visit(position)` for every position of a box, last axis fastest: row-major order.
template <class Visit>
void for_each_position(const Shape& extents, const Visit& visit) {
    if (std::ranges::any_of(extents, [](Index extent) { return extent < 1; })) return;
    Shape at(extents.size(), 0);
    for (;;) {
        visit(std::as_const(at));
        std::size_t j = extents.size();
        while (j > 0 && ++at[j - 1] == extents[j - 1]) at[--j] = 0;
        if (j == 0) return;
    }
}

} // namespace convmat
