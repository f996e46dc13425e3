#include "blame.hpp"

#include <algorithm>
#include <array>
#include <new>

#include <fmt/format.h>

namespace convmat::cli {
namespace {

struct Stated {
    std::string_view parameter;
    std::string_view option;
};

constexpr std::array<Stated, 28> parameters = {{{"input", "--input"},
                                                {"in_channels", "--input"},
                                                {"out_channels", "--out-channels"},
                                                {"kernel", "--kernel-size"},
                                                {"rhs_spec", "--kernel-size"},
                                                {"groups", "--groups"},
                                                {"stride", "--stride"},
                                                {"dilation", "--dilation"},
                                                {"lhs_dilation", "--lhs-dilation"},
                                                {"padding", "--padding"},
                                                {"auto_pad", "--padding"},
                                                {"boundary", "--boundary"},
                                                {"fillvalue", "--boundary"},
                                                {"cval", "--boundary"},
                                                {"origin", "--origin"},
                                                {"output_padding", "--output-padding"},
                                                {"output_size", "--output-size"},
                                                {"x", "--x"},
                                                {"y", "--y"},
                                                {"lambda", "--lambda"},
                                                {"noise", "--lambda"}, // of the discrepancy principle
                                                {"penalty", "--penalty"},
                                                {"preconditioner", "--preconditioner"},
                                                {"method", "--method"},
                                                {"tolerance", "--tolerance"},
                                                {"rank_tolerance", "--rank-tolerance"},
                                                {"most_steps", "--most-steps"},
                                                {"most_memory", "--memory"}}};

constexpr std::string_view several = "layer size"; // where no single option made it too large

std::string line_of(std::string_view name, std::string_view found, std::string_view expected) {
    return concat(name, name.empty() ? "" : ": ", found, ": expected ", expected);
}

std::string line_of(const Error& error) {
    const Fault& fault = error.fault();
    const std::string_view option = option_of(fault.parameter);
    if (dynamic_cast<const SizeError*>(&error) != nullptr)
        return line_of(option.empty() ? several : option, found_in(fault),
                       fault.sentence.empty() ? fault.expected : "a smaller layer");
    const bool named = dynamic_cast<const InputError*>(&error) != nullptr || //
                       dynamic_cast<const FileError*>(&error) != nullptr;
    return named ? line_of(fault.parameter, fault.value, fault.expected)
                 : line_of(option, found_in(fault), fault.expected);
}

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

std::string_view option_of(std::string_view parameter) {
    const auto* const found = std::ranges::find(parameters, parameter, &Stated::parameter);
    return found == parameters.end() ? std::string_view() : found->option;
}

std::string stated_by(std::string_view option, const LayerDescription& description) {
    const bool by_option = std::ranges::find(description.options, option) != description.options.end();
    if (!by_option && option == "--input" && !description.read_by.empty()) return description.read_by;
    return std::string(by_option || description.source.empty() ? option : description.source);
}

InputError blamed(const Error& error, std::string_view otherwise, const LayerDescription& description) {
    const Fault& fault = error.fault();
    const std::string_view option = option_of(fault.parameter);
    return {stated_by(option.empty() ? several : option, description), found_in(fault),
            fault.sentence.empty() ? fault.expected : otherwise};
}

std::string one_line(const std::exception& error) {
    std::string line = error.what();
    const auto* const known = dynamic_cast<const Error*>(&error);
    if (known != nullptr) line = line_of(*known);
    if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr)
        line = line_of("memory", "not enough", "more for a layer of this size");
    while (!line.empty() && (line.back() == '\n' || line.back() == ' ')) line.pop_back();
    std::ranges::replace_if(
        line, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return with_controls_escaped(line);
}

} // namespace convmat::cli
