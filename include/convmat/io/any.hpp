#pragma once

#include <complex>
#include <cstdint>
#include <variant>

#include <Eigen/SparseCore>

#include <convmat/base/tensor.hpp>

namespace convmat {

/// An array of whichever scalar its file has: std::visit it, or std::get the one that is expected.
using AnyTensor = std::variant<Tensor<float>, Tensor<double>, Tensor<std::complex<float>>, Tensor<std::complex<double>>,
                               Tensor<std::int64_t>>;

/// A sparse matrix as it is read from a file: compressed rows, columns ascending and unique, 64-bit indices.
template <ScalarType S>
using StoredSparse = Eigen::SparseMatrix<S, Eigen::RowMajor, std::int64_t>;

/// A sparse matrix of whichever scalar its file has.
using AnySparse = std::variant<StoredSparse<float>, StoredSparse<double>, StoredSparse<std::complex<float>>,
                               StoredSparse<std::complex<double>>, StoredSparse<std::int64_t>>;

} // namespace convmat
