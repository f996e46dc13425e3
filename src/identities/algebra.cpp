#include "algebra.hpp"

namespace convmat::identities {
namespace {

template <class S>
std::vector<Sparse<S>> sparse_of(const std::vector<Matrix<S>>& blocks) {
    std::vector<Sparse<S>> list;
    for (const Matrix<S>& block : blocks) list.push_back(block.sparse());
    return list;
}

} // namespace

// Eigen 3.4 moves a sparse matrix by copying it.
template <class S>
Matrix<S>::Matrix(Sparse<S> value) {
    value_.swap(value);
}

template <class S>
Matrix<S>::Matrix(const Matrix& other) = default;

template <class S>
Matrix<S>::Matrix(Matrix&& other) noexcept {
    value_.swap(other.value_);
}

template <class S>
Matrix<S>& Matrix<S>::operator=(const Matrix& other) = default;

template <class S>
Matrix<S>& Matrix<S>::operator=(Matrix&& other) noexcept {
    value_.swap(other.value_);
    return *this;
}

template <class S>
Matrix<S>::~Matrix() = default;

template <class S>
Matrix<S> Matrix<S>::column(std::span<const S> values) {
    return Sparse<S>(
        Eigen::Map<const Eigen::Matrix<S, Eigen::Dynamic, 1>>(values.data(), std::ssize(values)).sparseView());
}

template <class S>
Matrix<S> Matrix<S>::diagonal(std::span<const S> values) {
    Sparse<S> matrix(std::ssize(values), std::ssize(values));
    matrix.reserve(std::ssize(values));
    for (Index i = 0; i < matrix.rows(); ++i) {
        matrix.startVec(i);
        matrix.insertBack(i, i) = values[static_cast<std::size_t>(i)];
    }
    matrix.finalize();
    return matrix;
}

template <class S>
Matrix<S> Matrix<S>::identity(Index n) {
    return identity_matrix<S>(n);
}

template <class S>
Matrix<S> Matrix<S>::of(const Dense<S>& matrix) {
    return Sparse<S>(matrix.sparseView());
}

template <class S>
Matrix<S> Matrix<S>::stack(const std::vector<Matrix>& blocks) {
    return stacked<S>(sparse_of(blocks));
}

template <class S>
Matrix<S> Matrix<S>::blocks(const std::vector<Matrix>& blocks) {
    return block_diagonal<S>(sparse_of(blocks));
}

template <class S>
Matrix<S> Matrix<S>::sum(std::vector<Matrix> terms) {
    for (; terms.size() > 1; terms.resize((terms.size() + 1) / 2, zero(0, 0)))
        for (std::size_t i = 0; 2 * i < terms.size(); ++i)
            terms[i] = 2 * i + 1 < terms.size() ? terms[2 * i] + terms[2 * i + 1] : terms[2 * i];
    return terms.front();
}

template <class S>
Dense<S> Matrix<S>::dense() const {
    return Dense<S>(value_);
}

template <class S>
std::vector<S> Matrix<S>::values() const {
    std::vector<S> all(static_cast<std::size_t>(checked_mul(rows(), cols(), "entries")), S(0));
    for (Index row = 0; row < rows(); ++row)
        for (typename Sparse<S>::InnerIterator at(value_, row); at; ++at)
            all[static_cast<std::size_t>(row * cols() + at.col())] = at.value();
    return all;
}

template <class S>
Index Matrix<S>::nonzeros() const {
    const S* values = value_.valuePtr();
    return std::count_if(values, values + value_.nonZeros(), [](S value) { return value != S(0); });
}

template <class S>
Matrix<S> Matrix<S>::operator*(const Matrix& other) const {
    return Sparse<S>(value_ * other.value_);
}

template <class S>
Matrix<S> Matrix<S>::operator+(const Matrix& other) const {
    return Sparse<S>(value_ + other.value_);
}

template <class S>
Matrix<S> Matrix<S>::operator-(const Matrix& other) const {
    return Sparse<S>(value_ - other.value_);
}

template <class S>
Matrix<S> Matrix<S>::times(S factor) const {
    return Sparse<S>(value_ * factor);
}

template <class S>
Matrix<S> Matrix<S>::transpose() const {
    return Sparse<S>(value_.transpose());
}

template <class S>
Matrix<S> Matrix<S>::adjoint() const {
    return Sparse<S>(value_.adjoint());
}

template <class S>
Matrix<S> Matrix<S>::magnitudes() const {
    Sparse<S> result = value_;
    for (Index i = 0; i < result.nonZeros(); ++i) result.valuePtr()[i] = S(std::abs(result.valuePtr()[i]));
    return result;
}

template <class S>
Matrix<S> Matrix<S>::pattern() const {
    Sparse<S> result = value_;
    std::fill_n(result.valuePtr(), result.nonZeros(), S(1));
    return result;
}

template <class S>
Matrix<S> Matrix<S>::kron(const Matrix& other) const {
    return kronecker<S>(value_, other.value_);
}

template <class S>
Matrix<S> Matrix<S>::without_zeros() const {
    Sparse<S> result = value_;
    result.prune([](Index, Index, S value) { return value != S(0); });
    return result;
}

template <class S>
S Matrix<S>::inner(const Matrix& other) const {
    S sum(0);
    const Sparse<S> products = value_.conjugate().cwiseProduct(other.value_);
    for (Index i = 0; i < products.nonZeros(); ++i) sum += products.valuePtr()[i];
    return sum;
}

template <class S>
S Matrix<S>::trace() const {
    S sum(0);
    for (Index row = 0; row < rows(); ++row)
        for (typename Sparse<S>::InnerIterator at(value_, row); at; ++at)
            if (at.col() == row) sum += at.value();
    return sum;
}

template <class S>
double Matrix<S>::largest_magnitude() const {
    double largest = 0;
    for (Index i = 0; i < value_.nonZeros(); ++i)
        largest = std::max(largest, static_cast<double>(std::abs(value_.valuePtr()[i])));
    return largest;
}

template class Matrix<std::int64_t>;
template class Matrix<double>;
template class Matrix<std::complex<double>>;

} // namespace convmat::identities
