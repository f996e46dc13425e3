#include "structure_facts.hpp"

#include <fmt/format.h>

namespace convmat::cli {

std::string words_of(const StructureFact& fact) {
    return fmt::format("{}: {}{}{}", fact.name, fact.reason, fact.buys.empty() ? "" : "; ", fact.buys);
}

Json json_of(const Structure& structure) {
    Json list = Json::array();
    for (const StructureFact& fact : structure.facts)
        list.push_back(
            {{"class", to_string(fact.kind)}, {"name", fact.name}, {"reason", fact.reason}, {"buys", fact.buys}});
    return list;
}

} // namespace convmat::cli
