#pragma once

#include <sstream>
#include <stdexcept>
#include <string>

#include <convmat/base/types.hpp>

namespace convmat {

/// A geometry that describes no convolution; the message names the parameter and the numbers.
class GeometryError : public std::invalid_argument {
  public:
    using std::invalid_argument::invalid_argument;
};

/// An array, kernel or matrix whose shape or pattern does not fit the geometry it is used with.
class ShapeError : public std::invalid_argument {
  public:
    using std::invalid_argument::invalid_argument;
};

/// A size that overflows its integer type or exceeds the memory there is; thrown before anything is allocated.
class SizeError : public std::length_error {
  public:
    using std::length_error::length_error;
};

/// A file that cannot be read or written, or whose content is not what its format promises.
class FileError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// The parts written one after the other; how every error message is put together.
template <class... Parts>
std::string concat(const Parts&... parts) {
    std::ostringstream out;
    (out << ... << parts);
    return std::move(out).str();
}

/// `3x64x64`; the empty shape (a scalar) is `()`.
std::string to_string(const Shape& shape);

} // namespace convmat
