#pragma once

#include <algorithm>
#include <cctype>
#include <string>

#include "blame.hpp"
#include "fuzz.hpp"

namespace convmat::fuzz {

/// Calls f(); what is refused becomes the one line that a user sees, without control characters.
template <class F>
void refusing_says_one_line(const F& f) {
    refusing_is_fine([&] {
        try {
            f();
        } catch (const Error& error) {
            const std::string line = cli::one_line(dynamic_cast<const std::exception&>(error));
            require(std::ranges::none_of(line, [](unsigned char c) { return c < 32 || c == 127; }), "one line");
            throw;
        }
    });
}

/// The text up to a byte that no argument of a program has.
inline std::string argument_of(std::string_view bytes) { return std::string(bytes.substr(0, bytes.find('\0'))); }

/// Whether the extents of a named kernel are small: what is large but sound takes the time it takes.
inline bool is_moderate(std::string_view text, double most = 300) {
    double product = 1, number = 0;
    for (const char c : std::string(text) + ' ') {
        if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
            number = 10 * number + (c - '0');
        } else {
            product *= std::max(number, 1.0);
            number = 0;
        }
    }
    return product <= most;
}

} // namespace convmat::fuzz
