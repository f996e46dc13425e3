#include <convmat/structure/exact_rank.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <cstdint>
#include <functional>
#include <numeric>
#include <vector>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/base/scalars.hpp>

#include "prime_field.hpp"

namespace convmat {
namespace {

constexpr double most_proof_work = 3e8; // multiplications of the primes that follow the second

void require_finite(double value) {
    if (!std::isfinite(value))
        throw ArgumentError({.parameter = "matrix",
                             .value = concat(value),
                             .expected = "finite values",
                             .sentence = concat("exact_rank: a value is ", value, ", not finite")});
}

Residue image(std::int64_t value, const PrimeField& field) {
    const auto bits = static_cast<std::uint64_t>(value);
    return value >= 0 ? field.of(bits) : field.minus(0, field.of(0 - bits));
}

Residue image(double value, const PrimeField& field) {
    int exponent = 0;
    const double fraction = std::frexp(std::abs(value), &exponent); // |value| = fraction 2^exponent
    const Residue digits = field.of(static_cast<std::uint64_t>(std::ldexp(fraction, 53)));
    const int twos = exponent - 53;
    const Residue scale = field.power(twos < 0 ? field.half() : field.plus(field.one(), field.one()),
                                      static_cast<std::uint64_t>(std::abs(twos)));
    const Residue size = field.times(digits, scale);
    return value < 0 ? field.minus(0, size) : size;
}

template <class Real>
Residue image(std::complex<Real> value, const PrimeField& field) {
    return field.plus(image(double{value.real()}, field),
                      field.times(image(double{value.imag()}, field), field.root_of_minus_one()));
}

// What a row is when a power of 2 has made its values integers: log2 of its norm, a little more. A row of zeros: less
// than 0.
class RowSize {
  public:
    void add(std::int64_t value) { add(static_cast<double>(value), 0); }
    void add(double value) {
        require_finite(value);
        if (value == 0) return;
        int exponent = 0;
        const auto digits = static_cast<std::uint64_t>(std::ldexp(std::frexp(std::abs(value), &exponent), 53));
        add(value, exponent - 53 + std::countr_zero(digits));
    }
    template <class Real>
    void add(std::complex<Real> value) {
        add(double{value.real()});
        add(double{value.imag()});
    }

    double bits() const { return square_ > 0 ? largest_ + std::log2(square_) / 2 - lowest_ + 1e-9 : -1; }

  private:
    void add(double value, int lowest) {
        if (value == 0) return;
        const int exponent = std::ilogb(value);
        if (square_ == 0) largest_ = exponent, lowest_ = lowest;
        lowest_ = std::min(lowest_, lowest);
        if (exponent > largest_) square_ = std::ldexp(square_, 2 * (largest_ - exponent)), largest_ = exponent;
        square_ += std::pow(std::ldexp(value, -largest_), 2);
    }

    double square_ = 0; // of the norm over 2^largest
    int largest_ = 0;
    int lowest_ = 0; // all values are multiples of 2^lowest
};

// Rows in echelon form: at most one starts in each column, with 1; columns after its last nonzero are not stored.
class Echelon {
  public:
    Echelon(Index cols, const PrimeField& field) : field_(field), starting_(static_cast<std::size_t>(cols)) {}

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
            for (std::size_t i = 0; i < pivot.size(); ++i)
                row[col + i] = field_.minus(row[col + i], field_.times(factor, pivot[i]));
            work_ += static_cast<double>(pivot.size());
        }
        return false;
    }

    double work() const { return work_; } // multiplications, about

  private:
    void keep(const std::vector<Residue>& row, std::size_t col) {
        std::size_t end = row.size();
        while (row[end - 1] == 0) --end;
        const Residue factor = field_.inverse(row[col]);
        std::vector<Residue>& pivot = starting_[col];
        pivot.reserve(end - col);
        for (std::size_t i = col; i < end; ++i) pivot.push_back(field_.times(factor, row[i]));
    }

    const PrimeField& field_;
    std::vector<std::vector<Residue>> starting_;
    double work_ = 0;
};

// Compressed rows.
template <class Scalar, class StorageIndex>
struct Rows {
    Index rows, cols;
    const StorageIndex* offsets;
    const StorageIndex* indices;
    const Scalar* values;
};

struct RankModuloPrime {
    Index rank = 0;
    double work = 0;
};

template <class Scalar, class StorageIndex>
RankModuloPrime rank_in(const PrimeField& field, const Rows<Scalar, StorageIndex>& a) {
    Echelon echelon(a.cols, field);
    std::vector<Residue> dense(static_cast<std::size_t>(a.cols));
    Index rank = 0;
    for (Index row = 0; row < a.rows; ++row) {
        std::ranges::fill(dense, Residue{0});
        for (StorageIndex at = a.offsets[row]; at < a.offsets[row + 1]; ++at)
            dense[static_cast<std::size_t>(a.indices[at])] = image(a.values[at], field);
        if (echelon.add(dense)) ++rank;
    }
    return {rank, echelon.work() + static_cast<double>(a.rows) * static_cast<double>(a.cols) / 8};
}

