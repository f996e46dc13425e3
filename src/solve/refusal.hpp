#pragma once

#include <optional>
#include <string>

#include <convmat/base/error.hpp>

namespace convmat::solve {

/// Why a way of solving cannot be taken.
struct Refusal {
    std::string because;  ///< what is in the way: `A is 4x6`
    std::string expected; ///< what would do: `a square one`
};

/// Nothing where there is no objection.
using Objection = std::optional<Refusal>;

inline std::string sentence(const Refusal& refusal) { return concat(refusal.because, ", expected ", refusal.expected); }

/// "<parameter> <value>: <because>, expected <expected>"
inline ArgumentError refused(const char* parameter, std::string_view value, const Refusal& refusal) {
    return ArgumentError({.parameter = parameter,
                          .value = std::string(value),
                          .expected = refusal.expected,
                          .found = concat(parameter, " ", value, ": ", refusal.because)});
}

/// "<what> take[s] about <bytes> bytes, expected at most <most>", where they do.
inline void require_fits(const std::string& what_takes, double bytes, double most) {
    if (bytes > most)
        throw SizeError({.parameter = "most_memory",
                         .value = concat(most),
                         .expected = concat("at most ", most),
                         .found = concat(what_takes, " ", bytes, " bytes")});
}

} // namespace convmat::solve
