#include "prime_field.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace convmat {
namespace {

// G. Miller's and M. Rabin's test with the bases that leave no composite number below 2^64 (J. Sorenson and J. Webster,
// 2015). The field of a number that is no prime has products, too, which is all that is used.
bool is_prime(std::uint64_t n) {
    static constexpr std::array<std::uint64_t, 12> bases = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
    if (std::ranges::any_of(bases, [&](std::uint64_t base) { return n % base == 0; })) return false;
    const PrimeField field(n);
    const int twos = std::countr_zero(n - 1);
    const Residue minus_one = field.minus(0, field.one());
    return std::ranges::all_of(bases, [&](std::uint64_t base) {
        Residue x = field.power(field.of(base), (n - 1) >> twos);
        if (x == field.one()) return true;
        for (int i = 0; i < twos; ++i, x = field.times(x, x))
            if (x == minus_one) return true;
        return false;
    });
}

} // namespace

PrimeField::PrimeField(std::uint64_t p) : prime_(p) {
    for (int step = 0; step < 6; ++step) negative_inverse_ *= 2 + p * negative_inverse_; // each doubles the digits
    const auto once = static_cast<std::uint64_t>((Wide{1} << 64) % p);
    square_ = static_cast<Residue>(Wide{once} * once % p);
    one_ = of(1);
    half_ = of((p + 1) / 2);
    const Residue minus_one = minus(0, one_);
    for (std::uint64_t base = 2; base < 64 && root_ == 0; ++base) // every second number is no square
        if (const Residue root = power(of(base), (p - 1) / 4); times(root, root) == minus_one) root_ = root;
}

Residue PrimeField::power(Residue base, std::uint64_t exponent) const {
    Residue result = one_;
    for (; exponent > 0; exponent /= 2, base = times(base, base))
        if (exponent % 2 == 1) result = times(result, base);
    return result;
}

std::uint64_t prime_below(std::uint64_t p) {
    do p -= 4;
    while (!is_prime(p));
    return p;
}

} // namespace convmat
