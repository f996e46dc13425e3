#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>
#include <convmat/io/any.hpp>

namespace convmat::test {

/// An empty directory that is gone with all in it at the end of the scope.
class TemporaryDirectory {
  public:
    TemporaryDirectory()
        : path_(std::filesystem::temp_directory_path() / concat("convmat-io-test-", std::random_device{}())) {
        std::filesystem::create_directory(path_);
    }
    ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    std::filesystem::path operator/(const char* name) const { return path_ / name; }
    const std::filesystem::path& path() const { return path_; }

    /// How many files it holds.
    auto size() const {
        return std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator());
    }

  private:
    std::filesystem::path path_;
};

inline std::string content(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void put(const std::filesystem::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

/// Whether read(path) takes a file of these bytes; throws what is no FileError of one line that names the file.
template <class Read>
bool is_taken(const std::filesystem::path& path, std::string_view bytes, const Read& read) {
    put(path, bytes);
    try {
        read(path);
        return true;
    } catch (const FileError& error) {
        const std::string message = error.what();
        BOOST_TEST(message.starts_with(path.string() + ": "), message);
        BOOST_TEST(message.find(", expected ") != std::string::npos, message);
        BOOST_TEST(message.find('\n') == std::string::npos, message);
        const Fault& fault = error.fault(); // of a member of an archive: `x.npz: data.npy`
        BOOST_TEST(fault.parameter.starts_with(path.string()), fault.parameter);
        BOOST_TEST(message == concat(fault.parameter, ": ", fault.value, ", expected ", fault.expected));
        return false;
    }
}
inline bool is_taken(const std::filesystem::path& path, std::string_view bytes,
                     AnyTensor (*read)(const std::filesystem::path&)) {
    return is_taken<>(path, bytes, read);
}
inline bool is_taken(const std::filesystem::path& path, std::string_view bytes,
                     AnySparse (*read)(const std::filesystem::path&)) {
    return is_taken<>(path, bytes, read);
}

} // namespace convmat::test
