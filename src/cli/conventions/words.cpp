#include "words.hpp"

#include <algorithm>
#include <cctype>

#include <convmat/geometry/conventions/convention_layer.hpp>

#include "../error.hpp"

namespace convmat::cli {
namespace {

Form form_of(const LayerDescription& description) {
    return description.transposed.value_or(false) ? Form::transpose : Form::matrix;
}

} // namespace

std::string lower_case(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    return result;
}

Words::Words(const LayerDescription& description)
    : d_(description),
      wording_(description.convention->wording(form_of(description))) {
    refuse_list(Feature::origin, "--origin", d_.origin);
    refuse_list(Feature::lhs_dilation, "--lhs-dilation", d_.lhs_dilation);
    refuse_list(Feature::output_padding, "--output-padding", d_.output_padding);
    refuse_list(Feature::output_size, "--output-size", d_.output_size);
    if (!wording_.has(Feature::boundary)) refuse_boundary();
    refuse_list(Feature::stride, "--stride", d_.stride);
    refuse_list(Feature::dilation, "--dilation", d_.dilation);
    if (!wording_.has(Feature::channels)) refuse_channels();
}

void Words::refuse(const char* option, const std::string& value, const std::string& expected,
                   const std::string& hint) const {
    throw InputError(option, value, concat(expected, " with --convention ", d_.convention->name, hint));
}

void Words::refuse_list(Feature feature, const char* option, const Shape& list) const {
    if (!list.empty() && !wording_.has(feature)) refuse(option, to_string(list), "no such option");
}

void Words::refuse_boundary() const {
    if (d_.boundary_text && lower_case(*d_.boundary_text) != "zero")
        refuse("--boundary", *d_.boundary_text, "zero, the only one there is");
}

void Words::refuse_channels() const {
    if (d_.groups != d_.in_channels || d_.out_channels != d_.in_channels)
        refuse("--groups", concat(*d_.groups, " for ", *d_.in_channels, " -> ", *d_.out_channels, " channels"),
               "neither groups nor output channels, each channel by itself,");
}

std::string Words::padding() const { return d_.padding_text.value_or(std::string(wording_.padding)); }

std::vector<Padding> Words::padding_pairs(const std::string& text, const std::string& expected) const {
    const bool numbers = text.find_first_of("0123456789") != std::string::npos;
    if (!numbers) refuse("--padding", text, expected);
    return repeated(std::get<std::vector<Padding>>(parse_padding("--padding", text)), d_.kernel.size());
}

Shape Words::padding_numbers(const std::string& text, const std::string& expected) const {
    Shape numbers;
    for (const Padding& pair : padding_pairs(text, expected)) {
        if (pair.begin != pair.end) refuse("--padding", text, "the same padding at both ends");
        numbers.push_back(pair.begin);
    }
    return numbers;
}

Index Words::multiplier() const {
    const Index in = *d_.in_channels;
    if (*d_.groups != in || *d_.out_channels % in != 0)
        refuse("--out-channels", concat(*d_.out_channels, " in ", *d_.groups, " groups"),
               concat("a multiple of the ", in, " input channels, and so many groups,"));
    return *d_.out_channels / in;
}

void Words::refuse_groups() const {
    if (*d_.groups != 1) refuse("--groups", concat(*d_.groups), "no groups, which this layer does not have,");
}

ConventionLayer read_as_layer(const LayerDescription& description) {
    const Words words(description);
    return description.convention->wording(form_of(description)).read(words);
}

} // namespace convmat::cli
