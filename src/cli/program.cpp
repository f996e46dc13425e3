#include <algorithm>
#include <utility>

#include <convmat/base/error.hpp>
#include <convmat/base/version.hpp>

#include "commands.hpp"
#include "completion.hpp"
#include "error.hpp"
#include "help.hpp"
#include "layer_options.hpp"
#include "layout.hpp"
#include "manual.hpp"
#include "names.hpp"
#include "output.hpp"
#include "terminal.hpp"

namespace convmat::cli {
namespace {

// What describes a layer, as a page of the help.
struct LayerTopic {
    LayerOptions options;
    CommandLine line = CommandLine({"layer", "How a layer is described, to every command", {}, {}});

    LayerTopic() { options.add_to(line); }
};

std::vector<std::string> names_of(const std::vector<std::unique_ptr<Command>>& commands) {
    std::vector<std::string> names;
    for (const auto& command : commands) names.push_back(command->summary().name);
    return names;
}

std::string program_page(std::size_t width) {
    width = std::clamp<std::size_t>(width, 30, 100);
    std::string text =
        wrapped("convmat: a convolution is a sparse matrix", width) + "\nExample:\n" +
        wrapped_command("convmat spy --input 3x3 --kernel '0,1;2,3'", width) +
        wrapped_command("convmat apply --image photo.png --kernel motion:9:45 --out blurred.png", width) +
        "\nUsage: convmat COMMAND [OPTIONS]\n\nCommands:\n";
    const auto row = [&](const std::string& name, const std::string& line) {
        std::string first = "  " + name;
        first.resize(12, ' ');
        text += wrapped(line, width, first, 12);
    };
    for (const auto& command : all_commands()) row(command->summary().name, command->summary().line);
    row("help", "This page; 'help COMMAND' an example and the options of one, 'help layer' how a layer is described");
    text +=
        "\n" + wrapped("--version (-V) says which this is; --completion bash prints what a shell completes by, --man "
                       "a manual page.",
                       width);
    return text;
}

std::string help_of(const std::string& name) {
    if (name == "layer") return layer_page(LayerTopic().line.options(), text_columns());
    const auto commands = all_commands();
    for (const auto& command : commands) {
        CommandLine line(command->summary());
        if (line.summary().name != name) continue;
        command->add_to(line);
        return help_page(line.summary(), line.options(), text_columns());
    }
    auto names = names_of(commands);
    names.emplace_back("layer");
    throw InputError("help", name, one_of(name, names));
}

int help(const Arguments& arguments) {
    if (arguments.size() > 1) throw InputError(arguments[1], "stands alone", "the name of one command after help");
    const bool of_program =
        arguments.empty() || arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help";
    print(of_program ? program_page(text_columns()) : help_of(arguments[0]));
    return 0;
}

// The tables of all commands, and the commands their options belong to.
struct Tables {
    std::vector<std::unique_ptr<Command>> commands = all_commands();
    std::vector<CommandLine> lines;

    Tables() {
        for (const auto& command : commands) command->add_to(lines.emplace_back(command->summary()));
    }
};

int completion(const Arguments& arguments) {
    if (arguments.size() != 1 || arguments[0] != "bash")
        throw InputError("--completion", arguments.empty() ? "no shell" : arguments[0], "bash");
    print(bash_completion(Tables().lines));
    return 0;
}

int manual(const Arguments& arguments) {
    if (!arguments.empty()) throw InputError(arguments[0], "stands alone", "nothing after --man");
    print(manual_page(Tables().lines));
    return 0;
}

int version(const Arguments&) {
    print("convmat " CONVMAT_VERSION "\n");
    return 0;
}

using Topic = std::pair<const char*, int (*)(const Arguments&)>;

constexpr Topic topics[] = {{"help", help},         {"--help", help}, {"-h", help},
                            {"--version", version}, {"-V", version},  {"--completion", completion},
                            {"--man", manual}};

int run_command(Command& command, const Arguments& arguments) {
    CommandLine line(command.summary());
    command.add_to(line);
    return line.parse(arguments) ? command.run() : 0;
}

} // namespace

std::vector<std::unique_ptr<Command>> all_commands() {
    std::vector<std::unique_ptr<Command>> commands;
    for (auto* const make : {info, build, apply, check, spectrum, solve, spy, demo}) commands.push_back(make());
    return commands;
}

int run_program(const Arguments& arguments) {
    const auto commands = all_commands();
    std::vector<std::string> names = names_of(commands);
    if (arguments.empty()) {
        print(program_page(text_columns()));
        throw InputError("command", "not given", one_of({}, names));
    }
    const std::string& first = arguments.front();
    const Arguments rest(arguments.begin() + 1, arguments.end());
    for (const auto& [name, run] : topics)
        if (first == name) return run(rest);
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == first) return run_command(*commands[i], rest);
    names.emplace_back("help");
    throw InputError(first.empty() ? "''" : first, "unknown command", one_of(first, names));
}

} // namespace convmat::cli
