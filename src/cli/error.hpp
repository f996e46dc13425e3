#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <convmat/base/error.hpp>

namespace convmat::cli {

/// What the user gave and cannot be used: becomes the one line `convmat: <name>: <value>: expected <expected>`, exit 2.
/// As of a FileError the fault's parameter is the name: an option, or a file.
class InputError : public ErrorAs<std::runtime_error> {
  public:
    InputError(std::string_view name, std::string_view value, std::string_view expected)
        : ErrorAs(Fault{.parameter = std::string(name),
                        .value = std::string(value),
                        .expected = std::string(expected),
                        .sentence = concat(name, ": ", value, ": expected ", expected)}) {}
};

/// What would have done, and what there was, of a fault that makes another option useless: `at most 16, not 40`.
inline std::string wanted_instead(const Fault& fault) { return concat(fault.expected, ", not ", fault.value); }

} // namespace convmat::cli
