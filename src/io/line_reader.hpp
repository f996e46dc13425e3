#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "byte_source.hpp"

namespace convmat::detail {

/// The lines of a text, one at a time, without their ends (\n or \r\n).
class LineReader {
  public:
    explicit LineReader(ByteSource& source)
        : source_(source),
          buffer_(static_cast<std::size_t>(std::clamp<Index>(source.remaining().value_or(most) + 1, 4096, most))) {}

    /// The next line, valid until the next call; false at the end. Fails for a line of a MiB or more.
    bool next(std::string_view& line);

    /// The number of the line that was read last, from 1.
    Index number() const { return number_; }

    /// Throws the FileError "<name>: line <number>: <found>, expected <expected>".
    [[noreturn]] void fail(std::string_view found, std::string_view expected) const {
        source_.fail(concat("line ", number_, ": ", found), expected);
    }

  private:
    static constexpr Index most = Index{1} << 20;

    void refill();

    ByteSource& source_;
    std::vector<char> buffer_;
    std::string_view rest_; // of the buffer, what is not yet given out
    bool at_end_ = false;   // of the source
    Index number_ = 0;
};

} // namespace convmat::detail
