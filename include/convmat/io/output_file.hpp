#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace convmat {

/// A file that appears whole or not at all: bytes go to a temporary beside the target, commit() renames it over the
/// target, and a destructor without commit() leaves the target as it was and nothing beside it.
///
/// The temporary gets the mode of the file it replaces, or what open(2) gives a new one. A symbolic link is followed
/// and stays a link; other hard links to a replaced file keep the old content. What is no regular file (/dev/stdout,
/// /dev/null, a FIFO) is written as the bytes come: no commit() needed, no taking back.
/// Every failure is a FileError that names the target, not the temporary.
class OutputFile {
  public:
    /// Throws FileError, before any work is done, when the target is a directory, may not be written, or its directory
    /// is missing or takes no new file.
    explicit OutputFile(const std::filesystem::path& target);
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    /// Appends the bytes, unbuffered. Throws FileError when they cannot all be written, std::logic_error after
    /// commit().
    void write(std::span<const std::byte> bytes);
    void write(std::string_view text);

    /// The target is now the bytes written. Throws FileError, the target unchanged, when that fails.
    void commit();

  private:
    void open_temporary();
    void discard() noexcept;

    std::filesystem::path name_;      // as given, for messages
    std::filesystem::path target_;    // links followed
    std::filesystem::path temporary_; // empty when written directly
    int descriptor_ = -1;
    int slot_ = -1; // where the temporary is registered for removal on a signal
};

/// Makes SIGINT, SIGTERM, SIGHUP and SIGQUIT remove the temporaries of unfinished OutputFiles before they end the
/// process as usual. Signals that are ignored or already handled stay so. For a program to call once; the library never
/// does.
void remove_unfinished_on_signals();

} // namespace convmat
