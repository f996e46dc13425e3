#include "structure_facts.hpp"

namespace convmat::cli {

Json json_of(const Structure& structure) {
    Json list = Json::array();
    for (const StructureFact& fact : structure.facts)
        list.push_back(
            {{"class", to_string(fact.kind)}, {"name", fact.name}, {"reason", fact.reason}, {"buys", fact.buys}});
    return list;
}

} // namespace convmat::cli
