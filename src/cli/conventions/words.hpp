#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../layer_description.hpp"
#include "../names.hpp"

namespace convmat::cli {

/// What an option may say in a system's words, and what each word means.
template <class Value>
using WordList = std::vector<std::pair<std::string_view, Value>>;

/// In small letters.
std::string lower_case(std::string_view text);

/// The value of a name, in whatever case; null for another text.
template <class Value>
const Value* find(const WordList<Value>& names, std::string_view text) {
    for (const auto& [name, value] : names)
        if (lower_case(text) == name) return &value;
    return nullptr;
}

template <class Value>
std::string listed(const WordList<Value>& names) {
    std::string text;
    for (const auto& name : names) text.append(text.empty() ? "" : ", ").append(name.first);
    return text;
}

template <class Value>
std::string did_you_mean(std::string_view text, const WordList<Value>& names) {
    std::vector<std::string> known;
    for (const auto& name : names) known.emplace_back(name.first);
    return did_you_mean(text, known);
}

/// One value is the same for each of `rank` axes, also where the system itself wants them all.
template <class Value>
std::vector<Value> repeated(const std::vector<Value>& list, std::size_t rank) {
    return list.size() == 1 ? std::vector<Value>(rank, list.front()) : list;
}

/// What was said of a layer, as words of the description's convention, for the functions that read them.
class Words {
  public:
    /// Throws InputError where the system lacks the layer, or an option that was given.
    explicit Words(const LayerDescription& description);

    const LayerDescription& description() const { return d_; }

    /// A list of the description, for every axis.
    Shape axes(const Shape& list) const { return repeated(list, d_.kernel.size()); }

    /// --padding as it was given, or the system's default.
    std::string padding() const;

    /// A padding in numbers: 1, 1x2, 1:2x0:1; `expected` says what else it may be.
    std::vector<Padding> padding_pairs(const std::string& text, const std::string& expected = "numbers") const;

    /// The same, which is to be alike at both ends.
    Shape padding_numbers(const std::string& text, const std::string& expected = "numbers") const;

    /// The value of one of the names; refuses another text.
    template <class Value>
    Value named(const char* option, const std::string& text, const WordList<Value>& names) const {
        if (const Value* value = find(names, text)) return *value;
        refuse(option, text, listed(names), did_you_mean(text, names));
    }

    /// The output channels for each input channel of a depthwise layer.
    Index multiplier() const;

    void refuse_groups() const;

    /// `<option>: <value>: expected <expected> with --convention <name><hint>`
    [[noreturn]] void refuse(const char* option, const std::string& value, const std::string& expected,
                             const std::string& hint = {}) const;

  private:
    void refuse_list(Feature feature, const char* option, const Shape& list) const;
    void refuse_boundary() const;
    void refuse_channels() const;

    const LayerDescription& d_;
    const Wording& wording_;
};

} // namespace convmat::cli
