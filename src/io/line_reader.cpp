#include "line_reader.hpp"

#include <algorithm>

namespace convmat::detail {

bool LineReader::next(std::string_view& line) {
    std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos && !at_end_) {
        refill();
        end = rest_.find('\n');
    }
    if (rest_.empty()) return false;
    ++number_;
    if (end == std::string_view::npos && !at_end_) fail("a line of more than a MiB", "lines of numbers");
    line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return true;
}

// Moves the rest to the front and fills up behind it.
void LineReader::refill() {
    std::copy(rest_.begin(), rest_.end(), buffer_.begin());
    const auto space = std::span(buffer_).subspan(rest_.size());
    const Index got = source_.read(std::as_writable_bytes(space));
    at_end_ = got < static_cast<Index>(space.size());
    rest_ = {buffer_.data(), rest_.size() + static_cast<std::size_t>(got)};
}

} // namespace convmat::detail
