#include <convmat/io/npz.hpp>

#include <convmat/io/output_file.hpp>

#include "npy_format.hpp"
#include "zip_archive.hpp"

namespace convmat::detail {

template <ScalarType S, StorageIndexType I>
void write_scipy_npz_parts(const std::filesystem::path& path, const SparseParts<S, I>& matrix) {
    OutputFile file(path);
    const auto length = [](const auto& values) { return static_cast<Index>(values.size()); };
    const std::string headers[] = {npy_header(npy_descr<I>(), {length(matrix.indices)}),
                                   npy_header(npy_descr<I>(), {length(matrix.starts)}), npy_header("|S3", {}),
                                   npy_header(npy_descr<std::int64_t>(), {2}),
                                   npy_header(npy_descr<S>(), {length(matrix.values)})};
    const std::string_view format = matrix.order == StorageOrder::rows ? "csr" : "csc";
    const std::int64_t shape[] = {matrix.rows, matrix.columns};

    ZipWriter archive(path.string());
    const auto add = [&](const char* member, const std::string& header, auto values) {
        archive.add(member, std::as_bytes(std::span(header)), std::as_bytes(values));
    };
    add("indices.npy", headers[0], matrix.indices);
    add("indptr.npy", headers[1], matrix.starts);
    add("format.npy", headers[2], std::span(format));
    add("shape.npy", headers[3], std::span(shape));
    add("data.npy", headers[4], matrix.values);
    archive.finish(file);
    file.commit();
}

template void write_scipy_npz_parts(const std::filesystem::path&, const SparseParts<float, int>&);
template void write_scipy_npz_parts(const std::filesystem::path&, const SparseParts<float, std::int64_t>&);
template void write_scipy_npz_parts(const std::filesystem::path&, const SparseParts<double, int>&);
template void write_scipy_npz_parts(const std::filesystem::path&, const SparseParts<double, std::int64_t>&);
template void write_scipy_npz_parts(const std::filesystem::path&, const SparseParts<std::complex<float>, int>&);
template void write_scipy_npz_parts(const std::filesystem::path&,
                                    const SparseParts<std::complex<float>, std::int64_t>&);
template void write_scipy_npz_parts(const std::filesystem::path&, const SparseParts<std::complex<double>, int>&);
template void write_scipy_npz_parts(const std::filesystem::path&,
                                    const SparseParts<std::complex<double>, std::int64_t>&);
template void write_scipy_npz_parts(const std::filesystem::path&, const SparseParts<std::int64_t, int>&);
template void write_scipy_npz_parts(const std::filesystem::path&, const SparseParts<std::int64_t, std::int64_t>&);

} // namespace convmat::detail
