#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace convmat::cli {

/// The name that was probably meant: the one reached by the fewest letters put in, left out, changed or swapped, where
/// these are few for its length. Empty where none is near.
std::string nearest(std::string_view text, const std::vector<std::string>& names);

/// `; did you mean --padding?`, or nothing.
std::string did_you_mean(std::string_view text, const std::vector<std::string>& names);

/// What is expected of a name that is none of these: `one of zero, periodic; did you mean zero?`.
std::string one_of(std::string_view text, const std::vector<std::string>& names);

} // namespace convmat::cli
