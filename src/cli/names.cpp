#include "names.hpp"

#include <algorithm>
#include <cctype>

namespace convmat::cli {
namespace {

std::string folded(std::string_view text) {
    std::string letters(text);
    std::ranges::transform(letters, letters.begin(), [](char c) {
        return c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return letters;
}

// Letters put in, left out, changed, or swapped with the next one.
std::size_t edits(const std::string& a, const std::string& b) {
    std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = last;
        last = row;
    }
    return last[b.size()];
}

} // namespace

std::string nearest(std::string_view text, const std::vector<std::string>& names) {
    constexpr std::size_t longest = 64; // no name is near to what is longer
    if (text.size() < 2 || text.size() > longest) return {};
    const std::string meant = folded(text);
    std::string best;
    std::size_t fewest = 0;
    for (const std::string& name : names) {
        const std::string known = folded(name);
        const std::size_t letters = known.size() - std::min(known.find_first_not_of('-'), known.size());
        const bool begun = meant.size() >= 4 && known.starts_with(meant);
        const std::size_t far = begun ? 1 : edits(meant, known);
        if (far > std::max<std::size_t>(1, letters / 3) || far >= letters) continue;
        if (!best.empty() && far >= fewest) continue;
        best = name;
        fewest = far;
    }
    return best;
}

std::string did_you_mean(std::string_view text, const std::vector<std::string>& names) {
    const std::string name = nearest(text, names);
    return name.empty() ? "" : "; did you mean " + name + "?";
}

std::string one_of(std::string_view text, const std::vector<std::string>& names) {
    std::string list = "one of ";
    for (const std::string& name : names) list += (&name == &names.front() ? "" : ", ") + name;
    return list + did_you_mean(text, names);
}

} // namespace convmat::cli
