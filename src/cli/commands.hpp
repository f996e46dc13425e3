#pragma once

#include "command_line.hpp"

namespace convmat::cli {

// One a command: the exit code, or an exception that main() turns into one line on standard error.
int info(const Arguments& arguments);
int build(const Arguments& arguments);
int apply(const Arguments& arguments);
int check(const Arguments& arguments);
int spectrum(const Arguments& arguments);
int solve(const Arguments& arguments);
int spy(const Arguments& arguments);
int demo(const Arguments& arguments);

} // namespace convmat::cli
