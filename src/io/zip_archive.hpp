#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <zip.h>

#include <convmat/io/output_file.hpp>

#include "byte_source.hpp"

namespace convmat::detail {

struct ZipDeleter {
    void operator()(zip_t* archive) const { zip_discard(archive); }
    void operator()(zip_file_t* member) const { zip_fclose(member); }
    void operator()(zip_source_t* source) const { zip_source_free(source); }
};

template <class T>
using ZipHandle = std::unique_ptr<T, ZipDeleter>;

/// An archive that is read; a pipe is first read whole.
class ZipReader {
  public:
    explicit ZipReader(const std::filesystem::path& path);

    bool has(const std::string& name) const;

    /// The member of that name; fails unless there is exactly one.
    std::unique_ptr<ByteSource> member(const std::string& name) const;

    [[noreturn]] void fail(std::string_view found, std::string_view expected) const {
        file_error(name_, found, expected);
    }

  private:
    std::string name_;
    std::vector<std::byte> bytes_; // of a pipe
    ZipHandle<zip_t> archive_;
};

/// An archive that is written: members are referred to until finish(), which deflates them.
class ZipWriter {
  public:
    explicit ZipWriter(std::string name);

    /// Adds a member made of two parts, both of which must live until finish().
    void add(const char* member, std::span<const std::byte> first, std::span<const std::byte> second);

    /// Compresses everything and writes it to the file.
    void finish(OutputFile& file);

  private:
    [[noreturn]] void fail(const zip_error_t* error) const;

    std::string name_;
    ZipHandle<zip_source_t> target_; // the archive's bytes
    ZipHandle<zip_t> archive_;
};

} // namespace convmat::detail
