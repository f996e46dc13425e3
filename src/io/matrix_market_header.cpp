#include "matrix_market_header.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace convmat::detail {
namespace {

using Format = MarketHeader::Format;
using Field = MarketHeader::Field;
using Symmetry = MarketHeader::Symmetry;

constexpr std::string_view blanks = " \t\r\f\v";

std::string lower_case(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return result;
}

template <class Value>
struct Named {
    std::string_view name;
    Value value;
};

constexpr Named<Format> formats[] = {{"coordinate", Format::coordinate}, {"array", Format::array}};
constexpr Named<Field> fields[] = {
    {"real", Field::real}, {"complex", Field::complex}, {"integer", Field::integer}, {"pattern", Field::pattern}};
constexpr Named<Symmetry> symmetries[] = {{"general", Symmetry::general},
                                          {"symmetric", Symmetry::symmetric},
                                          {"skew-symmetric", Symmetry::skew_symmetric},
                                          {"hermitian", Symmetry::hermitian}};

template <class Value, std::size_t n>
Value take_named(std::string_view& line, const LineReader& lines, const Named<Value> (&choices)[n]) {
    const std::string_view word = take_word(line);
    const auto found = std::ranges::find(choices, lower_case(word), &Named<Value>::name);
    if (found != std::end(choices)) return found->value;
    std::string names;
    for (const auto& choice : choices) names += concat(names.empty() ? "" : " or ", choice.name);
    lines.fail(in_quotes(word), names);
}

void require_combination(const MarketHeader& header, const LineReader& lines) {
    const bool is_pattern = header.field == Field::pattern;
    if (is_pattern && header.format == Format::array) lines.fail("array pattern", "a pattern by coordinates");
    if (is_pattern && header.symmetry != Symmetry::general && header.symmetry != Symmetry::symmetric)
        lines.fail("a pattern with signs", "general or symmetric");
    if (header.symmetry == Symmetry::hermitian && header.field != Field::complex)
        lines.fail("hermitian numbers that are not complex", "complex");
}

// n (n + 1) / 2, one factor halved before the product so that only a result too large overflows.
Index triangle(Index n) {
    const Index m = checked_add(n, 1, "extent");
    return n % 2 == 0 ? checked_mul(n / 2, m, "entries of the array") : checked_mul(n, m / 2, "entries of the array");
}

Index array_entries(const MarketHeader& header) {
    if (header.symmetry == Symmetry::general) return checked_mul(header.rows, header.columns, "entries of the array");
    return triangle(header.symmetry == Symmetry::skew_symmetric ? std::max(header.rows, Index{1}) - 1 : header.rows);
}

// Characters an entry has at the least, its line end counted: `1 1 1 1`, `1`.
Index least_line(const MarketHeader& header) {
    const Index places = header.format == Format::coordinate ? 2 : 0;
    const Index numbers = header.field == Field::pattern ? 0 : header.field == Field::complex ? 2 : 1;
    return 2 * (places + numbers);
}

} // namespace

std::string_view take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(blanks));
    line.remove_prefix(word.size());
    return word;
}

Index take_integer(std::string_view& line, const LineReader& lines, std::string_view what, Index least, Index most) {
    const std::string_view word = take_word(line);
    Index value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size() || value < least || value > most)
        lines.fail(concat(what, ' ', in_quotes(word)), concat("an integer from ", least, " to ", most));
    return value;
}

void require_line_end(std::string_view line, const LineReader& lines) {
    const std::string_view word = take_word(line);
    if (!word.empty()) lines.fail(concat(in_quotes(word), " at the end"), "the end of the line");
}

bool next_data_line(LineReader& lines, std::string_view& line) {
    while (lines.next(line))
        if (line.find_first_not_of(blanks) != std::string_view::npos && !line.starts_with('%')) return true;
    return false;
}

MarketHeader read_market_header(LineReader& lines, const ByteSource& source) {
    const Index size = source.remaining().value_or(std::numeric_limits<Index>::max());
    std::string_view line;
    if (!lines.next(line)) source.fail("an empty file", "%%MatrixMarket");
    const std::string_view banner = take_word(line);
    if (lower_case(banner) != "%%matrixmarket") lines.fail(in_quotes(banner), "%%MatrixMarket");
    const std::string_view object = take_word(line);
    if (lower_case(object) != "matrix") lines.fail(in_quotes(object), "matrix");
    MarketHeader header;
    header.format = take_named(line, lines, formats);
    header.field = take_named(line, lines, fields);
    header.symmetry = take_named(line, lines, symmetries);
    require_line_end(line, lines);
    require_combination(header, lines);

    constexpr Index most = std::numeric_limits<Index>::max() - 1;
    if (!next_data_line(lines, line)) source.fail("no line of sizes", "rows and columns");
    header.rows = take_integer(line, lines, "rows", 0, most);
    header.columns = take_integer(line, lines, "columns", 0, most);
    header.entries =
        header.format == Format::array ? array_entries(header) : take_integer(line, lines, "entries", 0, most);
    require_line_end(line, lines);
    if (header.symmetry != Symmetry::general && header.rows != header.columns)
        lines.fail(concat(header.rows, " rows and ", header.columns, " columns"), "a square matrix");
    if (header.entries > size / least_line(header))
        lines.fail(concat(header.entries, " entries in a file of ", size, " bytes"), "no more than the file can hold");
    return header;
}

} // namespace convmat::detail
