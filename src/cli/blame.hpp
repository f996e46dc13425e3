#pragma once

#include <string>
#include <string_view>

#include <convmat/base/error.hpp>

#include "error.hpp"
#include "layer_description.hpp"

namespace convmat::cli {

/// The option, or the layer file when it stated the number and the option did not.
std::string stated_by(std::string_view option, const LayerDescription& description);

/// An error of the library about a layer's numbers, as one about the option or the file that stated them.
InputError blamed(const GeometryError& error, const LayerDescription& description);

/// A message on one line, in the form `<what>: <found>: expected <what>` where it says what was expected.
std::string one_line(std::string message);

} // namespace convmat::cli
