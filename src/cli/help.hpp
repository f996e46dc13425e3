#pragma once

#include <string>
#include <vector>

#include "option.hpp"

namespace convmat::cli {

/// What --help says of a command beside its options.
struct CommandSummary {
    std::string command; ///< `info`
    std::string summary; ///< a line
    std::string example; ///< lines, each indented by two columns
};

/// The page that --help prints, in lines of at most 110 columns: summary, usage, the options under their headings
/// (Options, where --help is, come first), example, exit codes.
std::string help_page(const CommandSummary& summary, const std::vector<Option>& options);

} // namespace convmat::cli
