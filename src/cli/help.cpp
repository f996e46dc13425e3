#include "help.hpp"

#include <algorithm>

#include "layout.hpp"

namespace convmat::cli {
namespace {

// Lines of more columns are hard to read, of fewer there is no room for words.
std::size_t sensible(std::size_t width) { return std::clamp<std::size_t>(width, 30, 100); }

// Beside the name where there is room for both, else below it.
std::string entry(const std::string& name, const std::string& meaning, std::size_t width) {
    constexpr std::size_t beside = 26, below = 6;
    if (width < 72) return "  " + name + "\n" + wrapped(meaning, width, std::string(below, ' '), below);
    std::string first = "  " + name;
    if (columns_of(first) + 2 > beside) return first + "\n" + wrapped(meaning, width, std::string(beside, ' '), beside);
    first.resize(beside, ' ');
    return wrapped(meaning, width, first, beside);
}

std::vector<std::string> headings_of(const std::vector<Option>& options) {
    std::vector<std::string> headings = {"Options"};
    for (const Option& option : options)
        if (std::ranges::find(headings, option.heading) == headings.end()) headings.push_back(option.heading);
    return headings;
}

std::string options_in_full(const std::vector<Option>& options, std::string_view heading, std::size_t width) {
    std::string text;
    for (const Option& option : options)
        if (option.heading == heading) text += entry(option.synopsis(), option.meaning, width);
    return text;
}

// As many to a line as fit.
std::string options_by_name(const std::vector<Option>& options, std::string_view heading, std::size_t width) {
    std::string text;
    std::string line;
    for (const Option& option : options) {
        if (option.heading != heading) continue;
        const std::string synopsis = option.synopsis();
        if (!line.empty() && columns_of(line) + 3 + columns_of(synopsis) > width) {
            text += line + "\n";
            line.clear();
        }
        line += (line.empty() ? "  " : "   ") + synopsis;
    }
    return text + line + "\n";
}

std::string options_part(const std::vector<Option>& options, std::size_t width) {
    std::string text;
    for (const std::string& heading : headings_of(options)) {
        if (heading == layer_heading) continue;
        text += "\n" + wrapped(heading + ":", width);
        if (heading == "Options") text += entry("-h, --help", "Print this help and exit", width);
        text += options_in_full(options, heading, width);
    }
    if (std::ranges::find(options, layer_heading, &Option::heading) == options.end()) return text;
    return text + "\n" + wrapped(std::string(layer_heading) + " ('convmat help layer' explains each):", width) +
           options_by_name(options, layer_heading, width);
}

struct Entry {
    const char* name;
    const char* meaning;
};

constexpr Entry kernels[] = {
    {"0,1;2,3", "Numbers: rows between ';', blanks as you like; 1,2,1 has one axis. Quote it: a shell cuts at ';'"},
    {"[[0,1],[2,3]]", "The same as lists, with as many axes as they are deep: [[1,2,1]] is 1x3"},
    {"box:3", "The mean. One extent stands for all axes of the input (3 for 1-D, else 3x3); box:3x5, box:3x3x3"},
    {"gaussian:5:1.2", "Extent and sigma, in pixels; sum 1"},
    {"binomial:5", "1 4 6 4 1 along each axis; sum 1"},
    {"bilinear:4", "The tent that interpolates by 2"},
    {"delta:3", "1 in the middle"},
    {"motion:9:45", "A line of 9 pixels at 45 degrees; sum 1"},
    {"laplacian, sobel-x, sobel-y", "3x3, integers"},
    {"w.npy", "A file of shape (out, in/groups, k...), or of spatial axes alone; - is standard input"},
};

constexpr Entry boundaries[] = {
    {"zero", "0 0|a b c d|0 0: constant, fill, zeros elsewhere"},
    {"periodic", "c d|a b c d|a b: wrap, circular"},
    {"half_symmetric", "b a|a b c d|d c: symmetric (NumPy, MATLAB), symm, reflect of SciPy's ndimage"},
    {"whole_symmetric", "c b|a b c d|c b: reflect (NumPy, PyTorch), mirror of SciPy's ndimage"},
    {"replicate", "a a|a b c d|d d: edge (NumPy), nearest of SciPy's ndimage"},
    {"antireflective", "As whole_symmetric, but turned about the edge's value, so that straight lines go on"},
};

constexpr std::string_view layer_file = R"(  {"in_channels": 3, "out_channels": 16, "groups": 1,
   "input": [64, 64], "kernel": [3, 3],
   "stride": [2, 2], "dilation": [1, 1],
   "padding": [[1, 1], [1, 1]],
   "boundary": ["zero", "zero"],
   "transposed": false}
)";

template <std::size_t count>
std::string table(const char* heading, const Entry (&entries)[count], std::size_t width) {
    std::string text = "\n" + std::string(heading) + ":\n";
    for (const Entry& row : entries) text += entry(row.name, row.meaning, width);
    return text;
}

} // namespace

std::string help_page(const CommandSummary& summary, const std::vector<Option>& options, std::size_t width) {
    width = sensible(width);
    std::string text = wrapped("convmat " + summary.name + ": " + summary.text, width) + "\nExample:\n";
    for (const std::string& example : summary.examples) text += wrapped_command(example, width);
    text += "\nUsage: convmat " + summary.name + " [OPTIONS]\n" + options_part(options, width) + "\n";
    return text +
           wrapped("Exit codes: 0 done; 1 a check failed or an iteration did not converge; 2 bad input or usage, "
                   "with one line on standard error that names the option or file, the value and what was "
                   "expected, and no output file touched.",
                   width);
}

std::string layer_page(const std::vector<Option>& options, std::size_t width) {
    width = sensible(width);
    std::string text = wrapped("How a layer is described, to every command that reads one.", width) + "\nExample:\n" +
                       wrapped_command("convmat info --input 3x64x64 --kernel-size 3x3 --out-channels 16 --stride 2 "
                                       "--padding 1",
                                       width) +
                       wrapped_command("convmat build --input 64x64 --kernel gaussian:5:1.2 --padding same "
                                       "--out W.npz",
                                       width);
    text += "\n" + std::string(layer_heading) + ":\n" + options_in_full(options, layer_heading, width);
    text += table("What --kernel takes", kernels, width) + table("What --boundary takes", boundaries, width);
    return text + "\n" + wrapped("What --layer reads, a file such as", width) + std::string(layer_file) +
           wrapped("Only input is needed; a number stands for all axes, padding also takes same and its like, and a "
                   "transposed layer output_padding or output_size.",
                   width);
}

} // namespace convmat::cli
