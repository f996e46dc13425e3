#include <convmat/io/matrix_market.hpp>

#include <charconv>

#include "assemble.hpp"
#include "matrix_market_header.hpp"

namespace convmat {
namespace {

using detail::LineReader;
using detail::MarketHeader;
using detail::take_word;
using Symmetry = MarketHeader::Symmetry;

template <class Number>
Number take_number(std::string_view& line, const LineReader& lines) {
    const std::string_view word = take_word(line);
    std::string_view digits = word;
    if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
    Number value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size())
        lines.fail(concat("number ", detail::in_quotes(word)),
                   std::is_integral_v<Number> ? "a 64-bit integer" : "a number in double's range");
    return value;
}

template <ScalarType S>
S take_value(std::string_view& line, const LineReader& lines) {
    if constexpr (std::is_same_v<S, std::complex<double>>) {
        const double real = take_number<double>(line, lines);
        return {real, take_number<double>(line, lines)};
    } else {
        return take_number<S>(line, lines);
    }
}

// The value at (j, i) of the other half, given the one at (i, j).
template <ScalarType S>
S mirrored(S value, Symmetry symmetry) {
    if (symmetry == Symmetry::skew_symmetric) {
        if constexpr (std::is_same_v<S, std::int64_t>)
            return checked_sub(0, value, "the negative of an entry");
        else
            return -value;
    }
    if constexpr (std::is_same_v<S, std::complex<double>>)
        if (symmetry == Symmetry::hermitian) return std::conj(value);
    return value;
}

template <ScalarType S>
void require_diagonal(S value, Symmetry symmetry, const LineReader& lines) {
    if (symmetry == Symmetry::skew_symmetric)
        lines.fail("an entry on the diagonal", "none (the matrix is skew-symmetric)");
    if constexpr (std::is_same_v<S, std::complex<double>>)
        if (symmetry == Symmetry::hermitian && value.imag() != 0.0)
            lines.fail("a diagonal entry that is not real", "a real one (the matrix is hermitian)");
}

// An entry at (row, column), counted from 0.
template <ScalarType S>
struct Entry {
    std::int64_t row, column;
    S value;
};

// What the two formats share: collects entries, and those of the other half.
template <ScalarType S>
class EntryReader {
  public:
    EntryReader(const MarketHeader& header, LineReader& lines, const detail::ByteSource& source)
        : header_(header),
          lines_(lines),
          source_(source) {}

    AnySparse read() {
        const auto known = static_cast<std::size_t>(source_.remaining() ? header_.entries : 0);
        detail::make_room(entries_, header_.symmetry == Symmetry::general ? known : 2 * known, "the entries");
        if (header_.format == MarketHeader::Format::coordinate)
            read_coordinates();
        else
            read_array();
        std::string_view line;
        if (detail::next_data_line(lines_, line))
            lines_.fail("more lines", concat(header_.entries, " entries as the header says"));
        const auto each = [&](const auto& emit) {
            for (const Entry<S>& entry : entries_) emit(entry.row, entry.column, entry.value);
        };
        return detail::assemble<S>(header_.rows, header_.columns, std::ssize(entries_), each);
    }

  private:
    void read_coordinates() {
        for (Index k = 0; k < header_.entries; ++k) {
            std::string_view line = entry_line(k);
            const Index row = detail::take_integer(line, lines_, "row", 1, header_.rows) - 1;
            const Index column = detail::take_integer(line, lines_, "column", 1, header_.columns) - 1;
            const S value = header_.field == MarketHeader::Field::pattern ? S{1} : take_value<S>(line, lines_);
            detail::require_line_end(line, lines_);
            add(row, column, value);
        }
    }

    // Column by column; of a symmetric matrix from the diagonal down, of a skew-symmetric one from below it.
    void read_array() {
        const Index skipped = header_.symmetry == Symmetry::skew_symmetric ? 1 : 0;
        Index k = 0;
        for (Index column = 0; k < header_.entries; ++column) {
            const Index first = header_.symmetry == Symmetry::general ? 0 : column + skipped;
            for (Index row = first; row < header_.rows; ++row, ++k) {
                std::string_view line = entry_line(k);
                const S value = take_value<S>(line, lines_);
                detail::require_line_end(line, lines_);
                if (value != S{0}) add(row, column, value);
            }
        }
    }

    std::string_view entry_line(Index k) {
        std::string_view line;
        if (!detail::next_data_line(lines_, line))
            source_.fail(concat("it ends after ", k, " entries"), concat(header_.entries, " as its header says"));
        return line;
    }

    void add(Index row, Index column, S value) {
        detail::make_room(entries_, 2, "the entries");
        entries_.push_back({row, column, value});
        if (header_.symmetry == Symmetry::general) return;
        if (row == column)
            require_diagonal(value, header_.symmetry, lines_);
        else
            entries_.push_back({column, row, mirrored(value, header_.symmetry)});
    }

    const MarketHeader& header_;
    LineReader& lines_;
    const detail::ByteSource& source_;
    std::vector<Entry<S>> entries_;
};

} // namespace

AnySparse read_matrix_market(const std::filesystem::path& path) {
    return detail::with_file_errors(path, [&]() -> AnySparse {
        detail::FileSource source(path);
        LineReader lines(source);
        const MarketHeader header = detail::read_market_header(lines, source);
        switch (header.field) {
        case MarketHeader::Field::real:
            return EntryReader<double>(header, lines, source).read();
        case MarketHeader::Field::complex:
            return EntryReader<std::complex<double>>(header, lines, source).read();
        case MarketHeader::Field::integer:
        case MarketHeader::Field::pattern:
            break;
        }
        return EntryReader<std::int64_t>(header, lines, source).read();
    });
}

} // namespace convmat
