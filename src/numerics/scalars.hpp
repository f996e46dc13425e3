#pragma once

#include <complex>
#include <concepts>

namespace convmat::numerics {

/// What is computed in: double, or this.
using Complex = std::complex<double>;

template <class S>
inline constexpr bool is_real = std::same_as<S, double>;

/// The number itself as a B; as a double its real part.
template <class B>
B narrowed(Complex value) {
    if constexpr (is_real<B>)
        return value.real();
    else
        return value;
}

} // namespace convmat::numerics
