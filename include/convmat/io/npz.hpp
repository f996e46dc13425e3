#pragma once

#include <filesystem>

#include <convmat/io/any.hpp>
#include <convmat/io/sparse_parts.hpp>

namespace convmat {
namespace detail {

template <ScalarType S, StorageIndexType I>
void write_scipy_npz_parts(const std::filesystem::path& path, const SparseParts<S, I>& matrix);

} // namespace detail

/// The matrix in a file of scipy.sparse.save_npz, of a sparse matrix or a sparse array of two axes: CSR, CSC, BSR, COO
/// or DIA, indices of 32 or 64 bits, values of any type read_npy takes. Unsorted indices are sorted, entries of one
/// place summed in stored order; zeros of DIA are no entries. Throws FileError when the archive, a member or the index
/// structure is not sound. Memory: what the file holds, and the matrix.
AnySparse read_scipy_npz(const std::filesystem::path& path);

/// The same as S, whatever type the file has, where no value changes: float is read as double, an integer as any type
/// that holds it. Throws FileError that names the file, what it holds and S otherwise.
template <ScalarType S>
StoredSparse<S> read_scipy_npz(const std::filesystem::path& path) {
    return detail::exactly<S>(read_scipy_npz(path), path);
}

/// Writes what scipy.sparse.load_npz reads as the same matrix, bit for bit: CSR for row-major, CSC for column-major,
/// int32 or int64 indices as StorageIndex, explicit zeros kept. Deflated at the fastest level; equal matrices give
/// equal bytes. The compressed archive is held in memory until it is written. Throws FileError.
template <ScalarType S, int Options, StorageIndexType I>
void write_scipy_npz(const std::filesystem::path& path, const Eigen::SparseMatrix<S, Options, I>& matrix) {
    detail::with_parts(matrix, [&](const auto& parts) { detail::write_scipy_npz_parts(path, parts); });
}

} // namespace convmat
