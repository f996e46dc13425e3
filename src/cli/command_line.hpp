#pragma once

#include <optional>
#include <string>
#include <vector>

#include "option.hpp"

namespace convmat::cli {

/// What follows the command's name on the command line.
using Arguments = std::vector<std::string>;

/// The options of one command. Values stay text here: the parsers of extents.hpp say what is wrong with one.
class CommandLine {
  public:
    explicit CommandLine(CommandSummary summary) : summary_(std::move(summary)) {}

    /// From here on options are listed under this heading.
    void heading(std::string_view text) { heading_ = text; }

    using Text = std::optional<std::string>;

    /// An option with a value, one of the words where these are all it can be.
    void text(const std::string& option, const std::string& kind, Text& target, const std::string& meaning,
              std::vector<std::string> words = {});
    void flag(const std::string& option, bool& target, const std::string& meaning);

    // A file that is read, or written: `-` becomes /dev/stdin, or /dev/stdout.
    void input(const std::string& option, const std::string& kind, Text& target, const std::string& meaning,
               std::vector<std::string> words = {});
    void output(const std::string& option, const std::string& kind, Text& target, const std::string& meaning);

    /// Reads `--name value`, `--name=value` and flags into their targets. The argument after a `--name` is its value
    /// whatever it looks like, so that -1 needs no quotes; an empty one after `=` is not given. False when help was
    /// asked for, by --help or -h anywhere; it has been printed then. Throws InputError for anything it does not know.
    [[nodiscard]] bool parse(const Arguments& arguments);

    const CommandSummary& summary() const { return summary_; }
    const std::vector<Option>& options() const { return options_; }

  private:
    // What was found: the values of each option of the table, and what is none.
    struct Found {
        std::vector<std::vector<std::string>> values;
        std::vector<std::string> strangers;
        bool help_with_value = false;
    };

    Found read(const Arguments& arguments) const;
    void refuse_stranger(const std::string& stranger) const;
    void read_streams();

    CommandSummary summary_;
    std::vector<Option> options_;
    std::string heading_ = "Options";
};

/// The value of an option that must be there; throws InputError saying what was expected.
const std::string& required(const std::string& option, const std::optional<std::string>& value,
                            const std::string& expected);

} // namespace convmat::cli
