#include <convmat/structure/sparse.hpp>

#include <complex>

#include <convmat/base/checked.hpp>

namespace convmat {

namespace detail {

template <ScalarType Scalar>
void append_rows(Sparse<Scalar>& all, Index first_row, Index first_col, const Sparse<Scalar>& block) {
    for (Index row = 0; row < block.rows(); ++row) {
        all.startVec(first_row + row);
        for (typename Sparse<Scalar>::InnerIterator at(block, row); at; ++at)
            all.insertBack(first_row + row, first_col + at.col()) = at.value();
    }
}

template void append_rows(Sparse<float>&, Index, Index, const Sparse<float>&);
template void append_rows(Sparse<double>&, Index, Index, const Sparse<double>&);
template void append_rows(Sparse<std::complex<float>>&, Index, Index, const Sparse<std::complex<float>>&);
template void append_rows(Sparse<std::complex<double>>&, Index, Index, const Sparse<std::complex<double>>&);
template void append_rows(Sparse<std::int64_t>&, Index, Index, const Sparse<std::int64_t>&);

} // namespace detail

template <ScalarType Scalar>
Sparse<Scalar> identity_matrix(Index n) {
    detail::require_extent(n, "identity_matrix");
    return sparse_rows<Scalar>(n, n, n, [](Index i, auto add) { add(i, 1); });
}

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

template Sparse<float> identity_matrix<float>(Index);
template Sparse<double> identity_matrix<double>(Index);
template Sparse<std::complex<float>> identity_matrix<std::complex<float>>(Index);
template Sparse<std::complex<double>> identity_matrix<std::complex<double>>(Index);
template Sparse<std::int64_t> identity_matrix<std::int64_t>(Index);
template Sparse<float> kronecker(const Sparse<float>&, const Sparse<float>&);
template Sparse<double> kronecker(const Sparse<double>&, const Sparse<double>&);
template Sparse<std::complex<float>> kronecker(const Sparse<std::complex<float>>&, const Sparse<std::complex<float>>&);
template Sparse<std::complex<double>> kronecker(const Sparse<std::complex<double>>&,
                                                const Sparse<std::complex<double>>&);
template Sparse<std::int64_t> kronecker(const Sparse<std::int64_t>&, const Sparse<std::int64_t>&);
template Sparse<float> kronecker(std::span<const Sparse<float>>);
template Sparse<double> kronecker(std::span<const Sparse<double>>);
template Sparse<std::complex<float>> kronecker(std::span<const Sparse<std::complex<float>>>);
template Sparse<std::complex<double>> kronecker(std::span<const Sparse<std::complex<double>>>);
template Sparse<std::int64_t> kronecker(std::span<const Sparse<std::int64_t>>);
template Sparse<float> stacked(std::span<const Sparse<float>>);
template Sparse<double> stacked(std::span<const Sparse<double>>);
template Sparse<std::complex<float>> stacked(std::span<const Sparse<std::complex<float>>>);
template Sparse<std::complex<double>> stacked(std::span<const Sparse<std::complex<double>>>);
template Sparse<std::int64_t> stacked(std::span<const Sparse<std::int64_t>>);
template Sparse<float> block_diagonal(std::span<const Sparse<float>>);
template Sparse<double> block_diagonal(std::span<const Sparse<double>>);
template Sparse<std::complex<float>> block_diagonal(std::span<const Sparse<std::complex<float>>>);
template Sparse<std::complex<double>> block_diagonal(std::span<const Sparse<std::complex<double>>>);
template Sparse<std::int64_t> block_diagonal(std::span<const Sparse<std::int64_t>>);

} // namespace convmat
