#include <convmat/io/output_file.hpp>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <random>
#include <stdexcept>

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
    if (own >= 0)
        descriptor_ = ::fcntl(own, F_DUPFD_CLOEXEC, 0);
    else if (exists && !S_ISREG(status.st_mode))
        descriptor_ = ::open(target_.c_str(), O_WRONLY | O_CLOEXEC);
    else if (!exists || ::access(target_.c_str(), W_OK) == 0)
        open_temporary();
    if (descriptor_ < 0) fail(name_, errno, "a file that can be written");
    if (exists && !temporary_.empty() && ::fchmod(descriptor_, status.st_mode & 07777) != 0) {
        const int error = errno;
        discard();
        fail(name_, error, "a file whose mode can be kept");
    }
}

// Leaves descriptor_ at -1, and errno, when there is no making it.
void OutputFile::open_temporary() {
    for (int attempt = 0; attempt < 10; ++attempt) {
        temporary_ = target_.parent_path() / random_name();
        slot_ = detail::register_unfinished(temporary_.string());
        descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor_ >= 0) return;
        detail::forget_unfinished(slot_);
        if (errno != EEXIST) return;
    }
}

OutputFile::~OutputFile() { discard(); }

void OutputFile::discard() noexcept {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
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

void OutputFile::commit() {
    if (descriptor_ < 0) misused("OutputFile::commit twice", name_);
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0 || (!temporary_.empty() && ::rename(temporary_.c_str(), target_.c_str()) != 0)) {
        const int error = errno;
        discard();
        fail(name_, error, "a file that can be written");
    }
    temporary_.clear(); // it has become the target
    discard();
}

} // namespace convmat
