#pragma once

#include <string>

#include <convmat/structure/classes.hpp>

#include "json.hpp"

namespace convmat::cli {

/// "name: reason; what it buys"
std::string words_of(const StructureFact& fact);

/// An array of all facts.
Json json_of(const Structure& structure);

} // namespace convmat::cli
