#pragma once

#include <cstddef>
#include <filesystem>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <convmat/base/checked.hpp>
#include <convmat/base/error.hpp>
#include <convmat/base/memory.hpp>

namespace convmat::detail {

/// Throws the FileError "<name>: <found>, expected <expected>".
[[noreturn]] void file_error(std::string_view name, std::string_view found, std::string_view expected);

/// What errno says, as text.
std::string system_message(int error);

/// Text of a file as a message can show it: in quotes, on one line, what is not printable as \xNN, cut when long.
std::string in_quotes(std::string_view text);

/// read(), with what does not fit in memory told as an error of the file.
template <class Read>
auto with_file_errors(const std::filesystem::path& path, const Read& read) {
    try {
        return read();
    } catch (const SizeError& error) {
        const Fault& fault = error.fault();
        throw FileError({.parameter = path.string(),
                         .value = fault.value,
                         .expected = fault.expected,
                         .sentence = concat(path.string(), ": ", sentence_of(fault))});
    } catch (const std::bad_alloc&) {
        file_error(path.string(), "memory ran out", "a size that fits in memory");
    }
}

/// Bytes that come one after the other: a file, a pipe or a member of an archive.
class ByteSource {
  public:
    explicit ByteSource(std::string name) : name_(std::move(name)) {}
    virtual ~ByteSource() = default;
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;

    /// Fills `into` and returns how many bytes it got: fewer only at the end.
    virtual Index read(std::span<std::byte> into) = 0;

    /// How many bytes are left, where that is known: so many may be given memory for.
    virtual std::optional<Index> remaining() const = 0;

    /// Fills `into`; fails, naming `what` was being read, when the bytes end before.
    void read_exactly(std::span<std::byte> into, std::string_view what);

    /// Fails unless nothing is left.
    void require_end();

    [[noreturn]] void fail(std::string_view found, std::string_view expected) const {
        file_error(name_, found, expected);
    }

  private:
    std::string name_;
};

/// The file at `path`; /dev/stdin and FIFOs too.
class FileSource final : public ByteSource {
  public:
    explicit FileSource(const std::filesystem::path& path);
    ~FileSource() override;

    Index read(std::span<std::byte> into) override;
    std::optional<Index> remaining() const override { return remaining_; }

  private:
    int descriptor_;
    std::optional<Index> remaining_;
};

/// Makes room for `more` values at the end, at least doubling, if there is memory for it.
template <class T>
void make_room(std::vector<T>& values, std::size_t more, const Quantity& what) {
    if (values.capacity() - values.size() >= more) return;
    const std::size_t capacity = std::max(values.size() + more, 2 * values.capacity());
    require_memory(checked_mul(static_cast<Index>(capacity), static_cast<Index>(sizeof(T)), what), what);
    values.reserve(capacity);
}

/// All that is left of the source, in memory that grows as the bytes come.
std::vector<std::byte> read_all(ByteSource& source);

} // namespace convmat::detail