// What the rank is at most, for rows and columns of zeros, and how large minors can be.
struct Limits {
    Index most = 0;
    std::vector<double> bits; // log2 of the norms of rows made integers, the largest first

    // log2 of the largest minor of that size: J. Hadamard's bound.
    double minor_bits(Index size) const {
        return std::accumulate(bits.begin(), bits.begin() + std::min<Index>(size, std::ssize(bits)), 1.0);
    }
};

template <class Scalar, class StorageIndex>
Limits limits_of(const Rows<Scalar, StorageIndex>& a) {
    Limits limits;
    std::vector<bool> met(static_cast<std::size_t>(a.cols), false);
    for (Index row = 0; row < a.rows; ++row) {
        RowSize size;
        for (StorageIndex at = a.offsets[row]; at < a.offsets[row + 1]; ++at) {
            size.add(a.values[at]);
            if (a.values[at] != Scalar(0)) met[static_cast<std::size_t>(a.indices[at])] = true;
        }
        if (size.bits() >= 0) limits.bits.push_back(size.bits());
    }
    std::ranges::sort(limits.bits, std::greater());
    limits.most = std::min<Index>(std::ssize(limits.bits), std::ranges::count(met, true));
    return limits;
}

// Of a matrix with at least as many rows as columns. Every image of a complex matrix has to do with a prime of the
// Gaussian integers, whose norm is p: the square of a minor's magnitude is an integer that it divides.
template <class Scalar, class StorageIndex>
RationalRank rank_of_tall(const Rows<Scalar, StorageIndex>& a) {
    const Limits limits = limits_of(a);
    RationalRank found{0, limits.most == 0, 0};
    double divided = 0, work = 0; // log2 of the product of all primes
    for (std::uint64_t p = first_prime; !found.proved; p = prime_below(p)) {
        const PrimeField field(p);
        const RankModuloPrime modulo = rank_in(field, a);
        found.rank = std::max(found.rank, modulo.rank);
        ++found.primes;
        divided += std::log2(static_cast<double>(p)) - 1e-9;
        const double needed = (is_complex<Scalar> ? 2 : 1) * limits.minor_bits(found.rank + 1);
        found.proved = found.rank == limits.most || divided > needed;
        if (found.primes > 2) work += modulo.work;
        if (found.primes >= 2 && work + modulo.work > most_proof_work) break;
    }
    return found;
}

} // namespace

namespace detail {

template <class Scalar, class StorageIndex>
RationalRank rank_of_rows(Index rows, Index cols, const StorageIndex* offsets, const StorageIndex* indices,
                          const Scalar* values) {
    if (rows == 0 || cols == 0) return {};
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
        return rank_of_tall(Rows<Scalar, StorageIndex>{rows, cols, offsets, indices, values});
    }
    // Pivots have the length of a row: rows are made of the shorter side. Transposing wants a counter beside each
    // offset.
    const Index stored = static_cast<Index>(offsets[rows]) - static_cast<Index>(offsets[0]);
    require_memory(of_rows + stored * Index{sizeof(Scalar) + sizeof(StorageIndex)} +
                       2 * (cols + 1) * Index{sizeof(StorageIndex)},
                   "exact_rank");
    using Stored = Eigen::SparseMatrix<Scalar, Eigen::RowMajor, StorageIndex>;
    const Stored tall = Eigen::Map<const Stored>(rows, cols, stored, offsets, indices, values).transpose();
    return rank_of_tall(
        Rows<Scalar, StorageIndex>{cols, rows, tall.outerIndexPtr(), tall.innerIndexPtr(), tall.valuePtr()});
}

template RationalRank rank_of_rows(Index, Index, const int*, const int*, const float*);
template RationalRank rank_of_rows(Index, Index, const int*, const int*, const double*);
template RationalRank rank_of_rows(Index, Index, const int*, const int*, const std::int64_t*);
template RationalRank rank_of_rows(Index, Index, const int*, const int*, const std::complex<float>*);
template RationalRank rank_of_rows(Index, Index, const int*, const int*, const std::complex<double>*);
template RationalRank rank_of_rows(Index, Index, const std::int64_t*, const std::int64_t*, const float*);
template RationalRank rank_of_rows(Index, Index, const std::int64_t*, const std::int64_t*, const double*);
template RationalRank rank_of_rows(Index, Index, const std::int64_t*, const std::int64_t*, const std::int64_t*);
template RationalRank rank_of_rows(Index, Index, const std::int64_t*, const std::int64_t*, const std::complex<float>*);
template RationalRank rank_of_rows(Index, Index, const std::int64_t*, const std::int64_t*, const std::complex<double>*);

} // namespace detail
} // namespace convmat
