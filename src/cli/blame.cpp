#include "blame.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace convmat::cli {
namespace {

// What a message about a geometry begins with, and the option that states it; the longer beginnings come first.
struct Culprit {
    std::string_view beginning;
    std::string_view option;
};

constexpr std::array<Culprit, 16> culprits = {{{"output padding", "--output-padding"},
                                               {"output size", "--output-size"},

                                               {"kernel", "--kernel-size"},
                                               {"number of kernel positions", "--kernel-size"},
                                               {"number of weights", "--kernel-size"},
                                               {"stride", "--stride"},
                                               {"dilation", "--dilation"},
                                               {"padding", "--padding"},
                                               {"padded", "--padding"},
                                               {"antireflective", "--padding"},
                                               {"boundary", "--boundary"},
                                               {"groups", "--groups"},
                                               {"effective kernel", "--dilation"},
                                               {"number of output positions", "layer size"}, // several may be too large
                                               {"rows of W", "layer size"},
                                               {"", "--input"}}};

std::string_view option_of(std::string_view message) {
    return std::ranges::find_if(culprits, [&](const Culprit& c) { return message.starts_with(c.beginning); })->option;
}

} // namespace

std::string stated_by(std::string_view option, const LayerDescription& description) {
    const bool by_option = std::ranges::find(description.options, option) != description.options.end();
    if (!by_option && option == "--input" && description.reads_x) return "--x";
    return std::string(by_option || description.source.empty() ? option : description.source);
}

InputError blamed(const std::string& message, std::string_view expected, const LayerDescription& description) {
    const bool says_expected = message.find("expected") != std::string::npos;
    return InputError(concat(stated_by(option_of(message), description), ": ", message,
                             says_expected ? "" : concat(", expected ", expected)));
}

std::string one_line(std::string message) {
    while (!message.empty() && (message.back() == '\n' || message.back() == ' ')) message.pop_back();
    std::ranges::replace_if(
        message, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    constexpr std::string_view comma = ", expected ";
    const auto at = message.rfind(comma);
    if (at != std::string::npos && message.find(": expected ") == std::string::npos)
        message.replace(at, comma.size(), ": expected ");
    return message;
}

} // namespace convmat::cli
