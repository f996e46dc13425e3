#include "literal.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "error.hpp"
#include "extents.hpp"

namespace convmat::cli {
namespace {

constexpr std::string_view blanks = " \t\n";

std::string_view without_blanks_around(std::string_view text) {
    const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
    const std::size_t end = text.find_last_not_of(blanks);
    return end == std::string_view::npos ? std::string_view() : text.substr(begin, end + 1 - begin);
}

// The numbers of a text and how they are arranged.
class LiteralReader {
  public:
    LiteralReader(const std::string& option, const std::string& text) : option_(option), text_(text) {}

    AnyTensor array() {
        std::string_view text = without_blanks_around(text_);
        const bool lists = text.starts_with('[') && text.find(';') == std::string_view::npos;
        if (!lists && text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
        if (lists)
            read_lists(text);
        else
            read_rows(text);
        return values();
    }

  private:
    [[noreturn]] void refuse(std::string_view expected) const { throw InputError(option_, text_, expected); }

    void read_rows(std::string_view text) {
        const auto rows = split(text, ';');
        for (const std::string_view& row : rows) {
            const auto before = numbers_.size();
            read_row(without_blanks_around(row));
            const auto width = static_cast<Index>(numbers_.size() - before);
            if (&row == &rows.front()) shape_ = {width};
            if (shape_.back() != width) refuse("rows of the same length, as in 0,1;2,3");
        }
        if (rows.size() > 1) shape_.insert(shape_.begin(), std::ssize(rows));
    }

    void read_row(std::string_view row) {
        if (row.find(',') == std::string_view::npos && row.find_first_of(blanks) != std::string_view::npos) {
            for (const std::string_view piece : split(row, ' '))
                if (!piece.empty()) numbers_.push_back(piece);
            return;
        }
        for (const std::string_view piece : split(row, ',')) {
            const std::string_view number = without_blanks_around(piece);
            if (number.empty()) refuse("a number on each side of ',' and ';', as in 0,1;2,3");
            numbers_.push_back(number);
        }
    }

    void read_lists(std::string_view text) {
        rest_ = text;
        read_list(0);
        if (!rest_.empty()) refuse("one list, as in [[0,1],[2,3]]");
        if (numbers_.empty()) refuse("numbers in the lists, as in [[0,1],[2,3]]");
    }

    void drop(std::size_t count) { rest_ = without_blanks_around(rest_.substr(count)); }

    // A list at so deep a level, each as long as the first one there; numbers are at the deepest level alone.
    void read_list(std::size_t depth) {
        constexpr std::size_t deepest = 16;
        if (depth == deepest) refuse(concat("lists of at most ", deepest, " levels"));
        if (depth == shape_.size()) {
            if (!numbers_.empty()) refuse("numbers at one level, as in [[0,1],[2,3]]");
            shape_.push_back(-1);
        }
        drop(1);
        Index items = 0;
        while (!rest_.starts_with(']')) {
            if (items++ > 0) read_comma();
            read_item(depth);
        }
        drop(1);
        if (shape_[depth] == -1) shape_[depth] = items;
        if (shape_[depth] != items) refuse("lists of the same length at each level, as in [[0,1],[2,3]]");
    }

    void read_comma() {
        if (!rest_.starts_with(',')) refuse("',' between the items of a list, and ']' after them");
        drop(1);
    }

    void read_item(std::size_t depth) {
        if (rest_.starts_with('[')) return read_list(depth + 1);
        const std::string_view number = without_blanks_around(rest_.substr(0, rest_.find_first_of(",]")));
        if (number.empty() || depth + 1 != shape_.size()) refuse("numbers at one level, as in [[0,1],[2,3]]");
        numbers_.push_back(number);
        drop(number.size());
    }

    AnyTensor values() {
        const bool integers = std::ranges::none_of(
            numbers_, [](std::string_view n) { return n.find_first_of(".eE") != std::string_view::npos; });
        std::vector<std::int64_t> exact;
        std::vector<double> reals;
        for (const std::string_view number : numbers_) {
            if (integers)
                exact.push_back(parse_integer(option_, number));
            else
                reals.push_back(parse_real(option_, number));
        }
        if (integers) return Tensor<std::int64_t>(std::move(shape_), std::move(exact));
        return Tensor<double>(std::move(shape_), std::move(reals));
    }

    const std::string& option_;
    const std::string& text_;
    std::string_view rest_;
    std::vector<std::string_view> numbers_;
    Shape shape_;
};

} // namespace

bool is_literal(const std::string& text) {
    return text.find_first_not_of("0123456789+-.,;eE[] \t\n") == std::string::npos &&
           text.find_first_of("0123456789") != std::string::npos;
}

AnyTensor parse_literal(const std::string& option, const std::string& text) {
    return LiteralReader(option, text).array();
}

} // namespace convmat::cli
