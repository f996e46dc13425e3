#pragma once

#include <string>
#include <vector>

#include "command_line.hpp"

namespace convmat::cli {

/// The manual page of the program, for man(1): every command and option, those of the layer once.
std::string manual_page(const std::vector<CommandLine>& commands);

} // namespace convmat::cli
