#pragma once

#include <string>

namespace convmat::detail {

/// Registers a file to be removed when a signal ends the process; returns its slot, or -1 when all are taken or the
/// name is too long to be held.
int register_unfinished(const std::string& name);

/// The file is finished or gone: forgets it. Slot -1 is allowed.
void forget_unfinished(int slot);

} // namespace convmat::detail
