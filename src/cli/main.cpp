#include <array>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <convmat/io/output_file.hpp>

#include "blame.hpp"
#include "commands.hpp"
#include "output.hpp"

namespace {

using namespace convmat;

constexpr int bad_input_or_usage = 2;

// A descriptor that is closed would become that of the next file, and what is printed would go into it. Each is opened
// the wrong way round, so that using it is the error that it was.
void open_standard_descriptors() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(descriptor, F_GETFD) < 0)
            (void)::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY); // takes the lowest number
}

// What iterates has thousands of short parallel loops. OpenMP's threads wait for the next one by spinning: beside other
// programs they spin away the time in which the one they wait for could run, and 1 s becomes 5 or 20. How they wait is
// read from the environment when OpenMP is loaded, before any code of this program: so it begins again, once.
void let_threads_sleep(int count, char** values) {
    const std::string_view command = count > 1 ? values[1] : "";
    if (command != "solve" && command != "spectrum" && command != "demo") return;
    for (const char* const said : {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "OMP_NUM_THREADS"})
        if (std::getenv(said) != nullptr) return; // NOLINT(concurrency-mt-unsafe): there is one thread
    std::array<char, PATH_MAX> program{};
    const ssize_t size = ::readlink("/proc/self/exe", program.data(), program.size() - 1);
    if (size <= 0 || ::setenv("OMP_WAIT_POLICY", "passive", 1) != 0) return;
    ::execv(program.data(), values); // comes back where it cannot: then they spin
}

constexpr std::string_view no_memory = "convmat: memory: not enough: expected more for a layer of this size\n";

// Whatever standard error is, and however little memory there is, the exit code stands.
void say_why(const std::exception& error) noexcept {
    std::signal(SIGPIPE, SIG_IGN);
    try {
        cli::tell(fmt::format("convmat: {}\n", cli::one_line(error)));
    } catch (...) {
        cli::tell(no_memory);
    }
}

// Where an exception cannot be thrown for want of memory, and where one for want of memory cannot get out: of a thread
// of another library. Everything else that ends here is a fault of this program, and aborts as it would.
[[noreturn]] void end_without_memory() {
    bool memory = true;
    try {
        if (std::current_exception()) throw;
    } catch (const std::bad_alloc&) {
    } catch (...) {
        memory = false;
    }
    if (!memory) std::abort();
    std::signal(SIGPIPE, SIG_IGN);
    cli::tell(no_memory);
    ::_exit(bad_input_or_usage);
}

bool done = false;

// A library that has no memory may call exit(1), as OpenMP's does, which would say that a check failed.
void end_as_refused() {
    if (!done) ::_exit(bad_input_or_usage);
}

} // namespace

int main(int count, char** values) {
    open_standard_descriptors();
    let_threads_sleep(count, values);
    std::set_terminate(end_without_memory);
    std::atexit(end_as_refused);
    remove_unfinished_on_signals();
    std::signal(SIGXFSZ, SIG_IGN); // a write beyond the limit of file sizes then fails, as on a full device
    int code = bad_input_or_usage;
    try {
        code = cli::run_program({values + (count > 0 ? 1 : 0), values + count});
    } catch (const std::exception& error) {
        say_why(error);
    }
    done = true;
    return code;
}
