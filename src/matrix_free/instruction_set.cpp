#include "instruction_set.hpp"

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <convmat/base/error.hpp>
#include <convmat/matrix_free/instruction_set.hpp>

namespace convmat {
namespace {

struct Level {
    std::string_view name;
    bool (*runs_here)();
    const matrix_free::KernelSet& (*kernels)();
};

#if defined(CONVMAT_X86_64_LEVELS)
// What the x86-64 psABI's levels ask for beyond what their compilers' flags could use here.
bool has_v2() { return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt"); }
bool has_v3() {
    return has_v2() && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}
bool has_v4() {
    return has_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}
#endif

// Best first.
constexpr std::array levels = {
#if defined(CONVMAT_X86_64_LEVELS)
    Level{"x86-64-v4", has_v4, matrix_free::kernels_x86_64_v4},
    Level{"x86-64-v3", has_v3, matrix_free::kernels_x86_64_v3},
    Level{"x86-64-v2", has_v2, matrix_free::kernels_x86_64_v2},
#endif
    Level{"plain", [] { return true; }, matrix_free::kernels_plain},
};

const Level& chosen() {
    const char* const wish = std::getenv("CONVMAT_INSTRUCTION_SET"); // NOLINT(concurrency-mt-unsafe)
    for (const Level& level : levels)
        if (level.runs_here() && (wish == nullptr || *wish == '\0' || level.name == wish)) return level;
    std::string known;
    for (const std::string_view name : instruction_sets()) known += concat(known.empty() ? "" : ", ", name);
    throw ArgumentError({.parameter = "CONVMAT_INSTRUCTION_SET",
                         .value = std::string(wish),
                         .expected = concat("one that this processor runs: ", known),
                         .found = concat("CONVMAT_INSTRUCTION_SET is '", wish, "'")});
}

} // namespace

std::vector<std::string_view> instruction_sets() {
    std::vector<std::string_view> names;
    for (const Level& level : levels)
        if (level.runs_here()) names.push_back(level.name);
    return names;
}

std::string_view instruction_set() { return chosen().name; }

const matrix_free::KernelSet& matrix_free::kernels() { return chosen().kernels(); }

} // namespace convmat
