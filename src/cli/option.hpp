#pragma once

#include <optional>
#include <string>
#include <variant>

namespace convmat::cli {

/// An option of a command: a row of the table that is parsed by, and that the help is made of.
struct Option {
    std::string name;    ///< `--stride`
    std::string kind;    ///< what its value looks like, `2|2x1`; empty for a flag
    std::string meaning; ///< a sentence or two
    std::string heading; ///< under which it is listed
    std::variant<std::optional<std::string>*, bool*> target;

    bool is_flag() const { return std::holds_alternative<bool*>(target); }
};

} // namespace convmat::cli
