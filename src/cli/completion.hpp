#pragma once

#include <string>
#include <vector>

#include "command_line.hpp"

namespace convmat::cli {

/// A script for bash that completes commands, options, and the values that are words; files are left to the shell.
std::string bash_completion(const std::vector<CommandLine>& commands);

} // namespace convmat::cli
