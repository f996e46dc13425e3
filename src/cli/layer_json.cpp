#include "layer_description.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <utility>

#include <nlohmann/json.hpp>

#include "error.hpp"

namespace convmat::cli {
namespace {

using ParsedJson = nlohmann::json;

// So much of a value as a message can show; not cut inside a character of several bytes.
std::string shortened(std::string text) {
    constexpr std::size_t most = 60;
    if (text.size() <= most) return text;
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end) + "...";
}

// A value of the file and the name that an error about it shows: `layer.json: stride`.
struct Entry {
    const ParsedJson& value;
    std::string name;

    [[noreturn]] void refuse(std::string_view expected) const {
        throw InputError(name, shortened(value.dump(-1, ' ', true, ParsedJson::error_handler_t::replace)), expected);
    }
};

Index integer(const Entry& entry, std::string_view expected = "a 64-bit integer") {
    const bool too_big =
        entry.value.is_number_unsigned() && entry.value.get<std::uint64_t>() > std::uint64_t{INT64_MAX};
    if (!entry.value.is_number_integer() || too_big) entry.refuse(expected);
    return entry.value.get<Index>();
}

bool truth(const Entry& entry) {
    if (!entry.value.is_boolean()) entry.refuse("true or false");
    return entry.value.get<bool>();
}

Shape integers(const Entry& entry) {
    constexpr std::string_view expected = "a list of 64-bit integers, one for each spatial axis";
    if (entry.value.is_number()) return {integer(entry, expected)};
    if (!entry.value.is_array() || entry.value.empty()) entry.refuse(expected);
    Shape list;
    for (const ParsedJson& item : entry.value) {
        if (!item.is_number_integer()) entry.refuse(expected);
        list.push_back(integer({item, entry.name}));
    }
    return list;
}

PaddingChoice padding(const Entry& entry) {
    constexpr std::string_view expected = "64-bit integers or [begin, end] pairs of them, one for each spatial axis, "
                                          "or valid, full, same, same_upper, same_lower";
    if (entry.value.is_string()) return parse_padding_rule(entry.name, shortened(entry.value.get<std::string>()));
    if (entry.value.is_number()) {
        const Index both = integer(entry, expected);
        return std::vector<Padding>{{both, both}};
    }
    if (!entry.value.is_array() || entry.value.empty()) entry.refuse(expected);
    std::vector<Padding> list;
    for (const ParsedJson& item : entry.value) {
        const bool pair = item.is_array() && item.size() == 2;
        if (!pair && !item.is_number_integer()) entry.refuse(expected);
        list.push_back({integer({pair ? item[0] : item, entry.name}), integer({pair ? item[1] : item, entry.name})});
    }
    return list;
}

std::vector<Boundary> boundaries(const Entry& entry) {
    if (entry.value.is_string()) return {parse_boundary(entry.name, shortened(entry.value.get<std::string>()))};
    if (!entry.value.is_array() || entry.value.empty()) entry.refuse("a name, or a list of them, one for each axis");
    std::vector<Boundary> list;
    for (const ParsedJson& item : entry.value) {
        if (!item.is_string()) entry.refuse("a name, or a list of them, one for each axis");
        list.push_back(parse_boundary(entry.name, shortened(item.get<std::string>())));
    }
    return list;
}

using Reader = std::function<void(LayerDescription&, const Entry&)>;

const std::vector<std::pair<std::string, Reader>>& readers() {
    using D = LayerDescription;
    static const std::vector<std::pair<std::string, Reader>> table = {
        {"in_channels", [](D& d, const Entry& e) { d.in_channels = integer(e); }},
        {"out_channels", [](D& d, const Entry& e) { d.out_channels = integer(e); }},
        {"groups", [](D& d, const Entry& e) { d.groups = integer(e); }},
        {"input", [](D& d, const Entry& e) { d.input = integers(e); }},
        {"kernel", [](D& d, const Entry& e) { d.kernel = integers(e); }},
        {"stride", [](D& d, const Entry& e) { d.stride = integers(e); }},
        {"dilation", [](D& d, const Entry& e) { d.dilation = integers(e); }},
        {"padding", [](D& d, const Entry& e) { d.padding = padding(e); }},
        {"boundary", [](D& d, const Entry& e) { d.boundary = boundaries(e); }},
        {"transposed", [](D& d, const Entry& e) { d.transposed = truth(e); }},
        {"output_padding", [](D& d, const Entry& e) { d.output_padding = integers(e); }},
        {"output_size", [](D& d, const Entry& e) { d.output_size = integers(e); }},
    };
    return table;
}

void read_key(LayerDescription& layer, const std::string& path, const std::string& key, const ParsedJson& value) {
    std::string known;
    for (const auto& reader : readers()) {
        if (reader.first == key) return reader.second(layer, {value, path + ": " + key});
        known += (known.empty() ? "" : ", ") + reader.first;
    }
    throw InputError(path, "unknown key \"" + shortened(key) + "\"", "only " + known);
}

std::string read_text(const std::string& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) throw InputError("--layer", path, "a JSON file, not a directory");
    std::ifstream file(path, std::ios::binary);
    if (!file) throw InputError("--layer", path, "a JSON file that can be read");
    return {std::istreambuf_iterator<char>(file), {}};
}

