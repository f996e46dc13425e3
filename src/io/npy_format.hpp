#pragma once

#include <bit>
#include <complex>
#include <string>
#include <string_view>

#include <convmat/io/any.hpp>

#include "byte_source.hpp"

namespace convmat::detail {

/// What the header of a .npy file says of the values that follow it.
struct NpyHeader {
    std::string descr; // NumPy's name of the type, `<f8`
    bool fortran_order = false;
    Shape shape;
};

/// Reads and parses the header; fails for all but a dict of exactly the three keys with a non-negative shape.
NpyHeader read_npy_header(ByteSource& source);

/// Reads the values the header promises, up to and including the end of the source.
AnyTensor read_npy_values(ByteSource& source, const NpyHeader& header);

/// The header numpy.save writes for an array in C order: magic, version, length, dict, spaces.
std::string npy_header(std::string_view descr, const Shape& shape);

/// NumPy's name of T in this machine's byte order.
template <class T>
std::string npy_descr() {
    const char order = std::endian::native == std::endian::little ? '<' : '>';
    const char kind = std::is_integral_v<T> ? 'i' : std::is_floating_point_v<T> ? 'f' : 'c';
    return concat(order, kind, sizeof(T));
}

} // namespace convmat::detail
