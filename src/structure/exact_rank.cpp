#include <convmat/structure/exact_rank.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>

namespace convmat {
namespace {

// Numbers modulo p = 2^64 - 2^32 + 1, each in [0, p). As 2^64 = 2^32 - 1 and 2^96 = -1, products need no division.
using Residue = std::uint64_t;
__extension__ typedef unsigned __int128 UInt128; // NOLINT(modernize-use-using): __extension__ wants a typedef

constexpr Residue prime = 0xFFFF'FFFF'0000'0001;
constexpr Residue low_half = 0xFFFF'FFFF; // 2^64 mod p

Residue minus(Residue a, Residue b) { return a >= b ? a - b : a - b + prime; }
Residue plus(Residue a, Residue b) { return minus(a, b == 0 ? 0 : prime - b); }

Residue times(Residue a, Residue b) {
    const UInt128 product = UInt128{a} * b; // low + 2^64 middle + 2^96 high = low + (2^32 - 1) middle - high
    const auto low = static_cast<Residue>(product), upper = static_cast<Residue>(product >> 64);
    const Residue high = upper >> 32, middle = (upper & low_half) * low_half;
    return plus(minus(low >= prime ? low - prime : low, high), middle);
}

Residue power(Residue base, std::uint64_t exponent) {
    Residue result = 1;
    for (; exponent > 0; exponent /= 2, base = times(base, base))
        if (exponent % 2 == 1) result = times(result, base);
    return result;
}

Residue inverse(Residue a) { return power(a, prime - 2); }

// The image of i; the two choices are conjugate.
enum class RootOfMinusOne : Residue { first = Residue{1} << 48, second = prime - (Residue{1} << 48) };

Residue image(std::int64_t value, RootOfMinusOne) {
    const auto bits = static_cast<std::uint64_t>(value);
    return value >= 0 ? bits : prime - (0 - bits);
}

Residue image(double value, RootOfMinusOne) {
    if (!std::isfinite(value))
        throw ArgumentError({.parameter = "matrix",
                             .value = concat(value),
                             .expected = "finite values",
                             .sentence = concat("exact_rank: a value is ", value, ", not finite")});
    int exponent = 0;
    const double fraction = std::frexp(std::abs(value), &exponent); // |value| = fraction 2^exponent
    const auto digits = static_cast<Residue>(std::ldexp(fraction, 53));
    const Index order = 192; // of 2
    const auto scale = power(2, static_cast<std::uint64_t>(floor_mod(exponent - 53, order)));
    const Residue size = times(digits, scale);
    return value < 0 ? minus(0, size) : size;
}

template <class Real>
Residue image(std::complex<Real> value, RootOfMinusOne root) {
    return plus(image(double{value.real()}, root),
                times(image(double{value.imag()}, root), static_cast<Residue>(root)));
}

// Rows in echelon form: at most one starts in each column, with 1; columns after its last nonzero are not stored.
class Echelon {
  public:
    explicit Echelon(Index cols) : starting_(static_cast<std::size_t>(cols)) {}

    // Reduces the row, and keeps what is left of it; false when that is nothing.
    bool add(std::vector<Residue>& row) {
        for (std::size_t col = 0; col < row.size(); ++col) {
            if (row[col] == 0) continue;
            const std::vector<Residue>& pivot = starting_[col];
            if (pivot.empty()) {
                keep(row, col);
                return true;
            }
            const Residue factor = row[col];
            for (std::size_t i = 0; i < pivot.size(); ++i) row[col + i] = minus(row[col + i], times(factor, pivot[i]));
        }
        return false;
    }

  private:
    void keep(const std::vector<Residue>& row, std::size_t col) {
        std::size_t end = row.size();
        while (row[end - 1] == 0) --end;
        const Residue factor = inverse(row[col]);
        std::vector<Residue>& pivot = starting_[col];
        pivot.reserve(end - col);
        for (std::size_t i = col; i < end; ++i) pivot.push_back(times(factor, row[i]));
    }

