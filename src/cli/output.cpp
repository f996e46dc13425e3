#include "output.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <unistd.h>

#include <fmt/format.h>

#include <convmat/base/error.hpp>

#include "layout.hpp"
#include "terminal.hpp"

namespace convmat::cli {

void print(std::string_view words) {
    const std::string text = locale_is_unicode() ? std::string(words) : in_ascii(words);
    errno = 0;
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    if (!written)
        throw FileError({.parameter = "standard output",
                         .value = std::strerror(errno),
                         .expected = "to write to it",
                         .found = concat("standard output: ", std::strerror(errno))});
}

void print_report(std::string_view text) {
    constexpr std::size_t narrowest = 30;
    const bool fold = isatty(STDOUT_FILENO) == 1;
    print(fold ? folded(text, std::max(text_columns(), narrowest)) : std::string(text));
}

Progress::Progress(std::string_view doing, std::ptrdiff_t cost) {
    constexpr std::ptrdiff_t about_a_second = 50'000'000;
    shown_ = cost > about_a_second && isatty(STDERR_FILENO) == 1;
    if (shown_) fmt::print(stderr, "convmat: {} ({} entries) ...", doing, cost);
}

Progress::Progress(std::string_view doing) : shown_(isatty(STDERR_FILENO) == 1) {
    if (shown_) fmt::print(stderr, "convmat: {} ...", doing);
}

void Progress::update(std::string_view doing) {
    const auto now = std::chrono::steady_clock::now();
    if (!shown_ || now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    fmt::print(stderr, "\r\033[Kconvmat: {} ...", doing);
}

Progress::~Progress() {
    if (shown_) std::fputs("\r\033[K", stderr);
}

} // namespace convmat::cli
