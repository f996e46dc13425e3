#include "byte_source.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace convmat::detail {

void file_error(std::string_view name, std::string_view found, std::string_view expected) {
    throw FileError({.parameter = std::string(name),
                     .value = std::string(found),
                     .expected = std::string(expected),
                     .found = concat(name, ": ", found)});
}

std::string system_message(int error) { return std::generic_category().message(error); }

std::string in_quotes(std::string_view text) {
    constexpr std::size_t most = 60;
    constexpr char digits[] = "0123456789abcdef";
    std::string result = "'";
    for (const char c : text.substr(0, most)) {
        if (c >= ' ' && c <= '~') {
            result += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            result += {'\\', 'x', digits[byte / 16], digits[byte % 16]};
        }
    }
    return result + (text.size() > most ? "...'" : "'");
}

void ByteSource::read_exactly(std::span<std::byte> into, std::string_view what) {
    const Index got = read(into);
    if (got != static_cast<Index>(into.size()))
        fail(concat("the file ends ", got, " bytes into the ", what), concat("at least ", into.size()));
}

void ByteSource::require_end() {
    std::byte one{};
    if (read({&one, 1}) != 0) fail("bytes after the end of the data", "none");
}

FileSource::FileSource(const std::filesystem::path& path)
    : ByteSource(path.string()),
      descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (descriptor_ < 0) fail(system_message(errno), "a file that can be read");
    struct stat status = {};
    ::fstat(descriptor_, &status);
    // Files of /proc and the like are regular and say 0, whatever they hold.
    if (S_ISREG(status.st_mode) && status.st_size > 0) remaining_ = status.st_size;
}

FileSource::~FileSource() { ::close(descriptor_); }

Index FileSource::read(std::span<std::byte> into) {
    std::size_t done = 0;
    while (done < into.size()) {
        const ssize_t got = ::read(descriptor_, into.data() + done, std::min(into.size() - done, std::size_t{1} << 30));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) fail(system_message(errno), "a file that can be read");
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    const auto count = static_cast<Index>(done);
    if (remaining_) *remaining_ = std::max(*remaining_ - count, Index{0});
    return count;
}

std::vector<std::byte> read_all(ByteSource& source) {
    std::vector<std::byte> bytes;
    for (;;) {
        const std::size_t block = static_cast<std::size_t>(source.remaining().value_or(Index{1} << 16)) + 1;
        const std::size_t before = bytes.size();
        make_room(bytes, block, "the file");
        bytes.resize(before + block);
        const auto got = static_cast<std::size_t>(source.read(std::span(bytes).subspan(before)));
        bytes.resize(before + got);
        if (got < block) return bytes;
    }
}

} // namespace convmat::detail
