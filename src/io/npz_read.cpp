#include <convmat/io/npz.hpp>

#include <algorithm>

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

Integers read_integers(const ZipReader& archive, const char* name) {
    AnyTensor any = read_member(archive, name);
    auto* integers = std::get_if<Integers>(&any);
    if (integers == nullptr || integers->rank() != 1)
        archive.fail(concat(name, " is no list of integers"), "integers in one dimension");
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

// The compressed arrays, checked: what Eigen and the functions here rely on.
struct Compressed {
    Index rows, columns;
    enum class Format { csr, csc } format;
    Integers starts, indices;
};

void require_sound(const Compressed& matrix, const ZipReader& archive) {
    const bool by_rows = matrix.format == Compressed::Format::csr;
    const Index outer = by_rows ? matrix.rows : matrix.columns;
    const Index inner = by_rows ? matrix.columns : matrix.rows;
    const auto starts = matrix.starts.values();
    const Index entries = matrix.indices.size();
    if (outer == std::numeric_limits<Index>::max() || matrix.starts.size() != outer + 1)
        archive.fail(concat("indptr.npy has ", starts.size(), " positions"), concat(outer, " + 1 for the shape"));
    if (starts.front() != 0) archive.fail(concat("indptr.npy begins with ", starts.front()), "0");
    if (starts.back() != entries)
        archive.fail(concat("indptr.npy ends with ", starts.back()), concat(entries, ", the length of indices.npy"));
    const auto drop = std::ranges::adjacent_find(starts, std::ranges::greater{});
    if (drop != starts.end())
        archive.fail(concat("indptr.npy falls from ", *drop, " to ", *std::next(drop)), "positions that do not fall");
    const auto indices = matrix.indices.values();
    const auto wild = std::ranges::find_if(indices, [&](std::int64_t i) { return i < 0 || i >= inner; });
    if (wild != indices.end())
        archive.fail(concat("index ", *wild, " in indices.npy"), concat("from 0 to less than ", inner));
}

Compressed read_structure(const ZipReader& archive) {
    const std::string format = read_format(archive);
    if (format != "csr" && format != "csc")
        archive.fail(concat("a matrix in format ", detail::in_quotes(format)),
                     "csr or csc (SciPy's tocsr() makes one)");
    const Integers shape = read_integers(archive, "shape.npy");
    if (shape.size() != 2 || shape[0] < 0 || shape[1] < 0)
        archive.fail(concat("shape.npy says ", to_string({shape.values().begin(), shape.values().end()})),
                     "rows and columns");
    Compressed matrix = {shape[0], shape[1], format == "csr" ? Compressed::Format::csr : Compressed::Format::csc,
                         read_integers(archive, "indptr.npy"), read_integers(archive, "indices.npy")};
    require_sound(matrix, archive);
    return matrix;
}

template <ScalarType S>
StoredSparse<S> build(const Compressed& matrix, const Tensor<S>& data) {
    detail::require_sparse_memory<S>(matrix.rows, data.size());
    StoredSparse<S> result(matrix.rows, matrix.columns);
    if (matrix.format == Compressed::Format::csr) {
        result.resizeNonZeros(data.size());
        std::ranges::copy(matrix.starts.values(), result.outerIndexPtr());
        std::ranges::copy(matrix.indices.values(), result.innerIndexPtr());
        std::ranges::copy(data.values(), result.valuePtr());
    } else {
        // Eigen's change of order is a counting sort: it takes unsorted columns, and leaves the entries of one place
        // side by side in their order.
        using Columns = Eigen::SparseMatrix<S, Eigen::ColMajor, std::int64_t>;
        result = Eigen::Map<const Columns>(matrix.rows, matrix.columns, data.size(), matrix.starts.data(),
                                           matrix.indices.data(), data.data());
    }
    detail::sort_and_sum(result);
    return result;
}

} // namespace

AnySparse read_scipy_npz(const std::filesystem::path& path) {
    return detail::with_file_errors(path, [&] {
        const ZipReader archive(path);
        const Compressed matrix = read_structure(archive);
        const AnyTensor any = read_member(archive, "data.npy");
        return std::visit(
            [&](const auto& data) -> AnySparse {
                if (data.shape() != matrix.indices.shape())
                    archive.fail(concat("data.npy has shape ", to_string(data.shape())),
                                 concat(matrix.indices.size(), ", as indices.npy"));
                return build(matrix, data);
            },
            any);
    });
}

} // namespace convmat
