#include "terminal.hpp"

#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

#include <sys/ioctl.h>
#include <unistd.h>

namespace convmat::cli {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 60> spellings = {{
    {"⊗", "(x)"},     {"±", "+-"},     {"ω", "w"},      {"λ", "lambda"}, {"²", "^2"},   {"³", "^3"}, {"σ", "sigma"},
    {"Π", "P"},       {"μ", "mu"},     {"Σ", "sum"},    {"·", "*"},      {"∘", "o"},    {"ρ", "r"},  {"θ", "theta"},
    {"δ", "delta"},   {"│", "|"},      {"ᵀ", "^T"},     {"★", "*"},      {"β", "beta"}, {"×", "x"},  {"↑", "^"},
    {"…", "..."},     {"κ", "kappa"},  {"≠", "!="},     {"₁", "_1"},     {"₂", "_2"},   {"₃", "_3"}, {"₄", "_4"},
    {"₅", "_5"},      {"₆", "_6"},     {"₇", "_7"},     {"₈", "_8"},     {"₉", "_9"},   {"₀", "_0"}, {"τ", "tau"},
    {"ε", "epsilon"}, {"φ", "phi"},    {"α", "alpha"},  {"≤", "<="},     {"≥", ">="},   {"∪", "u"},  {"∏", "prod"},
    {"←", "<-"},      {"Λ", "Lambda"}, {"Θ", "Theta"},  {"ŷ", "y^"},     {"ö", "o"},    {"ò", "o"},  {"→", "->"},
    {"⌊", "floor("},  {"⌋", ")"},      {"⌈", "ceil("},  {"⌉", ")"},      {"‖", "||"},   {"−", "-"},  {"ᴴ", "^H"},
    {"⁺", "^+"},      {"ŵ", "w^"},     {"\u0302", "^"}, {"∞", "inf"},
}};

} // namespace

std::size_t text_columns() {
    if (const char* stated = std::getenv("COLUMNS")) {
        const std::string_view text = stated;
        std::size_t columns = 0;
        const auto end = std::from_chars(text.data(), text.data() + text.size(), columns).ptr;
        if (end == text.data() + text.size() && columns > 0) return columns;
    }
    winsize size = {};
    const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

bool locale_is_unicode() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const char* value = std::getenv(name);
        if (value == nullptr || *value == '\0') continue;
        const std::string_view locale = value;
        return locale.find("UTF-8") != locale.npos || locale.find("utf8") != locale.npos;
    }
    return false;
}

std::string in_ascii(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const bool ascii = static_cast<unsigned char>(text.front()) < 0x80;
        std::size_t taken = 1;
        std::string_view spelled = text.substr(0, 1);
        for (std::size_t i = 0; !ascii && i < spellings.size(); ++i)
            if (text.starts_with(spellings[i].first)) {
                taken = spellings[i].first.size();
                spelled = spellings[i].second;
                break;
            }
        result += spelled;
        text.remove_prefix(taken);
    }
    return result;
}

} // namespace convmat::cli
