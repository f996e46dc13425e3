#pragma once

#include <string_view>
#include <vector>

namespace convmat {

/// The instruction sets that are compiled in and that this processor runs, best first: `x86-64-v4` (AVX-512),
/// `x86-64-v3` (AVX2), `x86-64-v2` (SSE4.2), and `plain` on every processor.
std::vector<std::string_view> instruction_sets();

/// The one a ConvOperator made now computes with: the best, or what the environment variable CONVMAT_INSTRUCTION_SET
/// names. Throws ArgumentError when that is none of instruction_sets().
std::string_view instruction_set();

} // namespace convmat
