#pragma once

#include <cstddef>
#include <filesystem>
#include <list>
#include <optional>
#include <span>
#include <string_view>

namespace convmat {

/// A file that appears whole or not at all: bytes go to a file without a name (O_TMPFILE), on file systems that have
/// none to one of a random name beside the target; commit() makes it the target, and a destructor without commit()
/// leaves the target as it was and nothing beside it.
///
/// Until then nobody can read it who could not read the target. It gets the permissions of the file it replaces,
/// without set-user-id, set-group-id and sticky bits, or what open(2) gives a new one; it belongs to who writes it.
/// Only a file that replaces another one has a random name for a moment, of which SIGKILL alone can leave something
/// behind. A symbolic link is followed and stays a link; other hard links to a replaced file keep the old content. What
/// is no regular file (/dev/stdout, /dev/null, a FIFO) is written as the bytes come: no commit() needed, no taking
/// back.
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

    /// The target is now the bytes written; where they replace a file, they are on the disk before (fsync). Throws
    /// FileError, the target unchanged, when that fails.
    void commit();

  private:
    friend class OutputFiles;
    enum class Undo { never, possible };
    enum class Target { untouched, created, exchanged, replaced };

    void open_temporary();
    template <class Make>
    bool at_random_name(const Make& make);
    bool link_to(const char* path) const;
    void complete();
    void publish(Undo undo);
    void take_back() noexcept;
    void discard() noexcept;

    std::filesystem::path name_;      // as given, for messages
    std::filesystem::path target_;    // links followed
    std::filesystem::path temporary_; // where it has a name before it is the target
    std::optional<unsigned> mode_;    // of the file that it replaces
    Target state_ = Target::untouched;
    bool direct_ = false; // written as the bytes come
    int descriptor_ = -1;
    int slot_ = -1; // where the temporary is registered for removal on a signal
};

/// Files that appear together: all of them or none.
class OutputFiles {
  public:
    /// Opens one more, as OutputFile does; it lives as long as this. Throws FileError too when two of them would be
    /// one file.
    OutputFile& open(const std::filesystem::path& target);

    /// Commits all of them. Throws FileError when one cannot be; the others' targets are then as they were, but for
    /// those replaced on a file system that cannot exchange two names (renameat2). What goes to devices and pipes has
    /// been written before.
    void commit();

  private:
    std::list<OutputFile> files_;
};

/// Makes every signal that would end the process remove the temporaries of unfinished OutputFiles before it does.
/// Signals that are ignored or already handled stay so. For a program to call once; the library never does.
void remove_unfinished_on_signals();

} // namespace convmat
