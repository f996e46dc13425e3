#include <convmat/io/npz.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include "assemble.hpp"
#include "npy_format.hpp"
#include "zip_archive.hpp"

namespace convmat {
namespace {

using detail::ZipReader;
using Integers = Tensor<std::int64_t>;

AnyTensor read_member(const ZipReader& archive, const char* name) {
    const auto source = archive.member(name);
    return detail::read_npy_values(*source, detail::read_npy_header(*source));
}

Integers read_integers(const ZipReader& archive, const char* name, std::size_t rank = 1) {
    AnyTensor any = read_member(archive, name);
    auto* integers = std::get_if<Integers>(&any);
    if (integers == nullptr || static_cast<std::size_t>(integers->rank()) != rank)
        archive.fail(concat(name, " is no list of integers"), concat("integers in ", rank, " dimension(s)"));
    return std::move(*integers);
}

// A string of rank 0, as bytes (|S3) or, by older SciPys, of 32-bit characters (<U3).
std::string read_format(const ZipReader& archive) {
    const auto source = archive.member("format.npy");
    const detail::NpyHeader header = detail::read_npy_header(*source);
    const std::string_view type = header.descr;
    if ((type != "|S3" && type != "<U3" && type != ">U3") || !header.shape.empty())
        source->fail(concat("type ", detail::in_quotes(type), " of shape ", to_string(header.shape)),
                     "|S3 of shape ()");
    std::vector<std::byte> bytes(type == "|S3" ? 3 : 12);
    source->read_exactly(bytes, "format");
    source->require_end();
    std::string format;
    for (const std::byte byte : bytes)
        if (byte != std::byte{0}) format += static_cast<char>(byte);
    return format;
}

enum class Format { csr, csc, bsr, coo, dia };

// What the archive says of the matrix, beside its values.
struct Frame {
    Format format = Format::csr;
    Index rows = 0, columns = 0;
};

Frame read_frame(const ZipReader& archive) {
    constexpr std::array<std::string_view, 5> names = {"csr", "csc", "bsr", "coo", "dia"}; // as of Format
    const std::string name = read_format(archive);
    const auto found = std::ranges::find(names, name);
    if (found == names.end())
        archive.fail(concat("a matrix in format ", detail::in_quotes(name)), "csr, csc, bsr, coo or dia");
    const Integers shape = read_integers(archive, "shape.npy");
    constexpr Index most = std::numeric_limits<Index>::max() - 1;
    if (shape.size() != 2 || std::ranges::min(shape.values()) < 0 || std::ranges::max(shape.values()) > most)
        archive.fail(concat("shape.npy says ", to_string({shape.values().begin(), shape.values().end()})),
                     "rows and columns");
    return {static_cast<Format>(found - names.begin()), shape[0], shape[1]};
}

void require_shape(const ZipReader& archive, const Shape& found, const Shape& expected, const char* as) {
    if (found != expected)
        archive.fail(concat("data.npy has shape ", to_string(found)), concat(to_string(expected), ", as ", as));
}

void require_inside(const ZipReader& archive, const char* name, std::span<const std::int64_t> indices, Index extent) {
    const auto wild = std::ranges::find_if(indices, [&](std::int64_t i) { return i < 0 || i >= extent; });
    if (wild != indices.end())
        archive.fail(concat("index ", *wild, " in ", name), concat("from 0 to less than ", extent));
}

// CSR, CSC and BSR: blocks, of one entry in the first two, in the order of their rows or columns.
struct Compressed {
    Integers starts, indices;
    Index block_rows = 1, block_columns = 1;

    Compressed(const ZipReader& archive, const Frame& frame, const Shape& data)
        : starts(read_integers(archive, "indptr.npy")),
          indices(read_integers(archive, "indices.npy")) {
        const bool in_blocks = frame.format == Format::bsr && data.size() == 3 && data[1] > 0 && data[2] > 0;
        if (in_blocks) block_rows = data[1], block_columns = data[2];
        if (frame.rows % block_rows != 0 || frame.columns % block_columns != 0)
            archive.fail(concat("blocks of ", block_rows, "x", block_columns), "such as the shape is made of");
        const Shape expected =
            frame.format == Format::bsr ? Shape{indices.size(), block_rows, block_columns} : Shape{indices.size()};
        require_shape(archive, data, expected, "indices.npy");
        const bool by_columns = frame.format == Format::csc;
        require_sound(archive, by_columns ? frame.columns : frame.rows / block_rows);
        require_inside(archive, "indices.npy", indices.values(),
                       by_columns ? frame.rows : frame.columns / block_columns);
    }

