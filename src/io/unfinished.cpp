#include "unfinished.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

#include <pthread.h>
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
std::atomic<int> holders = 0; // threads in which signals are held
std::atomic<int> ending = 0;

// A thread that holds signals never gets here, so it ends its hold while this one waits; and none begins after.
extern "C" void remove_and_die(int signal) {
    ending = 1;
    while (holders > 0) {
    }
    for (Slot& slot : slots)
        if (slot.state == Slot::armed) ::unlink(slot.name);
    std::signal(signal, SIG_DFL);
    std::raise(signal); // delivered when this handler returns
}

constexpr std::array does_not_end_the_process = {SIGKILL, SIGSTOP, SIGCHLD, SIGCONT, SIGTSTP,
                                                 SIGTTIN, SIGTTOU, SIGURG,  SIGWINCH};

} // namespace

namespace detail {

int register_unfinished(const char* name) {
    const std::size_t length = std::strlen(name);
    if (length >= sizeof(Slot::name)) return -1;
    for (int i = 0; i < 16; ++i) {
        int expected = Slot::vacant;
        if (!slots[i].state.compare_exchange_strong(expected, Slot::claimed)) continue;
        std::memcpy(slots[i].name, name, length + 1);
        slots[i].state = Slot::armed;
        return i;
    }
    return -1;
}

void forget_unfinished(int slot) {
    if (slot >= 0) slots[slot].state = Slot::vacant;
}

SignalsHeld::SignalsHeld() {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    ++holders;
    if (ending == 0) return;
    --holders;
    for (;;) ::pause(); // for the end, which another thread is at
}

SignalsHeld::~SignalsHeld() {
    --holders;
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

} // namespace detail

void remove_unfinished_on_signals() {
    for (int signal = 1; signal <= SIGRTMAX; ++signal) {
        struct sigaction action = {};
        if (std::ranges::find(does_not_end_the_process, signal) != does_not_end_the_process.end()) continue;
        if (::sigaction(signal, nullptr, &action) != 0 || (action.sa_flags & SA_SIGINFO) != 0) continue;
        if (action.sa_handler != SIG_DFL) continue;
        action.sa_handler = remove_and_die;
        ::sigfillset(&action.sa_mask); // one at a time
        ::sigaction(signal, &action, nullptr);
    }
}

} // namespace convmat
