#include <convmat/base/memory.hpp>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <limits>
#include <optional>
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

// A number that a file begins with, or that follows a key in it; nothing where there is none.
std::optional<Index> number_in(const char* path, const std::string& key = {}) {
    std::ifstream file(path);
    std::string word;
    while (!key.empty() && file >> word && word != key) file.ignore(256, '\n');
    Index number = 0;
    return file >> number ? std::optional(number) : std::nullopt;
}

// What the control group's limit leaves beside what is in use and cannot be reclaimed. (Its file says "max", no number,
// where there is no limit.)
Index group_memory() {
    const auto limit = number_in("/sys/fs/cgroup/memory.max");
    if (!limit) return unlimited;
    const Index used = number_in("/sys/fs/cgroup/memory.current").value_or(0) -
                       number_in("/sys/fs/cgroup/memory.stat", "inactive_file").value_or(0);
    return std::max<Index>(*limit - std::max<Index>(used, 0), 0);
}

#if defined(__linux__)
// Advice for the whole pages inside a range. A refusal (the system does not know it) costs speed, not correctness, so
// the result is not looked at.
void advise(void* data, std::size_t bytes, int advice) {
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    const auto first = (reinterpret_cast<std::uintptr_t>(data) + page - 1) / page * page;
    const auto last = (reinterpret_cast<std::uintptr_t>(data) + bytes) / page * page;
    if (first < last)
        madvise(reinterpret_cast<void*>(first), last - first, advice); // NOLINT(performance-no-int-to-ptr)
}
#endif

} // namespace

Index available_memory() { return std::min(system_memory(), group_memory()); }

void require_memory(Index bytes, const Quantity& what) {
    if (bytes < 64 * MiB) return;
    const Index available = available_memory();
    if (bytes > available)
        throw SizeError({.parameter = what.parameter,
                         .axis = what.axis,
                         .value = concat(bytes / MiB, " MiB"),
                         .expected = concat("at most ", available / MiB, " MiB"),
                         .sentence = concat(what.words, " needs ", bytes / MiB, " MiB, more than the ", available / MiB,
                                            " MiB that are available")});
}

void advise_huge_pages([[maybe_unused]] void* data, [[maybe_unused]] std::size_t bytes) {
#if defined(MADV_HUGEPAGE)
    if (bytes >= static_cast<std::size_t>(4 * MiB)) advise(data, bytes, MADV_HUGEPAGE);
#endif
}

void populate_pages([[maybe_unused]] void* data, [[maybe_unused]] std::size_t bytes) {
#if defined(MADV_POPULATE_WRITE)
    if (bytes >= static_cast<std::size_t>(MiB / 16)) advise(data, bytes, MADV_POPULATE_WRITE);
#endif
}

} // namespace convmat
