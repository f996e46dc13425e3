#include "command_line.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "error.hpp"
#include "extents.hpp"
#include "output.hpp"

namespace convmat::cli {
namespace {

// CLI11 says how often an option was given as text only: "--x: 1 required TEXT missing", "--x: At most 1 ...".
[[noreturn]] void refuse_count(const std::string& message) {
    const std::string option = message.substr(0, message.find(':'));
    if (message.find("missing") != std::string::npos) throw InputError(option, "no value", "a value after it");
    throw InputError(option, "given more than once", "it once");
}

constexpr std::size_t description_column = 34;

// CLI11 leaves a long description on one line: breaks it at spaces, and indents what follows.
std::string wrapped(std::string line) {
    constexpr std::size_t width = 110;
    std::string text;
    while (line.size() > width) {
        const std::size_t space = line.rfind(' ', width);
        if (space == std::string::npos || space <= description_column) break;
        text += line.substr(0, space) + "\n";
        line.replace(0, space + 1, std::string(description_column, ' '));
    }
    return text + line;
}

std::string wrapped_help(const std::string& help) {
    std::string text;
    for (const std::string_view line : split(help, '\n')) text += wrapped(std::string(line)) + "\n";
    while (text.ends_with("\n\n")) text.pop_back();
    return text;
}

} // namespace

CommandLine::CommandLine(const std::string& command, const std::string& summary, const std::string& example)
    : app_(std::make_unique<CLI::App>(summary, "convmat " + command)),
      command_(command) {
    app_->set_help_flag("-h,--help", "Print this help and exit");
    app_->get_formatter()->column_width(description_column);
    app_->allow_extras();
    app_->footer("Example:\n" + example +
                 "\n\nExit codes: 0 done; 1 a check failed; 2 bad input or usage, with one line on standard error that "
                 "names\nthe option or file, the value and what was expected, and no output file touched.");
}

CommandLine::~CommandLine() = default;

void CommandLine::text(const std::string& option, const std::string& kind, std::optional<std::string>& target,
                       const std::string& meaning) {
    app_->add_option_function<std::string>(
            option,
            [&target, option](const std::string& value) {
                if (value.empty()) throw InputError(option, "no text", "a value after it");
                target = value;
            },
            meaning)
        ->type_name(kind)
        ->group(heading_);
}

void CommandLine::flag(const std::string& option, bool& target, const std::string& meaning) {
    app_->add_flag(option, target, meaning)->group(heading_);
}

bool CommandLine::parse(Arguments arguments) {
    if (std::ranges::any_of(arguments, [](const std::string& a) { return a == "--help" || a == "-h"; })) {
        print(wrapped_help(app_->help()));
        return false;
    }
    std::ranges::reverse(arguments); // as CLI11 wants them
    try {
        app_->parse(std::move(arguments));
    } catch (const CLI::ArgumentMismatch& failure) {
        refuse_count(failure.what());
    } catch (const CLI::CallForHelp&) { // --help=1
        throw InputError("--help", "with a value", "--help alone");
    } catch (const CLI::ParseError& failure) {
        throw InputError(command_, failure.what(), "what 'convmat " + command_ + " --help' lists");
    }
    for (const std::string& extra : app_->remaining())
        throw InputError(extra, extra.starts_with('-') ? "unknown option" : "stands alone",
                         "an option that 'convmat " + command_ + " --help' lists");
    return true;
}

const std::string& required(const std::string& option, const std::optional<std::string>& value,
                            const std::string& expected) {
    if (!value) throw InputError(option, "not given", expected);
    return *value;
}

} // namespace convmat::cli
