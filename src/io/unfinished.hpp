#pragma once

#include <csignal>

namespace convmat::detail {

/// Registers a file to be removed when a signal ends the process; returns its slot, or -1 when all are taken or the
/// name is too long to be held.
int register_unfinished(const char* name);

/// The file is finished or gone: forgets it. Slot -1 is allowed.
void forget_unfinished(int slot);

/// While one lives no signal ends the process, in whichever thread it comes: for the moment in which files are given
/// names.
class SignalsHeld {
  public:
    SignalsHeld();
    ~SignalsHeld();
    SignalsHeld(const SignalsHeld&) = delete;
    SignalsHeld& operator=(const SignalsHeld&) = delete;

  private:
    sigset_t before_;
};

} // namespace convmat::detail
