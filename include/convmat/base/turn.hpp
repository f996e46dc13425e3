#pragma once

#include <complex>
#include <numbers>

#include <convmat/base/checked.hpp>

namespace convmat {

/// e^{2 pi i numerator / denominator}, reduced before it is rounded.
inline std::complex<double> turn(Index numerator, Index denominator) {
    return std::polar(1.0, 2 * std::numbers::pi * static_cast<double>(floor_mod(numerator, denominator)) /
                               static_cast<double>(denominator));
}

} // namespace convmat
