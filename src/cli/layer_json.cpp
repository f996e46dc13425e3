#include "layer_description.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <new>
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

constexpr std::string_view expected_file = "an object such as {\"input\": [64, 64]}";

std::string read_text(const std::string& path) {
    constexpr std::size_t most = std::size_t{1} << 20; // and no end of what a device gives
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) throw InputError("--layer", path, "a JSON file, not a directory");
    errno = 0;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), std::fclose);
    if (!file && errno == ENOMEM) throw std::bad_alloc();
    std::string text;
    std::array<char, 4096> block;
    for (std::size_t got = 1; file && got > 0 && text.size() <= most; text.append(block.data(), got))
        got = std::fread(block.data(), 1, block.size(), file.get());
    if (!file || std::ferror(file.get()) != 0) throw InputError("--layer", path, "a JSON file that can be read");
    if (text.size() > most) throw InputError(path, "more than a MiB", expected_file);
    return text;
}

// Looks for what a reader would understand in one way and another in another: a key that is stated twice, a number that
// is none in double precision; and for what is nested deeper than any layer is, before anything recurses into it.
class Sound final : public nlohmann::json_sax<ParsedJson> {
  public:
    explicit Sound(const std::string& path) : path_(path) {}

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return deeper(); }
    bool end_object() override { return --depth_, true; }
    bool start_array(std::size_t) override { return deeper(); }
    bool end_array() override { return --depth_, true; }

    bool key(string_t& key) override {
        if (depth_ != 1) return true;
        if (std::ranges::find(keys_, key) != keys_.end())
            throw InputError(path_, "key \"" + shortened(key) + "\" is there twice", "each key once");
        keys_.push_back(key);
        return true;
    }

    bool parse_error(std::size_t byte, const std::string& token, const ParsedJson::exception& failure) override {
        if (dynamic_cast<const ParsedJson::out_of_range*>(&failure) != nullptr)
            throw InputError(path_, shortened(token), "numbers within double's range");
        throw InputError(path_, concat("not JSON at byte ", byte), expected_file);
    }

  private:
    bool deeper() {
        constexpr int deepest = 8;
        if (++depth_ > deepest)
            throw InputError(path_, concat("nested deeper than ", deepest), "lists of numbers or pairs");
        return true;
    }

    const std::string& path_;
    std::vector<std::string> keys_;
    int depth_ = 0;
};

ParsedJson parse(const std::string& path, const std::string& text) {
    const auto zero = text.find('\0'); // where the parser would take the text to end
    if (zero != std::string::npos) throw InputError(path, concat("not JSON at byte ", zero + 1), expected_file);
    Sound sound(path);
    ParsedJson::sax_parse(text, &sound);
    return ParsedJson::parse(text);
}

} // namespace

LayerDescription read_layer_json(const std::string& path) {
    const ParsedJson json = parse(path, read_text(path));
    if (!json.is_object()) throw InputError(path, json.type_name(), expected_file);
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
