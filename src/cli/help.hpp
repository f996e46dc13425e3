#pragma once

#include <string>
#include <vector>

#include "option.hpp"

namespace convmat::cli {

/// The page that --help prints, in lines of at most `width` columns but for a word or a piece of an example that is
/// longer: what it does, examples, usage, the options under their headings (Options, where --help is, come first), the
/// names alone of those of the layer, exit codes.
std::string help_page(const CommandSummary& summary, const std::vector<Option>& options, std::size_t width);

/// What `convmat help layer` prints: the options of the layer in full, then kernels, boundaries and layer files.
std::string layer_page(const std::vector<Option>& options, std::size_t width);

} // namespace convmat::cli
