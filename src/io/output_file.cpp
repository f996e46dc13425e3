#include <convmat/io/output_file.hpp>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "byte_source.hpp"
#include "unfinished.hpp"

namespace convmat {
namespace {

namespace fs = std::filesystem;
using detail::file_error;
using detail::system_message;

[[noreturn]] void fail(const fs::path& name, int error, std::string_view expected) {
    file_error(name.string(), system_message(error), expected);
}

// The n of /proc/self/fd/n, of which /dev/fd/n and /dev/stdout are other names; -1 for every other path.
// Opening such a name again would lose the position of the stream, and fails for sockets.
int own_descriptor(const fs::path& path) {
    std::error_code error;
    const fs::path descriptors = fs::canonical("/proc/self/fd", error);
    if (error || fs::canonical(path.parent_path(), error) != descriptors || error) return -1;
    const std::string name = path.filename().string();
    int descriptor = -1;
    const auto end = std::from_chars(name.data(), name.data() + name.size(), descriptor).ptr;
    return end == name.data() + name.size() ? descriptor : -1;
}

// Where the links lead to, one at a time so as to stop at a name of an open descriptor; a missing file is no error.
fs::path follow_links(const fs::path& name) {
    fs::path path = name.has_parent_path() ? name : "." / name;
    std::error_code error;
    for (int links = 0; own_descriptor(path) < 0 && fs::is_symlink(fs::symlink_status(path, error)); ++links) {
        if (links == 40) fail(name, ELOOP, "a path that leads somewhere");
        path = path.parent_path() / fs::read_symlink(path, error);
        if (error) fail(name, error.value(), "a path that leads somewhere");
    }
    return path;
}

// Not to be guessed, so that nobody can have put a link there.
std::string random_name() {
    constexpr char digits[] = "0123456789abcdefghijklmnopqrstuv";
    std::random_device device;
    std::string name = ".convmat-";
    for (int i = 0; i < 16; ++i) name += digits[device() % 32];
    return name;
}

// The name of a file without one, for linkat(2).
std::string by_descriptor(int descriptor) { return "/proc/self/fd/" + std::to_string(descriptor); }

[[noreturn]] void misused(const char* how, const fs::path& name) {
    throw ErrorAs<std::logic_error>(Fault{.parameter = name.string(),
                                          .value = how,
                                          .expected = "one commit, and nothing after it",
                                          .sentence = concat(how, ": ", name.string())});
}

} // namespace

OutputFile::OutputFile(const fs::path& target) : name_(target) {
    if (target.empty()) fail(name_, ENOENT, "the name of a file");
    target_ = follow_links(target);
    const int own = own_descriptor(target_);
    struct stat status = {};
    const bool exists = own < 0 && ::stat(target_.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) fail(name_, EISDIR, "a file to write");
    direct_ = own >= 0 || (exists && !S_ISREG(status.st_mode));
    if (exists) mode_ = status.st_mode & 0777U;
    if (own >= 0)
        descriptor_ = ::fcntl(own, F_DUPFD_CLOEXEC, 0);
    else if (direct_)
        descriptor_ = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC);
    else if (!exists || ::access(target_.c_str(), W_OK) == 0)
        open_temporary();
    if (descriptor_ < 0) fail(name_, errno, "a file that can be written");
}

