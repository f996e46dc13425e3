#include "command_line.hpp"

#include <algorithm>
#include <cctype>

#include "error.hpp"
#include "help.hpp"
#include "names.hpp"
#include "output.hpp"
#include "terminal.hpp"

namespace convmat::cli {
namespace {

bool is_number_without_sign(std::string_view text) {
    return !text.empty() &&
           std::ranges::all_of(text, [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
}

// A flag may be given a value: --json=no is as good as no --json.
std::optional<bool> truth_of(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    for (const char* yes : {"true", "t", "yes", "y", "on", "enable", "+"})
        if (text == yes) return true;
    for (const char* no : {"false", "f", "no", "n", "off", "disable", "-"})
        if (text == no) return false;
    const bool has_sign = text.front() == '-' || text.front() == '+';
    if (!is_number_without_sign(std::string_view(text).substr(has_sign ? 1 : 0))) return std::nullopt;
    return text.front() != '-' && text.find_first_of("123456789") != std::string::npos;
}

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += (&text == &texts.front() ? "" : ",") + text;
    return all;
}

void set_text(const Option& option, std::optional<std::string>& target, const std::vector<std::string>& values) {
    if (values.size() > 1) throw InputError(option.name, "given more than once", "it once");
    if (values.front().empty()) throw InputError(option.name, "no text", "a value after it");
    target = values.front();
}

} // namespace

void CommandLine::text(const std::string& option, const std::string& kind, Text& target, const std::string& meaning,
                       std::vector<std::string> words) {
    options_.push_back({option, kind, meaning, heading_, &target, Option::Value::text, std::move(words)});
}

void CommandLine::flag(const std::string& option, bool& target, const std::string& meaning) {
    options_.push_back({option, {}, meaning, heading_, &target, Option::Value::none});
}

void CommandLine::input(const std::string& option, const std::string& kind, Text& target, const std::string& meaning,
                        std::vector<std::string> words) {
    options_.push_back({option, kind, meaning, heading_, &target, Option::Value::input_file, std::move(words)});
}

void CommandLine::output(const std::string& option, const std::string& kind, Text& target, const std::string& meaning) {
    options_.push_back({option, kind, meaning, heading_, &target, Option::Value::output_file});
}

CommandLine::Found CommandLine::read(const Arguments& arguments) const {
    Found found = {std::vector<std::vector<std::string>>(options_.size()), {}, false};
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        const auto equals = argument.find('=');
        const std::string name = argument.substr(0, equals);
        std::string value = equals == std::string::npos ? "" : argument.substr(equals + 1);
        if (name == "--help" || argument.starts_with("-h")) {
            found.help_with_value = true;
            continue;
        }
        const auto option = std::ranges::find(options_, name, &Option::name);
        if (option == options_.end()) {
            found.strangers.push_back(argument);
            if (argument == "--") break; // what follows would be no option
            continue;
        }
        if (value.empty() && option->is_flag()) {
            value = "true";
        } else if (value.empty()) {
            if (++i == arguments.size()) throw InputError(name, "no value", "a value after it");
            value = arguments[i];
        }
        found.values[static_cast<std::size_t>(option - options_.begin())].push_back(value);
    }
    return found;
}

bool CommandLine::parse(const Arguments& arguments) {
    if (std::ranges::any_of(arguments, [](const std::string& a) { return a == "--help" || a == "-h"; })) {
        print(help_page(summary_, options_, text_columns()));
        return false;
    }
    const Found found = read(arguments);
    for (std::size_t j = 0; j < options_.size(); ++j) {
        const Option& option = options_[j];
        const auto& values = found.values[j];
        if (values.empty()) continue;
        if (!option.is_flag()) {
            set_text(option, *std::get<std::optional<std::string>*>(option.target), values);
            continue;
        }
        const auto truth = truth_of(values.back());
        if (!truth) throw InputError(option.name, joined(values), "true or false");
        *std::get<bool*>(option.target) = *truth;
    }
    if (found.help_with_value) throw InputError("--help", "with a value", "--help alone");
    for (const std::string& stranger : found.strangers) refuse_stranger(stranger);
    read_streams();
    return true;
}

void CommandLine::refuse_stranger(const std::string& stranger) const {
    const bool option = stranger.starts_with('-');
    std::vector<std::string> names = {"--help"};
    for (const Option& known : options_) names.push_back(known.name);
    const std::string near = option ? did_you_mean(stranger.substr(0, stranger.find('=')), names) : "";
    throw InputError(stranger.empty() ? "''" : stranger, option ? "unknown option" : "stands alone",
                     "an option that 'convmat " + summary_.name + " --help' lists" + near);
}

// A stream can be read by one option, and written by one.
void CommandLine::read_streams() {
    const Option* reader = nullptr;
    const Option* writer = nullptr;
    for (const Option& option : options_) {
        const bool reads = option.value == Option::Value::input_file;
        if (!reads && option.value != Option::Value::output_file) continue;
        std::optional<std::string>& path = *std::get<std::optional<std::string>*>(option.target);
        const char* stream = reads ? "/dev/stdin" : "/dev/stdout";
        if (path == "-") path = stream;
        if (path != stream) continue;
        const Option*& other = reads ? reader : writer;
        if (other != nullptr)
            throw InputError(option.name, "-",
                             concat("a file, for ", other->name, reads ? " reads standard input" : " writes to -"));
        other = &option;
    }
}

const std::string& required(const std::string& option, const std::optional<std::string>& value,
                            const std::string& expected) {
    if (!value) throw InputError(option, "not given", expected);
    return *value;
}

} // namespace convmat::cli
