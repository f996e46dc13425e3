#include "manual.hpp"

#include <convmat/base/version.hpp>

namespace convmat::cli {
namespace {

// Text as roff takes it: a hyphen that can be typed, no escapes, no request at the beginning of a line.
std::string roff(std::string_view text) {
    std::string escaped;
    if (text.starts_with('.') || text.starts_with('\'')) escaped = "\\&";
    for (const char c : text) {
        if (c == '\\')
            escaped += "\\e";
        else if (c == '-')
            escaped += "\\-";
        else if (c == '\'')
            escaped += "\\(aq";
        else if (c == '^')
            escaped += "\\(ha";
        else if (c == '~')
            escaped += "\\(ti";
        else
            escaped += c;
    }
    return escaped;
}

std::string entry_of(const Option& option) {
    const std::string kind = option.is_flag() ? "" : " " + roff(option.kind);
    return ".TP\n\\fB" + roff(option.name) + "\\fR" + kind + "\n" + roff(option.meaning) + "\n";
}

std::string examples_of(const CommandSummary& summary) {
    std::string text;
    for (const std::string& example : summary.examples) text += ".PP\n.nf\n" + roff(example) + "\n.fi\n";
    return text;
}

std::string section_of(const CommandLine& command) {
    const CommandSummary& summary = command.summary();
    std::string text = ".SS convmat " + summary.name + "\n" + roff(summary.text) + "\n" + examples_of(summary);
    for (const Option& option : command.options())
        if (option.heading != layer_heading) text += entry_of(option);
    return text;
}

std::string layer_of(const CommandLine& command) {
    std::string text;
    for (const Option& option : command.options())
        if (option.heading == layer_heading) text += entry_of(option);
    return text;
}

} // namespace

std::string manual_page(const std::vector<CommandLine>& commands) {
    std::string text =
        ".TH CONVMAT 1 \"\" \"convmat " CONVMAT_VERSION "\" \"User Commands\"\n"
        ".SH NAME\nconvmat \\- a convolution is a sparse matrix\n"
        ".SH SYNOPSIS\n\\fBconvmat\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n.br\n"
        "\\fBconvmat help\\fR [\\fICOMMAND\\fR|\\fBlayer\\fR]\n"
        ".SH DESCRIPTION\nBuilds the sparse matrix W of a convolution, vec(Y) = W vec(X), applies it, and "
        "answers questions about it. A file named \\- is standard input or output.\n.SH COMMANDS\n";
    for (const CommandLine& command : commands) text += section_of(command);
    text += ".SH THE LAYER\nOptions of every command that reads a layer; \\fBconvmat help layer\\fR has examples.\n" +
            layer_of(commands.front());
    return text + ".SH EXIT STATUS\n.TP\n0\nDone.\n.TP\n1\nA check failed, or an iteration did not converge.\n"
                  ".TP\n2\nBad input or usage, with one line on standard error that names the option or file, the "
                  "value and what was expected; no output file is touched.\n"
                  ".SH ENVIRONMENT\n.TP\nCOLUMNS\nThe width of the help, where it is set.\n"
                  ".TP\nNO_COLOR\nNo colours in a terminal, where it is set.\n";
}

} // namespace convmat::cli
