#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace convmat::cli {

/// The heading of the options that describe a layer, which all commands share: `convmat help layer` says them in full.
inline constexpr std::string_view layer_heading = "The layer";

/// An option of a command: a row of the table that is parsed by, and that help, man page and completion are made of.
struct Option {
    /// What the value is: `-` as a file is standard input or output.
    enum class Value { none, text, input_file, output_file };

    std::string name;    ///< `--stride`
    std::string kind;    ///< what its value looks like, `2|2x1`; empty for a flag
    std::string meaning; ///< a sentence or two
    std::string heading; ///< under which it is listed
    std::variant<std::optional<std::string>*, bool*> target;
    Value value = Value::text;
    std::vector<std::string> words = {}; ///< that the value may be, for those who complete it

    bool is_flag() const { return value == Value::none; }

    /// `--stride 2|2x1`
    std::string synopsis() const { return is_flag() ? name : name + " " + kind; }
};

/// What is said of a command beside its options.
struct CommandSummary {
    std::string name;                  ///< `info`
    std::string line;                  ///< what it does, in a line
    std::string text;                  ///< the same in a sentence or two
    std::vector<std::string> examples; ///< a command line each
};

} // namespace convmat::cli
