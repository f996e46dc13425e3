#pragma once

// What the fuzzers share. Each is a function of bytes. What the library refuses by an error of its own is an answer;
// any other exception, a crash, a leak or a promise that does not hold is a find, and ends the process.

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <unistd.h>

#include <convmat/base/error.hpp>

namespace convmat::fuzz {

// The targets.
void npy(std::string_view bytes);
void matrix_market(std::string_view bytes);
void npz(std::string_view bytes);
void png(std::string_view bytes);
void layer_json(std::string_view bytes);
void kernel(std::string_view bytes);
void options(std::string_view bytes);

inline void require(bool holds, const char* promise) {
    if (holds) return;
    std::fprintf(stderr, "NOT KEPT: %s\n", promise);
    std::abort();
}

/// Whether the text has a number of 6 to 13 digits. Such extents are sound, and take the memory that they take.
inline bool has_large_number(std::string_view text) {
    std::size_t digits = 0;
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            ++digits;
            continue;
        }
        if (digits >= 6 && digits <= 13) return true;
        digits = 0;
    }
    return digits >= 6 && digits <= 13;
}

/// A folder of this process, in memory where the system has such a place; gone at the end.
class Folder {
  public:
    Folder() {
        const bool in_memory = std::filesystem::is_directory("/dev/shm");
        path_ = (in_memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path()) /
                concat("convmat_fuzz_", getpid());
        std::filesystem::create_directory(path_);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    /// The path of a file of that name.
    static std::string path(const char* name) {
        static const Folder folder;
        return folder.path_ / name;
    }

  private:
    std::filesystem::path path_;
};

/// The path of a file that holds the bytes.
inline std::string file_of(std::string_view bytes, const char* name) {
    std::string path = Folder::path(name);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    return path;
}

inline std::string content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Calls f(); an error of the library's own must have a sentence of one line and say what it is about.
template <class F>
void refusing_is_fine(const F& f) {
    try {
        f();
    } catch (const Error& error) {
        const std::string_view sentence = error.what();
        require(!sentence.empty() && !error.fault().parameter.empty(), "an error says what it is about");
    }
}

/// What read(path) makes of the bytes is, written and read again, written as the same bytes.
template <class Read, class Write>
void read_and_written_alike(std::string_view bytes, const char* name, const Read& read, const Write& write) {
    const std::string input = file_of(bytes, name);
    refusing_is_fine([&] {
        const auto first = read(input);
        const std::string once = Folder::path("once"), twice = Folder::path("twice");
        write(once, first);
        write(twice, read(once));
        require(content(once) == content(twice), "what is written is read as the same");
    });
}

} // namespace convmat::fuzz
