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
inline std::string argument_of(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of(data, size);
    return std::string(text.substr(0, text.find('\0')));
}

/// Whether the extents of a named kernel are small: what is large but sound takes the time it takes.
inline bool is_moderate(std::string_view text) {
    double product = 1, number = 0;
    for (const char c : std::string(text) + ' ') {
        if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
            number = 10 * number + (c - '0');
        } else {
            product *= std::max(number, 1.0);
            number = 0;
        }
    }
    return product <= 300;
}

} // namespace convmat::fuzz
