#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <optional>
#include <span>
#include <string>

#include "scalars.hpp"

namespace convmat::cli {

/// What came of comparing an array with another, value by value.
struct Comparison {
    struct Difference {
        Index index = 0; ///< the first that differs
        std::string found;
        std::string expected;
    };
    std::string what; ///< `W x = loops`
    ScalarKind kind = ScalarKind::int64;
    Index count = 0;
    double bound = 0;   ///< the largest difference that was allowed anywhere; 0 says exact
    double largest = 0; ///< the largest difference there is
    std::optional<Difference> difference;

    bool ok() const { return !difference.has_value(); }
};

/// `ok     W x = loops: 4096 int64 values equal`, or `FAILED ...` with the first difference.
std::string line_of(const Comparison& comparison);

/// |a - b|, where two NaNs, or two infinities of one sign, do not differ.
template <ScalarType S>
double distance(S a, S b) {
    if constexpr (is_complex<S>)
        return std::hypot(distance(a.real(), b.real()), distance(a.imag(), b.imag()));
    else if constexpr (std::is_integral_v<S>)
        return a == b ? 0 : std::max(std::abs(static_cast<double>(a) - static_cast<double>(b)), 1.0);
    else
        return a == b || (std::isnan(a) && std::isnan(b)) ? 0
                                                          : std::abs(static_cast<double>(a) - static_cast<double>(b));
}

/// Compares `found` with `expected`. A difference may be up to its value's bound: `bounds` has one for each value, one
/// for all, or none, which asks for equality.
template <ScalarType S>
Comparison compare(std::string what, ScalarKind kind, std::span<const S> found, std::span<const S> expected,
                   std::span<const double> bounds = {}) {
    Comparison result = {std::move(what), kind, static_cast<Index>(expected.size()), 0, 0, std::nullopt};
    if (found.size() != expected.size()) {
        result.difference = {0, concat(found.size(), " values"), concat(expected.size(), " values")};
        return result;
    }
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double bound = bounds.empty() ? 0 : bounds[bounds.size() == 1 ? 0 : i];
        const double apart = distance(found[i], expected[i]);
        result.bound = std::max(result.bound, bound);
        if (!(apart <= result.largest)) result.largest = apart;
        if (!(apart <= bound) && result.ok())
            result.difference = {static_cast<Index>(i), text_of(found[i]), text_of(expected[i])};
    }
    return result;
}

} // namespace convmat::cli
