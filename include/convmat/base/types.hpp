#pragma once

#include <complex>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace convmat {

/// Signed size and position, 64 bits; the same type as Eigen::Index.
using Index = std::ptrdiff_t;

/// Extents of an array, slowest axis first (row-major): `{3, 64, 64}` is three channels of 64 x 64.
using Shape = std::vector<Index>;

/// The scalars convmat is compiled for. `std::int64_t` is exact: integer identities hold with `==`.
template <class T>
concept ScalarType = std::same_as<T, float> || std::same_as<T, double> || std::same_as<T, std::complex<float>> ||
    std::same_as<T, std::complex<double>> || std::same_as<T, std::int64_t>;

/// What may index or count: any integer, of which `true` is none.
template <class T>
concept WholeNumber = std::integral<T> && !std::same_as<T, bool>;

/// The integers a sparse matrix may store its indices in.
template <class T>
concept StorageIndexType = std::same_as<T, int> || std::same_as<T, std::int64_t>;

} // namespace convmat