  private:
    void require_sound(const ZipReader& archive, Index outer) const {
        const auto positions = starts.values();
        if (starts.size() != outer + 1)
            archive.fail(concat("indptr.npy has ", starts.size(), " positions"), concat(outer, " + 1 for the shape"));
        if (positions.front() != 0) archive.fail(concat("indptr.npy begins with ", positions.front()), "0");
        if (positions.back() != indices.size())
            archive.fail(concat("indptr.npy ends with ", positions.back()),
                         concat(indices.size(), ", the length of indices.npy"));
        const auto drop = std::ranges::adjacent_find(positions, std::ranges::greater{});
        if (drop != positions.end())
            archive.fail(concat("indptr.npy falls from ", *drop, " to ", *std::next(drop)),
                         "positions that do not fall");
    }
};

template <ScalarType S>
AnySparse of_compressed(const ZipReader& archive, const Frame& frame, const Tensor<S>& data) {
    const Compressed matrix(archive, frame, data.shape());
    const Index rows = matrix.block_rows, columns = matrix.block_columns;
    const auto block = [&](Index outer, Index k, const auto& emit) {
        const Index inner = matrix.indices[k];
        if (frame.format == Format::csc) return emit(inner, outer, data[k]);
        for (Index r = 0; r < rows; ++r)
            for (Index c = 0; c < columns; ++c)
                emit(outer * rows + r, inner * columns + c, data[(k * rows + r) * columns + c]);
    };
    const auto each = [&](const auto& emit) {
        for (Index outer = 0; outer + 1 < matrix.starts.size(); ++outer)
            for (Index k = matrix.starts[outer]; k < matrix.starts[outer + 1]; ++k) block(outer, k, emit);
    };
    return detail::assemble<S>(frame.rows, frame.columns, data.size(), each);
}

// Row and column of every value: two lists, or (as SciPy means to write in future) one array of two rows.
struct Places {
    Integers rows, columns;
};

Places read_places(const ZipReader& archive) {
    if (!archive.has("coords.npy")) return {read_integers(archive, "row.npy"), read_integers(archive, "col.npy")};
    const Integers both = read_integers(archive, "coords.npy", 2);
    if (both.shape()[0] != 2) archive.fail("coords.npy of " + to_string(both.shape()), "a row of rows, one of columns");
    const auto values = both.values();
    const auto half = static_cast<std::size_t>(both.shape()[1]);
    const auto part = [&](std::size_t from) {
        return Integers({both.shape()[1]},
                        {values.begin() + static_cast<Index>(from), values.begin() + static_cast<Index>(from + half)});
    };
    return {part(0), part(half)};
}

template <ScalarType S>
AnySparse of_places(const ZipReader& archive, const Frame& frame, const Tensor<S>& data) {
    const Places at = read_places(archive);
    require_shape(archive, data.shape(), at.rows.shape(), "row.npy");
    require_shape(archive, data.shape(), at.columns.shape(), "col.npy");
    require_inside(archive, "row.npy", at.rows.values(), frame.rows);
    require_inside(archive, "col.npy", at.columns.values(), frame.columns);
    return detail::assemble<S>(frame.rows, frame.columns, data.size(), [&](const auto& emit) {
        for (Index k = 0; k < data.size(); ++k) emit(at.rows[k], at.columns[k], data[k]);
    });
}

// data[k, j] stands at row j - offsets[k] of column j. What lies outside is no entry, nor are zeros, which fill the
// diagonals up: as SciPy has it.
template <ScalarType S>
AnySparse of_diagonals(const ZipReader& archive, const Frame& frame, const Tensor<S>& data) {
    const Integers offsets = read_integers(archive, "offsets.npy");
    if (data.rank() != 2 || data.shape()[0] != offsets.size())
        archive.fail(concat("data.npy has shape ", to_string(data.shape())),
                     concat("a row for each of the ", offsets.size(), " diagonals of offsets.npy"));
    detail::require_sparse_memory<S>(frame.rows, 0); // so that no sum with an offset overflows
    const Index length = data.shape()[1];
    const auto each = [&](const auto& emit) {
        for (Index k = 0; k < offsets.size(); ++k) {
            const Index first = std::max<Index>(0, offsets[k]);
            const Index last = std::min({length, frame.columns, frame.rows + std::min<Index>(offsets[k], length)});
            for (Index j = first; j < last; ++j)
                if (data[k * length + j] != S{0}) emit(j - offsets[k], j, data[k * length + j]);
        }
    };
    Index count = 0;
    each([&](Index, Index, S) { ++count; });
    return detail::assemble<S>(frame.rows, frame.columns, count, each);
}

} // namespace

AnySparse read_scipy_npz(const std::filesystem::path& path) {
    return detail::with_file_errors(path, [&] {
        const ZipReader archive(path);
        const Frame frame = read_frame(archive);
        const AnyTensor any = read_member(archive, "data.npy");
        return std::visit(
            [&](const auto& data) -> AnySparse {
                if (frame.format == Format::coo) return of_places(archive, frame, data);
                if (frame.format == Format::dia) return of_diagonals(archive, frame, data);
                return of_compressed(archive, frame, data);
            },
            any);
    });
}

} // namespace convmat
