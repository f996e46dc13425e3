#include "products.hpp"

namespace convmat::spectrum {

std::string joined(const std::set<std::string>& methods) {
    std::string text;
    for (const std::string& method : methods) text += concat(text.empty() ? "" : "; ", method);
    return text;
}

std::string words_of_groups(Index groups) { return groups > 1 ? concat(groups, " groups, each: ") : std::string(); }

std::vector<double> kronecker_values(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> all;
    all.reserve(a.size() * b.size());
    for (const double x : a)
        for (const double y : b) all.push_back(x * y);
    return all;
}

} // namespace convmat::spectrum
