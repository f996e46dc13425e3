#pragma once

#include <memory>
#include <vector>

#include "command_line.hpp"

namespace convmat::cli {

/// A command of the program: what is said of it, the table of its options, and what it does with them.
class Command {
  public:
    Command() = default;
    virtual ~Command() = default;
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;

    virtual CommandSummary summary() const = 0;

    /// Its options; their values are members of this.
    virtual void add_to(CommandLine& line) = 0;

    /// Once they are read: the exit code, or an exception that main() turns into one line on standard error.
    virtual int run() = 0;
};

std::unique_ptr<Command> info();
std::unique_ptr<Command> build();
std::unique_ptr<Command> apply();
std::unique_ptr<Command> check();
std::unique_ptr<Command> spectrum();
std::unique_ptr<Command> solve();
std::unique_ptr<Command> spy();
std::unique_ptr<Command> demo();

/// A new one of each, in the order in which they are listed.
std::vector<std::unique_ptr<Command>> all_commands();

/// The program: the arguments after its name, and its exit code, or an exception.
int run_program(const Arguments& arguments);

} // namespace convmat::cli
