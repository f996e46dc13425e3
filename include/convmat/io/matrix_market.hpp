#pragma once

#include <filesystem>
#include <string_view>

#include <convmat/io/any.hpp>
#include <convmat/io/sparse_parts.hpp>

namespace convmat {
namespace detail {

template <ScalarType S, StorageIndexType I>
void write_matrix_market_parts(const std::filesystem::path& path, const SparseParts<S, I>& matrix,
                               std::string_view comment);

} // namespace detail

/// The matrix in a Matrix Market file: real -> double, integer -> int64, complex -> complex<double>, pattern -> int64
/// ones. Coordinate and array formats; general, symmetric, skew-symmetric and hermitian, whose other half is filled in.
/// Entries of one place are summed in file order; explicit zeros of the coordinate format are kept, those of the array
/// format are not. Throws FileError, with the line where there is one, for anything the format does not allow, and
/// before allocating for sizes the file cannot hold.
/// Cost: one pass over the text, then a counting sort by rows.
AnySparse read_matrix_market(const std::filesystem::path& path);

/// The same as S, whatever type the file has, where no value changes: float is read as double, an integer as any type
/// that holds it. Throws FileError that names the file, what it holds and S otherwise.
template <ScalarType S>
StoredSparse<S> read_matrix_market(const std::filesystem::path& path) {
    return detail::exactly<S>(read_matrix_market(path), path);
}

/// Writes the coordinate format, general, as real, integer or complex, entries in storage order. Every number is the
/// shortest that reads back as the same S; NaN and infinities are written as nan and inf. Each line of `comment`
/// becomes a % line after the banner. Throws FileError.
template <ScalarType S, int Options, StorageIndexType I>
void write_matrix_market(const std::filesystem::path& path, const Eigen::SparseMatrix<S, Options, I>& matrix,
                         std::string_view comment = {}) {
    detail::with_parts(matrix, [&](const auto& parts) { detail::write_matrix_market_parts(path, parts, comment); });
}

} // namespace convmat
