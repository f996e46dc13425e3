#pragma once

#include <filesystem>

#include <convmat/io/any.hpp>
#include <convmat/io/output_file.hpp>

namespace convmat {

/// The array in a NumPy .npy file, versions 1.0 to 3.0, either byte order, C or Fortran order, any rank.
/// f4 f8 c8 c16 i8 keep their type; f2 is widened to float; b1 i1 i2 i4 u1 u2 u4, and u8 whose values fit, to int64.
/// A stream such as /dev/stdin is read as it comes. Throws FileError for anything else: other types, a header that is
/// not NumPy's, values missing or left over, more than memory holds. No memory is taken on a header's word alone.
/// Cost: one pass over the file; Fortran order takes a second array.
AnyTensor read_npy(const std::filesystem::path& path);

/// The same as S, whatever type the file has, where no value changes: float is read as double, an integer as any type
/// that holds it. Throws FileError that names the file, what it holds and S otherwise.
template <ScalarType S>
Tensor<S> read_npy(const std::filesystem::path& path) {
    return detail::exactly<S>(read_npy(path), path);
}

/// Writes the very bytes numpy.save (NumPy 1.23 and later) writes for this array in C order. Throws FileError.
template <ScalarType S>
void write_npy(const std::filesystem::path& path, const Tensor<S>& tensor);

/// Appends the same bytes to a file that is open, and does not commit it.
template <ScalarType S>
void write_npy(OutputFile& file, const Tensor<S>& tensor);

} // namespace convmat
