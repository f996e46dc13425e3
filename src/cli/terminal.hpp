#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace convmat::cli {

/// Columns of text on standard output: COLUMNS where that is a number, else the terminal's, else 80.
std::size_t text_columns();

/// Whether the locale's characters are Unicode, as setlocale() would find out.
bool locale_is_unicode();

/// The text with the characters that the program prints, such as ⊗ ± ω, spelled in ASCII: (x) +- w. Others are left.
std::string in_ascii(std::string_view text);

} // namespace convmat::cli
