#include <convmat/base/memory.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <limits>
#include <string>

#include <convmat/base/error.hpp>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace convmat {
namespace {

constexpr Index unlimited = std::numeric_limits<Index>::max();
constexpr Index MiB = Index{1} << 20;

// MemAvailable + SwapFree of /proc/meminfo, in bytes.
Index system_memory() {
    std::ifstream file("/proc/meminfo");
    Index total = 0;
    bool found = false;
    std::string key;
    Index kib = 0;
    while (file >> key >> kib) {
        if (key == "MemAvailable:") found = true;
        if (key == "MemAvailable:" || key == "SwapFree:") total += kib * 1024;
        file.ignore(256, '\n');
    }
    return found ? total : unlimited;
}

// The control group's limit; the file says "max" where there is none.
Index group_memory() {
    Index limit = 0;
    return (std::ifstream("/sys/fs/cgroup/memory.max") >> limit) ? limit : unlimited;
}

} // namespace

Index available_memory() { return std::min(system_memory(), group_memory()); }

void require_memory(Index bytes, const char* what) {
    if (bytes < 64 * MiB) return;
    const Index available = available_memory();
    if (bytes > available)
        throw SizeError(
            concat(what, " needs ", bytes / MiB, " MiB, more than the ", available / MiB, " MiB that are available"));
}

void advise_huge_pages([[maybe_unused]] void* data, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    if (bytes < static_cast<std::size_t>(4 * MiB)) return;
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    const auto first = (reinterpret_cast<std::uintptr_t>(data) + page - 1) / page * page;
    const auto last = (reinterpret_cast<std::uintptr_t>(data) + bytes) / page * page;
    // A refusal (no huge pages on this system) costs speed, not correctness, so the result is not looked at.
    madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE); // NOLINT(performance-no-int-to-ptr)
#endif
}

} // namespace convmat
