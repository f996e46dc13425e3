#pragma once

#include <algorithm>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace convmat::test {

inline long resident_mib() {
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

/// MiB that body() takes at its peak, at most 255: an exit code, for it runs in a process of its own.
template <class Body>
int peak_mib_of(const Body& body) {
    const pid_t child = fork();
    if (child == 0) {
        const long before = resident_mib();
        body();
        _exit(static_cast<int>(std::min(resident_mib() - before, 255L)));
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

} // namespace convmat::test
