#pragma once

#include <string>

#include <convmat/base/error.hpp>

#include "error.hpp"
#include "layer_description.hpp"

namespace convmat::cli {

/// An error of the library about a layer's numbers, as one about the option or the file that stated them.
InputError blamed(const GeometryError& error, const LayerDescription& description);

/// A message on one line, in the form `<what>: <found>: expected <what>` where it says what was expected.
std::string one_line(std::string message);

} // namespace convmat::cli