// Leaves descriptor_ at -1, and errno, when there is no making it. What replaces a file is its owner's alone until it
// is complete; what replaces none may be read by whom it is for.
void OutputFile::open_temporary() {
    const mode_t mode = mode_ ? 0600 : 0666;
#if defined(O_TMPFILE)
    descriptor_ = ::open(target_.parent_path().c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
    if (descriptor_ >= 0) {
        if (::access(by_descriptor(descriptor_).c_str(), F_OK) == 0) return;
        ::close(descriptor_); // without /proc it could never be given a name
    }
#endif
    at_random_name([&](const char* path) {
        descriptor_ = ::open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        return descriptor_ >= 0;
    });
}

// Has a file made beside the target, under a name that is removed when a signal comes. False, and errno, if it cannot.
template <class Make>
bool OutputFile::at_random_name(const Make& make) {
    for (int attempt = 0; attempt < 10; ++attempt) {
        temporary_ = target_.parent_path() / random_name();
        const detail::SignalsHeld held;
        slot_ = detail::register_unfinished(temporary_.c_str());
        if (make(temporary_.c_str())) return true;
        detail::forget_unfinished(slot_);
        temporary_.clear();
        if (errno != EEXIST) return false;
    }
    return false;
}

bool OutputFile::link_to(const char* path) const {
    return ::linkat(AT_FDCWD, by_descriptor(descriptor_).c_str(), AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0;
}

OutputFile::~OutputFile() { discard(); }

void OutputFile::discard() noexcept {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
    if (!temporary_.empty()) ::unlink(temporary_.c_str()); // where it has become the target, there is none
    temporary_.clear();
    detail::forget_unfinished(slot_);
    slot_ = -1;
}

void OutputFile::write(std::span<const std::byte> bytes) {
    if (descriptor_ < 0) misused("OutputFile::write after commit", name_);
    while (!bytes.empty()) {
        const std::size_t part = std::min(bytes.size(), std::size_t{1} << 30);
        const ssize_t done = ::write(descriptor_, bytes.data(), part);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) fail(name_, errno, concat("room for ", bytes.size(), " more bytes"));
        bytes = bytes.subspan(static_cast<std::size_t>(done));
    }
}

void OutputFile::write(std::string_view text) { write(std::as_bytes(std::span(text))); }

// With the mode it is to have, and on the disk before it replaces what is there: a machine that stops loses neither.
void OutputFile::complete() {
    if (descriptor_ < 0) misused("OutputFile::commit twice", name_);
    if (direct_) {
        if (::close(std::exchange(descriptor_, -1)) != 0) fail(name_, errno, "a file that can be written");
        return;
    }
    if (!mode_) return;
    if (::fchmod(descriptor_, *mode_) != 0) fail(name_, errno, "a file whose mode can be kept");
    const bool stored = ::fsync(descriptor_) == 0 || errno == EINVAL || errno == ENOTSUP; // where there is no disk
    if (!stored) fail(name_, errno, "a file that can be written");
}

// Gives it the target's name. What was there has the temporary's from then on, where undoing that is to be possible.
void OutputFile::publish(Undo undo) {
    if (direct_) return;
    if (temporary_.empty() && link_to(target_.c_str())) {
        state_ = Target::created;
        return;
    }
    const auto link = [this](const char* path) { return link_to(path); };
    if (temporary_.empty() && (errno != EEXIST || !at_random_name(link)))
        fail(name_, errno, "a file that can be written");
#if defined(RENAME_EXCHANGE)
    if (undo == Undo::possible && mode_ && // a folder would be exchanged as well
        ::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) == 0) {
        state_ = Target::exchanged;
        return;
    }
#endif
    const bool created = undo == Undo::possible && ::access(target_.c_str(), F_OK) != 0;
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(name_, errno, "a file that can be written");
    state_ = created ? Target::created : Target::replaced;
}

void OutputFile::take_back() noexcept {
    if (state_ == Target::created) ::unlink(target_.c_str());
#if defined(RENAME_EXCHANGE)
    if (state_ == Target::exchanged)
        ::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE);
#endif
    state_ = Target::untouched;
}

void OutputFile::commit() {
    complete();
    {
        const detail::SignalsHeld held;
        publish(Undo::never);
    }
    discard();
}

OutputFile& OutputFiles::open(const fs::path& target) {
    OutputFile& file = files_.emplace_back(target);
    const fs::path name = file.target_.filename(), folder = file.target_.parent_path();
    std::error_code ignored;
    for (const OutputFile& other : files_)
        if (&other != &file && !file.direct_ && other.target_.filename() == name &&
            fs::equivalent(other.target_.parent_path(), folder, ignored))
            detail::file_error(file.name_.string(), "the same file as " + other.name_.string(), "a file of its own");
    return file;
}

void OutputFiles::commit() {
    for (OutputFile& file : files_) file.complete();
    {
        const detail::SignalsHeld held;
        try {
            for (OutputFile& file : files_)
                file.publish(files_.size() > 1 ? OutputFile::Undo::possible : OutputFile::Undo::never);
        } catch (...) {
            for (OutputFile& file : files_) file.take_back();
            throw;
        }
        for (OutputFile& file : files_) file.discard();
    }
}

} // namespace convmat
