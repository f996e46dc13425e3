#pragma once

#include <string>

#include <convmat/io/any.hpp>

namespace convmat::cli {

/// Whether a text is meant as numbers: digits, signs, separators and brackets alone.
bool is_literal(const std::string& text);

/// Numbers as an array, int64 when every one is an integer, else float64:
///
///     1,2,1        one axis, blanks anywhere, or for the commas      0,1;2,3   rows between ';'
///     [[0,1],[2,3]] lists in lists: as many axes as they are deep    [0 1; 2 3] is taken too
///
/// Throws InputError blaming the option for what is none of these.
AnyTensor parse_literal(const std::string& option, const std::string& text);

} // namespace convmat::cli
