#include "json.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace convmat::cli {
namespace {

template <class Value>
std::string json_leaf(const Value& value) {
    return nlohmann::json(value).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

} // namespace

Json::Json(std::nullptr_t) : leaf_("null") {}
Json::Json(bool value) : leaf_(value ? "true" : "false") {}
Json::Json(double value) : leaf_(json_leaf(value)) {}
Json::Json(std::int64_t value) : leaf_(std::to_string(value)) {}
Json::Json(std::string_view value) : leaf_(json_leaf(value)) {}

Json::Json(std::initializer_list<JsonMember> members) : kind_(Kind::object) {
    for (const JsonMember& member : members) {
        keys_.push_back(json_leaf(member.key));
        items_.push_back(member.value);
    }
}

Json& Json::operator[](std::string_view key) {
    const std::string written = json_leaf(key);
    const auto found = std::ranges::find(keys_, written);
    if (found != keys_.end()) return items_[static_cast<std::size_t>(found - keys_.begin())];
    keys_.push_back(written);
    return items_.emplace_back();
}

void Json::write(std::string& text, std::size_t indent) const {
    if (kind_ == Kind::leaf) {
        text += leaf_;
        return;
    }
    text += kind_ == Kind::array ? '[' : '{';
    for (std::size_t i = 0; i < items_.size(); ++i) {
        text += (i == 0 ? "\n" : ",\n") + std::string(indent + 2, ' ');
        if (kind_ == Kind::object) text += keys_[i] + ": ";
        items_[i].write(text, indent + 2);
    }
    if (!items_.empty()) text += "\n" + std::string(indent, ' ');
    text += kind_ == Kind::array ? ']' : '}';
}

std::string Json::text() const {
    std::string text;
    write(text, 0);
    return text + "\n";
}

} // namespace convmat::cli
