#include "convention.hpp"

#include <algorithm>
#include <iterator>

#include "conventions/systems.hpp"
#include "error.hpp"
#include "names.hpp"

namespace convmat::cli {
namespace {

std::string_view word_of_axis(char letter) {
    switch (letter) {
    case 'O':
        return "out";
    case 'o':
        return "out/groups";
    case 'I':
        return "in";
    case 'i':
        return "in/groups";
    case 'g':
        return "groups";
    case 'M':
        return "multiplier";
    default:
        return "k...";
    }
}

std::vector<Convention> rows_of_all_systems() {
    std::vector<Convention> table;
    for (const auto& rows_of : systems) std::ranges::copy(rows_of(), std::back_inserter(table));
    return table;
}

} // namespace

bool Wording::has(Feature feature) const { return std::ranges::find(features, feature) != features.end(); }

std::string_view Wording::letters(bool with_groups) const {
    return with_groups && !weights_with_groups.empty() ? weights_with_groups : weights;
}

const Wording& Convention::wording(Form form) const {
    const Wording& words = form == Form::matrix ? convolution : transposed;
    if (words.weights.empty())
        throw InputError("--convention", name,
                         form == Form::matrix ? "--transposed with it"
                                              : "no --transposed with it: it has no such layer");
    return words;
}

const std::vector<Convention>& conventions() {
    static const std::vector<Convention> table = rows_of_all_systems();
    return table;
}

const Convention& parse_convention(std::string_view name, std::string_view text) {
    for (const Convention& row : conventions())
        if (text == row.name || (!row.other_name.empty() && text == row.other_name)) return row;
    throw InputError(name, text, one_of(text, all_convention_names()));
}

std::vector<std::string> all_convention_names() {
    std::vector<std::string> names;
    for (const Convention& row : conventions())
        for (const std::string_view known : {row.name, row.other_name})
            if (!known.empty()) names.emplace_back(known);
    return names;
}

std::string convention_names() {
    std::string names;
    for (const Convention& row : conventions()) {
        names += concat(names.empty() ? "" : " ", row.name, row.is_own ? " (default)" : "");
        if (!row.other_name.empty() && !row.other_name.starts_with(concat(row.name, "-")))
            names += concat(" ", row.other_name);
    }
    return names;
}

std::string weight_axes(std::string_view letters) {
    std::string text;
    for (const char letter : letters) text += concat(text.empty() ? "(" : ", ", word_of_axis(letter));
    return text + ")";
}

} // namespace convmat::cli
