#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace convmat::cli {

struct JsonMember;

/// What --json prints: a value, built up by the reports and written once. Members stay in the order of their insertion;
/// a number that is not finite is null, characters that are not ASCII are
/// escaped, bytes that are no UTF-8 replaced.
class Json {
  public:
    Json(std::nullptr_t = nullptr);
    Json(bool value);
    Json(double value);
    Json(std::int64_t value);
    Json(std::string_view value);
    Json(const std::string& value) : Json(std::string_view(value)) {}
    Json(const char* value) : Json(std::string_view(value)) {}
    template <std::integral Integer>
    Json(Integer value) : Json(static_cast<std::int64_t>(value)) {}
    template <class Value>
    Json(const std::vector<Value>& list) : kind_(Kind::array) {
        for (const Value& item : list) items_.push_back(Json(item));
    }
    Json(std::initializer_list<JsonMember> members);

    static Json array() { return Json(std::vector<bool>()); }

    /// The member of that name; the last one, and null, where there was none.
    Json& operator[](std::string_view key);

    void push_back(Json value) { items_.push_back(std::move(value)); }

    /// In lines, indented by two columns a level, with a newline at the end.
    std::string text() const;

  private:
    enum class Kind { leaf, array, object };

    void write(std::string& text, std::size_t indent) const;

    Kind kind_ = Kind::leaf;
    std::string leaf_;              ///< as it is written
    std::vector<std::string> keys_; ///< of an object, likewise
    std::vector<Json> items_;       ///< of an array or an object
};

struct JsonMember {
    std::string_view key;
    Json value;
};

} // namespace convmat::cli
