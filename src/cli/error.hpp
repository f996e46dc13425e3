#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <convmat/base/error.hpp>

namespace convmat::cli {

/// What the user gave and cannot be used: becomes the one line `convmat: <name>: <value>: expected <expected>`, exit 2.
class InputError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
    InputError(std::string_view name, std::string_view value, std::string_view expected)
        : std::runtime_error(concat(name, ": ", value, ": expected ", expected)) {}
};

} // namespace convmat::cli
