#include <convmat/io/npy.hpp>

#include "npy_format.hpp"

namespace convmat {

AnyTensor read_npy(const std::filesystem::path& path) {
    return detail::with_file_errors(path, [&] {
        detail::FileSource source(path);
        const detail::NpyHeader header = detail::read_npy_header(source);
        return detail::read_npy_values(source, header);
    });
}

template <ScalarType S>
void write_npy(OutputFile& file, const Tensor<S>& tensor) {
    file.write(detail::npy_header(detail::npy_descr<S>(), tensor.shape()));
    file.write(std::as_bytes(tensor.values()));
}

template <ScalarType S>
void write_npy(const std::filesystem::path& path, const Tensor<S>& tensor) {
    OutputFile file(path);
    write_npy(file, tensor);
    file.commit();
}

template void write_npy(OutputFile&, const Tensor<float>&);
template void write_npy(OutputFile&, const Tensor<double>&);
template void write_npy(OutputFile&, const Tensor<std::complex<float>>&);
template void write_npy(OutputFile&, const Tensor<std::complex<double>>&);
template void write_npy(OutputFile&, const Tensor<std::int64_t>&);

template void write_npy(const std::filesystem::path&, const Tensor<float>&);
template void write_npy(const std::filesystem::path&, const Tensor<double>&);
template void write_npy(const std::filesystem::path&, const Tensor<std::complex<float>>&);
template void write_npy(const std::filesystem::path&, const Tensor<std::complex<double>>&);
template void write_npy(const std::filesystem::path&, const Tensor<std::int64_t>&);

} // namespace convmat
