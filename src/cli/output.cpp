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

std::string printable(std::string_view words) { return locale_is_unicode() ? std::string(words) : in_ascii(words); }

void print(std::string_view words) {
    const bool as_it_is = std::ranges::all_of(words, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    const std::string spelled = as_it_is || locale_is_unicode() ? std::string() : in_ascii(words);
    const std::string_view text = spelled.empty() ? words : std::string_view(spelled);
    errno = 0;
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    if (!written)
        throw FileError({.parameter = "standard output",
                         .value = std::strerror(errno),
                         .expected = "to write to it",
                         .found = concat("standard output: ", std::strerror(errno))});
}

std::string fitting(std::string_view text) {
    constexpr std::size_t narrowest = 30;
    const bool fold = isatty(STDOUT_FILENO) == 1;
    return fold ? folded(text, std::max(text_columns(), narrowest)) : std::string(text);
}

void print_report(std::string_view text) { print(fitting(text)); }

void tell(std::string_view text) noexcept {
    while (!text.empty()) {
        const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

Progress::Progress(std::string_view doing, std::ptrdiff_t cost) {
    constexpr std::ptrdiff_t about_a_second = 50'000'000;
    shown_ = cost > about_a_second && isatty(STDERR_FILENO) == 1;
    if (shown_) tell(fmt::format("convmat: {} ({} entries) ...", doing, cost));
}

Progress::Progress(std::string_view doing) : shown_(isatty(STDERR_FILENO) == 1) {
    if (shown_) tell(fmt::format("convmat: {} ...", doing));
}

void Progress::update(std::string_view doing) {
    const auto now = std::chrono::steady_clock::now();
    if (!shown_ || now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    tell(fmt::format("\r\033[Kconvmat: {} ...", doing));
}

Progress::~Progress() {
    if (shown_) tell("\r\033[K");
}

} // namespace convmat::cli
