#include "writable.hpp"

#include <filesystem>

#include <convmat/io/output_file.hpp>

#include "error.hpp"

namespace convmat::cli {

void require_writable(const char* option, const std::optional<std::string>& path, std::string_view ending) {
    if (!path || *path == "/dev/stdout") return;
    std::error_code ignored;
    const auto kind = std::filesystem::status(*path, ignored).type();
    if (kind == std::filesystem::file_type::character || kind == std::filesystem::file_type::fifo) return;
    if (!path->ends_with(ending)) throw InputError(option, *path, concat("a file that ends in ", ending));
    const OutputFile tried(*path);
}

} // namespace convmat::cli
