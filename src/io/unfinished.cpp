#include "unfinished.hpp"

#include <atomic>
#include <csignal>
#include <cstring>

#include <unistd.h>

#include <convmat/io/output_file.hpp>

namespace convmat {
namespace {

// Fixed memory and lock-free flags: a signal handler may use nothing else.
struct Slot {
    enum State : int { vacant, claimed, armed };
    std::atomic<int> state = vacant;
    char name[4096] = {};
};
static_assert(std::atomic<int>::is_always_lock_free);

Slot slots[16];

extern "C" void remove_and_die(int signal) {
    for (Slot& slot : slots)
        if (slot.state == Slot::armed) ::unlink(slot.name);
    std::signal(signal, SIG_DFL);
    std::raise(signal); // delivered when this handler returns
}

} // namespace

namespace detail {

int register_unfinished(const std::string& name) {
    if (name.size() >= sizeof(Slot::name)) return -1;
    for (int i = 0; i < 16; ++i) {
        int expected = Slot::vacant;
        if (!slots[i].state.compare_exchange_strong(expected, Slot::claimed)) continue;
        std::memcpy(slots[i].name, name.c_str(), name.size() + 1);
        slots[i].state = Slot::armed;
        return i;
    }
    return -1;
}

void forget_unfinished(int slot) {
    if (slot >= 0) slots[slot].state = Slot::vacant;
}

} // namespace detail

void remove_unfinished_on_signals() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
        struct sigaction action = {};
        if (::sigaction(signal, nullptr, &action) != 0 || (action.sa_flags & SA_SIGINFO) != 0) continue;
        if (action.sa_handler == SIG_DFL) std::signal(signal, remove_and_die);
    }
}

} // namespace convmat
