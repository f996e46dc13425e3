#include "blame.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace convmat::cli {
namespace {

// What a message about a geometry begins with, and the option that states it; the longer beginnings come first.
struct Culprit {
    std::string_view beginning;
    std::string_view option;
};

constexpr std::array<Culprit, 18> culprits = {{{"output padding", "--output-padding"},
                                               {"output size", "--output-size"},

                                               {"kernel", "--kernel-size"},
                                               {"number of kernel positions", "--kernel-size"},
                                               {"number of weights", "--kernel-size"},
                                               {"stride", "--stride"},
                                               {"lhs_dilation", "--lhs-dilation"},
                                               {"origin", "--origin"},
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

namespace {

// What a terminal would act on, as text: \x1b. C1 controls, which UTF-8 writes as C2 80 ... C2 9F, too.
std::string with_controls_escaped(const std::string& message) {
    std::string text;
    unsigned char before = 0;
    for (const char c : message) {
        const auto byte = static_cast<unsigned char>(c);
        const bool c1 = before == 0xC2 && byte >= 0x80 && byte <= 0x9F;
        if (c1) text.pop_back();
        if (byte < 0x20 || byte == 0x7F || c1)
            text += fmt::format("\\x{:02x}", byte);
        else
            text += c;
        before = byte;
    }
    return text;
}

} // namespace

std::string one_line(std::string message) {
    while (!message.empty() && (message.back() == '\n' || message.back() == ' ')) message.pop_back();
    std::ranges::replace_if(
        message, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    constexpr std::string_view comma = ", expected ";
    const auto at = message.rfind(comma);
    if (at != std::string::npos && message.find(": expected ") == std::string::npos)
        message.replace(at, comma.size(), ": expected ");
    return with_controls_escaped(message);
}

} // namespace convmat::cli
