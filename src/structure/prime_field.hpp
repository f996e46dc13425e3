#pragma once

#include <cstdint>

namespace convmat {

/// A number modulo p < 2^63, times 2^64 (P. Montgomery, 1985), in [0, p): products need no division.
using Residue = std::uint64_t;

/// The numbers modulo a prime p < 2^63 that leaves 1 when divided by 4, so that -1 has a root.
class PrimeField {
  public:
    /// p is taken for a prime.
    explicit PrimeField(std::uint64_t p);

    std::uint64_t prime() const { return prime_; }
    Residue one() const { return one_; }
    Residue half() const { return half_; }
    Residue root_of_minus_one() const { return root_; }

    Residue of(std::uint64_t number) const { return times(number % prime_, square_); }
    Residue minus(Residue a, Residue b) const { return a >= b ? a - b : a - b + prime_; }
    Residue plus(Residue a, Residue b) const { return minus(a, b == 0 ? 0 : prime_ - b); }
    Residue times(Residue a, Residue b) const {
        const Wide product = Wide{a} * b;
        const auto low = static_cast<std::uint64_t>(product) * negative_inverse_;
        const auto high = static_cast<Residue>((product + Wide{low} * prime_) >> 64); // below 2 p
        return high >= prime_ ? high - prime_ : high;
    }
    Residue power(Residue base, std::uint64_t exponent) const;
    Residue inverse(Residue a) const { return power(a, prime_ - 2); }

  private:
    __extension__ typedef unsigned __int128 Wide; // NOLINT(modernize-use-using): __extension__ wants a typedef

    std::uint64_t prime_;
    std::uint64_t negative_inverse_ = 1; // -1/p modulo 2^64
    Residue square_ = 0;                 // 2^64, so represented: 2^128 modulo p
    Residue one_ = 0, half_ = 0, root_ = 0;
};

/// The largest prime below 2^63 that leaves 1 when divided by 4.
inline constexpr std::uint64_t first_prime = 0x7FFF'FFFF'FFFF'FEFD;

/// The next smaller prime of the kind, of p > 2^62.
std::uint64_t prime_below(std::uint64_t p);

} // namespace convmat
