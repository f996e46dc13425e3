#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace convmat::cli {

/// What follows the command's name on the command line.
using Arguments = std::vector<std::string>;

/// The options of one command. Values stay text here: the parsers of extents.hpp say what is wrong with one.
class CommandLine {
  public:
    CommandLine(const std::string& command, const std::string& summary, const std::string& example);
    ~CommandLine();
    CommandLine(const CommandLine&) = delete;
    CommandLine& operator=(const CommandLine&) = delete;

    /// From here on options are listed under this heading.
    void heading(const std::string& text) { heading_ = text; }

    void text(const std::string& option, const std::string& kind, std::optional<std::string>& target,
              const std::string& meaning);
    void flag(const std::string& option, bool& target, const std::string& meaning);

    /// False when help was asked for; it has been printed then. Throws InputError for anything it does not know.
    [[nodiscard]] bool parse(Arguments arguments);

  private:
    std::unique_ptr<CLI::App> app_;
    std::string command_;
    std::string heading_ = "Options";
};

/// The value of an option that must be there; throws InputError saying what was expected.
const std::string& required(const std::string& option, const std::optional<std::string>& value,
                            const std::string& expected);

} // namespace convmat::cli
