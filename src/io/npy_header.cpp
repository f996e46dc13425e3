#include "npy_format.hpp"

#include <algorithm>
#include <charconv>

namespace convmat::detail {
namespace {

constexpr std::string_view magic = "\x93NUMPY";

// A dict of Python, of which the three values may only be a string, True or False, and a tuple of integers.
class HeaderParser {
  public:
    HeaderParser(std::string_view text, const ByteSource& source) : text_(text), source_(source) {}

    NpyHeader parse() {
        expect('{');
        while (!accept('}')) {
            pair();
            if (accept('}')) break;
            expect(',');
        }
        skip_space();
        if (position_ != text_.size()) fail("the end of the header");
        if (!has_descr_ || !has_order_ || !has_shape_) missing();
        return std::move(header_);
    }

  private:
    void pair() {
        const std::string key = string();
        expect(':');
        if (key == "descr")
            first(has_descr_, key), header_.descr = string();
        else if (key == "fortran_order")
            first(has_order_, key), header_.fortran_order = truth();
        else if (key == "shape")
            first(has_shape_, key), header_.shape = tuple();
        else
            source_.fail(concat("header key ", in_quotes(key)), "descr, fortran_order and shape");
    }

    void first(bool& seen, const std::string& key) {
        if (seen) source_.fail(concat("header key ", in_quotes(key), " twice"), "each key once");
        seen = true;
    }

    std::string string() {
        skip_space();
        const char quote = next();
        const std::size_t end = text_.find(quote, position_ + 1);
        if ((quote != '\'' && quote != '"') || end == std::string_view::npos) fail("a string");
        const std::string_view inside = text_.substr(position_ + 1, end - position_ - 1);
        if (inside.find('\\') != std::string_view::npos) fail("a string without escapes");
        position_ = end + 1;
        return std::string(inside);
    }

    bool truth() {
        skip_space();
        for (const std::string_view word : {"True", "False"})
            if (text_.substr(position_).starts_with(word)) {
                position_ += word.size();
                return word == "True";
            }
        fail("True or False");
    }

    Shape tuple() {
        Shape shape;
        expect('(');
        while (!accept(')')) {
            shape.push_back(extent());
            if (accept(',')) continue;
            if (shape.size() == 1) fail("',' (a shape is a tuple)");
            expect(')');
            break;
        }
        return shape;
    }

    Index extent() {
        skip_space();
        Index value = 0;
        const char* begin = text_.data() + position_;
        const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
        if (error != std::errc() || *begin == '-') fail("an extent from 0 to 2^63 - 1");
        position_ += static_cast<std::size_t>(end - begin);
        return value;
    }

    void expect(char c) {
        if (!accept(c)) fail(concat('\'', c, '\''));
    }

    bool accept(char c) {
        skip_space();
        if (next() != c) return false;
        ++position_;
        return true;
    }

    void skip_space() { position_ = std::min(text_.find_first_not_of(" \t\n", position_), text_.size()); }

    // '\0' stands for the end; a header that contains one is refused as any other stray character is.
    char next() const { return position_ < text_.size() ? text_[position_] : '\0'; }

    [[noreturn]] void fail(std::string_view expected) const {
        source_.fail(concat("header has ", in_quotes(text_.substr(position_)), " at character ", position_), expected);
    }

    [[noreturn]] void missing() const {
        const char* key = !has_descr_ ? "descr" : !has_order_ ? "fortran_order" : "shape";
        source_.fail(concat("no header key ", in_quotes(key)), "descr, fortran_order and shape");
    }

    std::string_view text_;
    const ByteSource& source_;
    std::size_t position_ = 0;
    NpyHeader header_;
    bool has_descr_ = false, has_order_ = false, has_shape_ = false;
};

std::span<std::byte> bytes_of(std::string& text) { return std::as_writable_bytes(std::span(text)); }

// The length is stored with its lowest byte first.
Index little_endian(std::string_view bytes) {
    Index value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = value * 256 + static_cast<unsigned char>(bytes[i]);
    return value;
}

std::string dict_of(std::string_view descr, const Shape& shape) {
    std::string dict = concat("{'descr': '", descr, "', 'fortran_order': False, 'shape': (");
    for (std::size_t j = 0; j < shape.size(); ++j)
        dict += concat(j == 0 ? "" : " ", shape[j], j + 1 < shape.size() ? "," : "");
    dict += shape.size() == 1 ? ",), }" : "), }";
    // NumPy leaves room for the first extent to grow to 21 digits in place.
    if (!shape.empty()) dict.append(21 - std::to_string(shape[0]).size(), ' ');
    return dict;
}

} // namespace

NpyHeader read_npy_header(ByteSource& source) {
    constexpr Index longest = Index{1} << 20;
    std::string start(8, '\0');
    source.read_exactly(bytes_of(start), "magic and version");
    if (!start.starts_with(magic)) source.fail(concat("it begins with ", in_quotes(start.substr(0, 6))), "\\x93NUMPY");
    const int version = static_cast<unsigned char>(start[6]);
    const int minor = static_cast<unsigned char>(start[7]);
    if (version < 1 || version > 3 || minor != 0)
        source.fail(concat("version ", version, '.', minor), "1.0, 2.0 or 3.0");

    std::string length_bytes(version == 1 ? 2 : 4, '\0');
    source.read_exactly(bytes_of(length_bytes), "length of the header");
    const Index length = little_endian(length_bytes);
    if (length > source.remaining().value_or(longest) || length > longest)
        source.fail(concat("a header of ", length, " bytes"), "no more than the file has, nor than 1 MiB");

    std::string text(static_cast<std::size_t>(length), '\0');
    source.read_exactly(bytes_of(text), "header");
    return HeaderParser(text, source).parse();
}

std::string npy_header(std::string_view descr, const Shape& shape) {
    constexpr std::size_t alignment = 64;
    const std::string dict = dict_of(descr, shape);
    const auto padded = [&](std::size_t start) {
        return dict.size() + 1 + alignment - (start + dict.size() + 1) % alignment;
    };
    const bool is_short = padded(10) < 65536;
    const std::size_t length = padded(is_short ? 10 : 12);

    std::string bytes(magic);
    bytes += is_short ? '\1' : '\2';
    bytes += '\0';
    for (std::size_t i = 0, rest = length; i < (is_short ? 2U : 4U); ++i, rest /= 256)
        bytes += static_cast<char>(rest % 256);
    bytes += dict;
    bytes.append(length - dict.size() - 1, ' ');
    return bytes + '\n';
}

} // namespace convmat::detail
