#include "structure_facts.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace convmat::cli {

std::string words_of(const StructureFact& fact) {
    return fmt::format("{}: {}{}{}", fact.name, fact.reason, fact.buys.empty() ? "" : "; ", fact.buys);
}

nlohmann::ordered_json json_of(const Structure& structure) {
    auto list = nlohmann::ordered_json::array();
    for (const StructureFact& fact : structure.facts)
        list.push_back(
            {{"class", to_string(fact.kind)}, {"name", fact.name}, {"reason", fact.reason}, {"buys", fact.buys}});
    return list;
}

} // namespace convmat::cli
