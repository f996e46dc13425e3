#include "completion.hpp"

namespace convmat::cli {
namespace {

std::string joined_words(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

std::string names_of_commands(const std::vector<CommandLine>& commands) {
    std::string text;
    for (const CommandLine& command : commands) text += command.summary().name + " ";
    return text;
}

// What may follow an option of a command: its words, or nothing, and then the shell completes files.
std::string values_of(const CommandLine& command) {
    std::string text;
    for (const Option& option : command.options())
        if (!option.is_flag())
            text += "        '" + command.summary().name + " " + option.name + "') words='" +
                    joined_words(option.words) + "' ;;\n";
    return text;
}

std::string options_of(const CommandLine& command) {
    std::string text = "                " + command.summary().name + ") words='--help";
    for (const Option& option : command.options()) text += " " + option.name;
    return text + "' ;;\n";
}

} // namespace

std::string bash_completion(const std::vector<CommandLine>& commands) {
    std::string text = "# bash completion for convmat: made by convmat --completion bash\n"
                       "_convmat() {\n"
                       "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words=\n"
                       "    case \"${COMP_WORDS[1]} $before\" in\n";
    for (const CommandLine& command : commands) text += values_of(command);
    const std::string names = names_of_commands(commands);
    text += "        '--completion --completion') words=bash ;;\n"
            "        'help help') words='" +
            names + "layer' ;;\n        *)\n            case \"${COMP_WORDS[1]}\" in\n";
    for (const CommandLine& command : commands) text += options_of(command);
    text += "            esac\n"
            "            [[ $COMP_CWORD == 1 ]] && words='" +
            names +
            "help --help --version --completion --man'\n"
            "            ;;\n"
            "    esac\n"
            "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
            "}\n"
            "complete -o default -F _convmat convmat\n";
    return text;
}

} // namespace convmat::cli
