#pragma once

#include <convmat/base/types.hpp>

#include "line_reader.hpp"

namespace convmat::detail {

/// The banner and the size line of a Matrix Market file.
struct MarketHeader {
    enum class Format { coordinate, array };
    enum class Field { real, complex, integer, pattern };
    enum class Symmetry { general, symmetric, skew_symmetric, hermitian };

    Format format = Format::coordinate;
    Field field = Field::real;
    Symmetry symmetry = Symmetry::general;
    Index rows = 0, columns = 0;
    Index entries = 0; // lines that follow; for the array format computed from the shape and the symmetry
};

/// Reads up to and with the size line; fails for combinations the format does not have and for sizes the rest of the
/// file cannot hold.
MarketHeader read_market_header(LineReader& lines, const ByteSource& source);

/// The next line that is neither blank nor a comment; false at the end.
bool next_data_line(LineReader& lines, std::string_view& line);

/// Takes the next word off the front of `line`; empty when there is none.
std::string_view take_word(std::string_view& line);

/// Takes a number from least to most off the front of `line`; fails, naming `what`, for anything else.
Index take_integer(std::string_view& line, const LineReader& lines, std::string_view what, Index least, Index most);

/// Fails unless the line has been used up.
void require_line_end(std::string_view line, const LineReader& lines);

} // namespace convmat::detail
