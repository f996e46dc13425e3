#pragma once

#include <string>
#include <string_view>

namespace convmat::cli {

/// The columns a text in UTF-8 takes, a character each.
std::size_t columns_of(std::string_view text);

/// A paragraph in lines of at most `width` columns, broken at spaces; the first begins with `first`, the others with so
/// many spaces as `indent` says. A word that is too long has a line of its own. Ends with a newline.
std::string wrapped(std::string_view paragraph, std::size_t width, std::string_view first = {}, std::size_t indent = 0);

/// Lines that are longer than `width`, broken at spaces; what follows stands below the last column of a table that
/// begins in the left part of the line, or two columns further in than the line.
std::string folded(std::string_view lines, std::size_t width);

/// A command to be typed, in lines of at most `width` columns where its options allow it: broken before `--option`,
/// with a backslash, as a shell takes it.
std::string wrapped_command(std::string_view command, std::size_t width);

} // namespace convmat::cli
