#pragma once

#include <convmat/structure/classes.hpp>

#include "json.hpp"

namespace convmat::cli {

/// An array of all facts.
Json json_of(const Structure& structure);

} // namespace convmat::cli
