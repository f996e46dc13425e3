#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace convmat::cli {

/// Throws InputError or FileError unless the file of an option, where one was given, ends as it must and can be
/// written: to be known before anything is computed. Pipes and devices are not tried.
void require_writable(const char* option, const std::optional<std::string>& path, std::string_view ending);

} // namespace convmat::cli
