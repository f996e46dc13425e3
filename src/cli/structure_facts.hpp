#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include <convmat/structure/classes.hpp>

namespace convmat::cli {

/// "name: reason; what it buys"
std::string words_of(const StructureFact& fact);

/// An array of all facts.
nlohmann::ordered_json json_of(const Structure& structure);

} // namespace convmat::cli
