#include <csignal>
#include <exception>

#include <fmt/format.h>

#include <convmat/io/output_file.hpp>

#include "blame.hpp"
#include "commands.hpp"

using namespace convmat;

int main(int count, char** values) {
    remove_unfinished_on_signals();
    std::signal(SIGXFSZ, SIG_IGN); // a write beyond the limit of file sizes then fails, as on a full device
    try {
        return cli::run_program({values + (count > 0 ? 1 : 0), values + count});
    } catch (const std::exception& error) {
        constexpr int bad_input_or_usage = 2;
        fmt::print(stderr, "convmat: {}\n", cli::one_line(error));
        return bad_input_or_usage;
    }
}