// Refuses a key that is stated twice: JSON readers differ in which of the two counts. And what is nested deeper than
// any layer is, before anything recurses into it.
ParsedJson parse(const std::string& path, const std::string& text) {
    std::vector<std::string> seen;
    const ParsedJson::parser_callback_t callback = [&](int depth, ParsedJson::parse_event_t event, ParsedJson& value) {
        constexpr int deepest = 8;
        if (depth > deepest)
            throw InputError(path, concat("nested deeper than ", deepest), "lists of numbers or pairs");
        if (depth == 1 && event == ParsedJson::parse_event_t::key) {
            for (const std::string& key : seen)
                if (key == value)
                    throw InputError(path, "key \"" + shortened(key) + "\" is there twice", "each key once");
            seen.push_back(value.get<std::string>());
        }
        return true;
    };
    constexpr std::string_view expected = "an object such as {\"input\": [64, 64]}";
    const auto zero = text.find('\0'); // where the parser would take the text to end
    if (zero != std::string::npos) throw InputError(path, concat("not JSON at byte ", zero + 1), expected);
    try {
        return ParsedJson::parse(text, callback);
    } catch (const ParsedJson::parse_error& failure) {
        throw InputError(path, concat("not JSON at byte ", failure.byte), expected);
    }
}

} // namespace

LayerDescription read_layer_json(const std::string& path) {
    const ParsedJson json = parse(path, read_text(path));
    if (!json.is_object()) throw InputError(path, json.type_name(), "an object such as {\"input\": [64, 64]}");
    LayerDescription layer;
    layer.source = path;
    for (const auto& item : json.items()) read_key(layer, path, item.key(), item.value());
    if (layer.input.empty())
        throw InputError(path, "no key \"input\"", "the spatial extents, as in \"input\": [64, 64]");
    return layer;
}

void override_with(LayerDescription& base, const LayerDescription& other) {
    const auto replace = [](auto& mine, const auto& theirs, bool given) {
        if (given) mine = theirs;
    };
    if (!other.input_array.empty()) base.input.clear();
    if (!other.output_padding.empty()) base.output_size.clear();
    if (!other.output_size.empty()) base.output_padding.clear();
    base.options.insert(base.options.end(), other.options.begin(), other.options.end());
    replace(base.in_channels, other.in_channels, other.in_channels.has_value());
    replace(base.out_channels, other.out_channels, other.out_channels.has_value());
    replace(base.groups, other.groups, other.groups.has_value());
    replace(base.input, other.input, !other.input.empty());
    replace(base.input_array, other.input_array, !other.input_array.empty());
    replace(base.kernel, other.kernel, !other.kernel.empty());
    replace(base.stride, other.stride, !other.stride.empty());
    replace(base.dilation, other.dilation, !other.dilation.empty());
    replace(base.padding, other.padding, other.padding.has_value());
    replace(base.boundary, other.boundary, !other.boundary.empty());
    replace(base.transposed, other.transposed, other.transposed.has_value());
    replace(base.output_padding, other.output_padding, !other.output_padding.empty());
    replace(base.output_size, other.output_size, !other.output_size.empty());
}

} // namespace convmat::cli
