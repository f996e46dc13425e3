// What the tests of faults put before the program (LD_PRELOAD). It is no part of it.
//
// CONVMAT_FAULT=NAME:N lets the N-th call of open (with O_TMPFILE), fsync, linkat, rename, renameat2 or fchmod fail;
// with N = 0 all of them.
//
// CONVMAT_FAULT_SERVER=IN,OUT runs main() again and again, each time in a process of its own: it reads a Request from
// descriptor IN and answers with a Reply on OUT. Allocation `at` of the run fails, and with `lasting` all after it.

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
}

namespace {

struct Request {
    long at;
    long lasting;
};

struct Reply {
    long status;      // of wait(2)
    long allocations; // there were in all
    char where[1000]; // a crash came from: libraries, innermost first
};

std::atomic<bool> counting{false};
Request request = {};
Reply* reply = nullptr; // shared with the process that runs main()

bool lacks_memory() {
    if (!counting) return false;
    const long count = __atomic_add_fetch(&reply->allocations, 1, __ATOMIC_RELAXED);
    const bool fails = count == request.at || (request.lasting != 0 && count > request.at && request.at > 0);
    if (fails) errno = ENOMEM;
    return fails;
}

// Notes the libraries that lead to a crash, and lets it happen.
void note_crash(int signal) {
    counting = false;
    std::array<void*, 64> frames;
    const int depth = backtrace(frames.data(), static_cast<int>(frames.size()));
    const char* last = "";
    for (int i = 0; i < depth; ++i) {
        Dl_info info;
        if (dladdr(frames[static_cast<std::size_t>(i)], &info) == 0 || std::strcmp(info.dli_fname, last) == 0) continue;
        last = info.dli_fname;
        if (std::strlen(reply->where) + std::strlen(last) + 2 > sizeof reply->where) break;
        std::strcat(std::strcat(reply->where, last), "\n");
    }
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

using Main = int (*)(int, char**, char**);
Main real_main = nullptr;

int run(int count, char** values, char** environment) {
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP}) std::signal(signal, note_crash);
    alarm(20);
    counting = true;
    return real_main(count, values, environment);
}

int serve(int count, char** values, char** environment) {
    const char* descriptors = std::getenv("CONVMAT_FAULT_SERVER");
    int in = -1, out = -1;
    if (descriptors == nullptr || std::sscanf(descriptors, "%d,%d", &in, &out) != 2)
        return real_main(count, values, environment);
    unsetenv("LD_PRELOAD");
    void* shared = mmap(nullptr, sizeof(Reply), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    reply = static_cast<Reply*>(shared);
    std::array<void*, 1> loads_what_backtrace_needs;
    backtrace(loads_what_backtrace_needs.data(), 1);
    while (read(in, &request, sizeof request) == static_cast<ssize_t>(sizeof request)) {
        *reply = {};
        const pid_t child = fork();
        if (child == 0) std::exit(run(count, values, environment));
        int status = 0;
        waitpid(child, &status, 0);
        reply->status = status;
        if (write(out, reply, sizeof *reply) != static_cast<ssize_t>(sizeof *reply)) break;
    }
    return 0;
}

template <class Function>
Function next(const char* name) {
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

// Whether this call of the function is the one to fail.
bool refused(const char* name) {
    static std::atomic<int> calls{0};
    const char* fault = std::getenv("CONVMAT_FAULT");
    const std::size_t length = std::strlen(name);
    if (fault == nullptr || std::strncmp(fault, name, length) != 0 || fault[length] != ':') return false;
    const int which = std::atoi(fault + length + 1);
    if (++calls != which && which != 0) return false;
    errno = std::strcmp(name, "open") == 0 ? EOPNOTSUPP : EIO;
    return true;
}

} // namespace

extern "C" {

int __libc_start_main(Main main, int count, char** values, void (*init)(), void (*fini)(), void (*end)(), void* stack) {
    using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);
    real_main = main;
    return next<Start>("__libc_start_main")(serve, count, values, init, fini, end, stack);
}

void* malloc(std::size_t size) { return lacks_memory() ? nullptr : __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) { return lacks_memory() ? nullptr : __libc_calloc(count, size); }
void* realloc(void* data, std::size_t size) { return lacks_memory() ? nullptr : __libc_realloc(data, size); }
void* memalign(std::size_t alignment, std::size_t size) {
    return lacks_memory() ? nullptr : __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }
int posix_memalign(void** data, std::size_t alignment, std::size_t size) {
    *data = memalign(alignment, size);
    return *data == nullptr ? ENOMEM : 0;
}

int open(const char* path, int flags, ...) {
    std::va_list more;
    va_start(more, flags);
    const bool nameless = (flags & O_TMPFILE) == O_TMPFILE;
    const auto mode = nameless || (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : mode_t{};
    va_end(more);
    if (nameless && refused("open")) return -1;
    return next<int (*)(const char*, int, ...)>("open")(path, flags, mode);
}
int fsync(int descriptor) { return refused("fsync") ? -1 : next<int (*)(int)>("fsync")(descriptor); }
int fchmod(int descriptor, mode_t mode) {
    return refused("fchmod") ? -1 : next<int (*)(int, mode_t)>("fchmod")(descriptor, mode);
}
int linkat(int from, const char* path, int to, const char* name, int flags) {
    if (refused("linkat")) return -1;
    return next<int (*)(int, const char*, int, const char*, int)>("linkat")(from, path, to, name, flags);
}
int rename(const char* from, const char* to) noexcept {
    return refused("rename") ? -1 : next<int (*)(const char*, const char*)>("rename")(from, to);
}
int renameat2(int from, const char* path, int to, const char* name, unsigned flags) noexcept {
    if (refused("renameat2")) return -1;
    return next<int (*)(int, const char*, int, const char*, unsigned)>("renameat2")(from, path, to, name, flags);
}
}
