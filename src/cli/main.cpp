#include <array>
#include <csignal>
#include <exception>
#include <string>

#include <fmt/format.h>

#include <convmat/base/error.hpp>
#include <convmat/base/version.hpp>
#include <convmat/io/output_file.hpp>

#include "blame.hpp"
#include "commands.hpp"
#include "error.hpp"
#include "output.hpp"

namespace {

using namespace convmat;

struct Command {
    std::string_view name;
    std::string_view summary;
    int (*run)(const cli::Arguments&);
};

constexpr std::array<Command, 8> commands = {{
    {"info", "Shapes, nonzeros and bytes of a layer's matrix, and why they are what they are", cli::info},
    {"build", "Write the matrix to a Matrix Market or SciPy file", cli::build},
    {"apply", "Apply a layer, or its adjoint, to a .npy array", cli::apply},
    {"check", "Check a layer: its matrices against plain loops, and the identities that hold for it", cli::check},
    {"spectrum", "Singular values, rank, null space and bounds of the norm, and how far a circle is from them",
     cli::spectrum},
    {"solve", "Find what a layer read from what it wrote, or its kernel from both: least squares, with a penalty",
     cli::solve},
    {"spy", "Draw the matrix, what its rows read and its columns feed, W^T step by step", cli::spy},
    {"demo", "The textbook chapter, a photograph blurred and restored, and trained layers, with pictures", cli::demo},
}};

std::string help() {
    std::string text = "convmat: a convolution is a sparse matrix\n\nUsage: convmat COMMAND [OPTIONS]\n\nCommands:\n";
    for (const Command& command : commands) text += fmt::format("  {:<10}{}\n", command.name, command.summary);
    return text +
           "\n'convmat COMMAND --help' lists the options, an example and the exit codes; 'convmat --version' says "
           "which this is.\n";
}

int run(const cli::Arguments& arguments) {
    std::string known;
    for (const Command& command : commands) known += concat(known.empty() ? "" : ", ", command.name);
    if (arguments.empty()) {
        cli::print(help());
        throw cli::InputError("command", "not given", "one of " + known);
    }
    const std::string& first = arguments.front();
    if (first == "--help" || first == "-h") return cli::print(help()), 0;
    if (first == "--version") return cli::print("convmat " CONVMAT_VERSION "\n"), 0;
    for (const Command& command : commands)
        if (command.name == first) return command.run({arguments.begin() + 1, arguments.end()});
    throw cli::InputError(first, "unknown command", "one of " + known);
}

} // namespace

int main(int count, char** values) {
    remove_unfinished_on_signals();
    std::signal(SIGXFSZ, SIG_IGN); // a write beyond the limit of file sizes then fails, as on a full device
    try {
        return run({values + (count > 0 ? 1 : 0), values + count});
    } catch (const std::exception& error) {
        constexpr int bad_input_or_usage = 2;
        fmt::print(stderr, "convmat: {}\n", cli::one_line(error));
        return bad_input_or_usage;
    }
}
