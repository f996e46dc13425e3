#pragma once

#include <complex>
#include <cstdint>
#include <filesystem>
#include <variant>

#include <Eigen/SparseCore>

#include <convmat/base/tensor.hpp>

namespace convmat {

/// An array of whichever scalar its file has: std::visit it; or have the one that is expected, as read_npy<double>().
using AnyTensor = std::variant<Tensor<float>, Tensor<double>, Tensor<std::complex<float>>, Tensor<std::complex<double>>,
                               Tensor<std::int64_t>>;

/// A sparse matrix as it is read from a file: compressed rows, columns ascending and unique, 64-bit indices.
template <ScalarType S>
using StoredSparse = Eigen::SparseMatrix<S, Eigen::RowMajor, std::int64_t>;

/// A sparse matrix of whichever scalar its file has.
using AnySparse = std::variant<StoredSparse<float>, StoredSparse<double>, StoredSparse<std::complex<float>>,
                               StoredSparse<std::complex<double>>, StoredSparse<std::int64_t>>;

namespace detail {

/// The file's values as S, each exactly: of a type whose values S has, or integers that S holds, one by one. Throws
/// FileError, naming the file, its type (or integer) and S, otherwise.
template <ScalarType S>
Tensor<S> exactly(AnyTensor array, const std::filesystem::path& path);
template <ScalarType S>
StoredSparse<S> exactly(AnySparse matrix, const std::filesystem::path& path);

} // namespace detail

} // namespace convmat
