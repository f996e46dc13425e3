#pragma once

#include <complex>
#include <type_traits>

#include <convmat/base/types.hpp>

/// What a scalar is and what it is computed in.
namespace convmat {

template <class S>
inline constexpr bool is_complex = false;
template <class T>
inline constexpr bool is_complex<std::complex<T>> = true;

namespace detail {

template <class S>
struct RealOfScalar {
    using Type = S;
};
template <class T>
struct RealOfScalar<std::complex<T>> {
    using Type = T;
};

} // namespace detail

/// The scalar of real and imaginary part: float of std::complex<float>; real scalars and integers as they are.
template <class S>
using RealOf = typename detail::RealOfScalar<S>::Type;

/// Double precision of the same kind: double of float, double and integers, std::complex<double> of complex scalars.
template <class S>
using DoubleOf = std::conditional_t<is_complex<S>, std::complex<double>, double>;

/// The value as a DoubleOf.
template <ScalarType S>
DoubleOf<S> in_double(const S& value) {
    if constexpr (is_complex<S>)
        return {static_cast<double>(value.real()), static_cast<double>(value.imag())};
    else
        return static_cast<double>(value);
}

} // namespace convmat
