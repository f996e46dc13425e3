#pragma once

#include <string>
#include <string_view>

#include <convmat/base/error.hpp>

#include "error.hpp"
#include "layer_description.hpp"

namespace convmat::cli {

/// The option, or when that was not given what stated the number in its place: the layer file, or --x.
std::string stated_by(std::string_view option, const LayerDescription& description);

/// An error of the library about a layer's numbers, or about what they multiply to, as one about the option or the file
/// that stated them; `expected` is for a message that does not say it.
InputError blamed(const std::string& message, std::string_view expected, const LayerDescription& description);

/// A message on one line, in the form `<what>: <found>: expected <what>` where it says what was expected;
/// control characters are escaped.
std::string one_line(std::string message);

} // namespace convmat::cli