    std::vector<std::vector<Residue>> starting_;
};

template <class Scalar, class StorageIndex>
Index rank_with(RootOfMinusOne root, Index rows, Index cols, const StorageIndex* offsets, const StorageIndex* indices,
                const Scalar* values) {
    Echelon echelon(cols);
    std::vector<Residue> dense(static_cast<std::size_t>(cols));
    Index rank = 0;
    for (Index row = 0; row < rows; ++row) {
        std::ranges::fill(dense, Residue{0});
        for (StorageIndex at = offsets[row]; at < offsets[row + 1]; ++at) {
            Residue& entry = dense[static_cast<std::size_t>(indices[at])];
            entry = plus(entry, image(values[at], root));
        }
        if (echelon.add(dense)) ++rank;
    }
    return rank;
}

// The rank of a matrix with at least as many rows as columns.
template <class Scalar, class StorageIndex>
Index rank_of_tall(Index rows, Index cols, const StorageIndex* offsets, const StorageIndex* indices,
                   const Scalar* values) {
    const Index rank = rank_with(RootOfMinusOne::first, rows, cols, offsets, indices, values);
    if constexpr (requires(Scalar s) { s.imag(); })
        if (rank < cols) return std::max(rank, rank_with(RootOfMinusOne::second, rows, cols, offsets, indices, values));
    return rank;
}

} // namespace

namespace detail {

template <class Scalar, class StorageIndex>
Index rank_of_rows(Index rows, Index cols, const StorageIndex* offsets, const StorageIndex* indices,
                   const Scalar* values) {
    if (rows == 0 || cols == 0) return 0;
    const Index entries = checked_mul(rows, cols, "exact_rank: entries");
    if (entries > most_rank_entries)
        throw SizeError({.parameter = "matrix",
                         .value = concat(entries, " entries"),
                         .expected = concat("at most ", most_rank_entries),
                         .found = concat("exact_rank: a ", rows, "x", cols, " matrix has ", entries, " entries")});
    const Index shorter = std::min(rows, cols);
    const Index of_rows =
        shorter * (shorter + 1) * Index{sizeof(Residue)} + shorter * Index{sizeof(std::vector<Residue>)};
    if (cols <= rows) {
        require_memory(of_rows, "exact_rank");
        return rank_of_tall(rows, cols, offsets, indices, values);
    }
    // Pivots have the length of a row: rows are made of the shorter side. Transposing wants a counter beside each
    // offset.
    const Index stored = static_cast<Index>(offsets[rows]) - static_cast<Index>(offsets[0]);
    require_memory(of_rows + stored * Index{sizeof(Scalar) + sizeof(StorageIndex)} +
                       2 * (cols + 1) * Index{sizeof(StorageIndex)},
                   "exact_rank");
    using Rows = Eigen::SparseMatrix<Scalar, Eigen::RowMajor, StorageIndex>;
    const Rows tall = Eigen::Map<const Rows>(rows, cols, stored, offsets, indices, values).transpose();
    return rank_of_tall(cols, rows, tall.outerIndexPtr(), tall.innerIndexPtr(), tall.valuePtr());
}

template Index rank_of_rows(Index, Index, const int*, const int*, const float*);
template Index rank_of_rows(Index, Index, const int*, const int*, const double*);
template Index rank_of_rows(Index, Index, const int*, const int*, const std::int64_t*);
template Index rank_of_rows(Index, Index, const int*, const int*, const std::complex<float>*);
template Index rank_of_rows(Index, Index, const int*, const int*, const std::complex<double>*);
template Index rank_of_rows(Index, Index, const std::int64_t*, const std::int64_t*, const float*);
template Index rank_of_rows(Index, Index, const std::int64_t*, const std::int64_t*, const double*);
template Index rank_of_rows(Index, Index, const std::int64_t*, const std::int64_t*, const std::int64_t*);
template Index rank_of_rows(Index, Index, const std::int64_t*, const std::int64_t*, const std::complex<float>*);
template Index rank_of_rows(Index, Index, const std::int64_t*, const std::int64_t*, const std::complex<double>*);

} // namespace detail
} // namespace convmat
