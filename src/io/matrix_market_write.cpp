#include <convmat/io/matrix_market.hpp>

#include <charconv>
#include <utility>

#include <convmat/io/output_file.hpp>

#include "byte_source.hpp"

namespace convmat {
namespace {

// Text for a file, gathered into writes of a MiB.
class TextBuffer {
  public:
    explicit TextBuffer(OutputFile& file) : file_(file), text_(std::size_t{1} << 20) {}

    void add(std::string_view part) {
        if (part.size() > text_.size() - used_) flush();
        if (part.size() > text_.size()) return file_.write(part);
        std::copy(part.begin(), part.end(), text_.begin() + static_cast<Index>(used_));
        used_ += part.size();
    }

    void add(char c) { add(std::string_view(&c, 1)); }

    // The shortest text that reads back as the number.
    template <class Number>
    void add_number(Number number) {
        constexpr std::size_t longest = 64;
        if (text_.size() - used_ < longest) flush();
        char* begin = text_.data() + used_;
        used_ += static_cast<std::size_t>(std::to_chars(begin, begin + longest, number).ptr - begin);
    }

    void flush() {
        file_.write(std::string_view(text_.data(), used_));
        used_ = 0;
    }

  private:
    OutputFile& file_;
    std::vector<char> text_;
    std::size_t used_ = 0;
};

template <class Real>
void add_value(TextBuffer& text, Real value) {
    text.add_number(value);
}

template <class Real>
void add_value(TextBuffer& text, std::complex<Real> value) {
    text.add_number(value.real());
    text.add(' ');
    text.add_number(value.imag());
}

template <ScalarType S>
std::string_view field_of() {
    if constexpr (std::is_same_v<S, std::int64_t>) return "integer";
    return std::is_floating_point_v<S> ? "real" : "complex";
}

void add_comment(TextBuffer& text, std::string_view comment) {
    while (!comment.empty()) {
        const std::size_t end = comment.find('\n');
        text.add("% ");
        text.add(comment.substr(0, end));
        text.add('\n');
        comment.remove_prefix(std::min(end, comment.size() - 1) + 1);
    }
}

} // namespace

namespace detail {

template <ScalarType S, StorageIndexType I>
void write_matrix_market_parts(const std::filesystem::path& path, const SparseParts<S, I>& matrix,
                               std::string_view comment) {
    OutputFile file(path);
    TextBuffer text(file);
    text.add(concat("%%MatrixMarket matrix coordinate ", field_of<S>(), " general\n"));
    add_comment(text, comment);
    text.add(concat(matrix.rows, ' ', matrix.columns, ' ', matrix.values.size(), '\n'));
    for (std::size_t outer = 0; outer + 1 < matrix.starts.size(); ++outer)
        for (auto k = static_cast<std::size_t>(matrix.starts[outer]); std::cmp_less(k, matrix.starts[outer + 1]); ++k) {
            const auto inner = static_cast<std::size_t>(matrix.indices[k]);
            text.add_number((matrix.order == StorageOrder::rows ? outer : inner) + 1);
            text.add(' ');
            text.add_number((matrix.order == StorageOrder::rows ? inner : outer) + 1);
            text.add(' ');
            add_value(text, matrix.values[k]);
            text.add('\n');
        }
    text.flush();
    file.commit();
}

template void write_matrix_market_parts(const std::filesystem::path&, const SparseParts<float, int>&, std::string_view);
template void write_matrix_market_parts(const std::filesystem::path&, const SparseParts<float, std::int64_t>&,
                                        std::string_view);
template void write_matrix_market_parts(const std::filesystem::path&, const SparseParts<double, int>&,
                                        std::string_view);
template void write_matrix_market_parts(const std::filesystem::path&, const SparseParts<double, std::int64_t>&,
                                        std::string_view);
template void write_matrix_market_parts(const std::filesystem::path&, const SparseParts<std::complex<float>, int>&,
                                        std::string_view);
template void write_matrix_market_parts(const std::filesystem::path&,
                                        const SparseParts<std::complex<float>, std::int64_t>&, std::string_view);
template void write_matrix_market_parts(const std::filesystem::path&, const SparseParts<std::complex<double>, int>&,
                                        std::string_view);
template void write_matrix_market_parts(const std::filesystem::path&,
                                        const SparseParts<std::complex<double>, std::int64_t>&, std::string_view);
template void write_matrix_market_parts(const std::filesystem::path&, const SparseParts<std::int64_t, int>&,
                                        std::string_view);
template void write_matrix_market_parts(const std::filesystem::path&, const SparseParts<std::int64_t, std::int64_t>&,
                                        std::string_view);

} // namespace detail
} // namespace convmat
