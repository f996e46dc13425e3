#pragma once

#include <exception>
#include <string>
#include <string_view>

#include <convmat/base/error.hpp>

#include "error.hpp"
#include "layer_description.hpp"

namespace convmat::cli {

/// The option that states a parameter of the library, as its errors name it: `output_padding` -> `--output-padding`.
/// Empty where no option states it, or no single one.
std::string_view option_of(std::string_view parameter);

/// The option, or when that was not given what stated the number in its place: the layer file, or --x.
std::string stated_by(std::string_view option, const LayerDescription& description);

/// An error of the library about a layer's numbers, or about what they multiply to, as one about the option or the file
/// that stated them; `otherwise` is expected where the error's own sentence says it in other words.
InputError blamed(const Error& error, std::string_view otherwise, const LayerDescription& description);

/// `<option or file>: <found>: expected <expected>`, by the error's data; control characters are escaped.
std::string one_line(const std::exception& error);

} // namespace convmat::cli
