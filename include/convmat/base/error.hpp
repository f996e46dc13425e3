#pragma once

#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

#include <convmat/base/types.hpp>

namespace convmat {

/// The parts written one after the other, manipulators such as std::setprecision(2) among them; how every text is put
/// together. Throws std::bad_alloc rather than leaving out what memory was lacking for, as a stream does by itself.
template <class... Parts>
std::string concat(const Parts&... parts) {
    std::ostringstream out;
    out.exceptions(std::ios::badbit | std::ios::failbit);
    (out << ... << parts);
    return std::move(out).str();
}

/// What an error is about, as data. Who passes it on in other words (a command line, a binding) reads this, never the
/// sentence, which is for people and may be reworded.
struct Fault {
    std::string parameter; ///< the argument or field, spelt as in the interface: `stride`, `output_padding`, `lambda`
    std::optional<Index> axis = {}; ///< the spatial axis, where it is about one
    std::string value;              ///< what it was: `0`, `3x3`
    std::string expected;           ///< what would do: `at least 1`
    std::string found = {};         ///< the sentence's beginning; empty: `<parameter> is <value>[ on axis <axis>]`
    std::string sentence = {};      ///< all of it, where it says the expectation in other words
};

/// What was found: the sentence's beginning, or all of one that says the expectation in other words.
std::string found_in(const Fault& fault);

/// `<found>, expected <expected>`, or the fault's own sentence.
std::string sentence_of(const Fault& fault);

/// Base of every error that convmat throws, beside the standard exception that each of them is.
class Error {
  public:
    const Fault& fault() const { return *fault_; }
    virtual const char* what() const noexcept = 0; ///< the sentence

  protected:
    explicit Error(Fault fault) : fault_(std::make_shared<const Fault>(std::move(fault))) {}
    Error(const Error&) = default;
    Error& operator=(const Error&) = default;
    ~Error() = default;

  private:
    std::shared_ptr<const Fault> fault_; // shared, so that copying an error does not throw
};

/// A standard exception that knows what it is about.
template <class Standard>
class ErrorAs : public Standard, public Error {
  public:
    explicit ErrorAs(Fault fault) : Standard(sentence_of(fault)), Error(std::move(fault)) {}
    const char* what() const noexcept override { return Standard::what(); }
};

/// A geometry that describes no convolution.
class GeometryError : public ErrorAs<std::invalid_argument> {
  public:
    using ErrorAs::ErrorAs;
};

/// An array, kernel or matrix whose shape or pattern does not fit the geometry it is used with.
class ShapeError : public ErrorAs<std::invalid_argument> {
  public:
    using ErrorAs::ErrorAs;
};

/// An argument or option whose value means nothing, or nothing beside the others.
class ArgumentError : public ErrorAs<std::invalid_argument> {
  public:
    using ErrorAs::ErrorAs;
};

/// A size that overflows its integer type or exceeds the memory there is; thrown before anything is allocated.
class SizeError : public ErrorAs<std::length_error> {
  public:
    using ErrorAs::ErrorAs;
};

/// A file that cannot be read or written, or whose content is not what its format promises. The fault's parameter is
/// the file, or a member of it (`W.npz: data.npy`), its value what was found there.
class FileError : public ErrorAs<std::runtime_error> {
  public:
    using ErrorAs::ErrorAs;
};

/// `3x64x64`; the empty shape (a scalar) is `()`.
std::string to_string(const Shape& shape);

} // namespace convmat
