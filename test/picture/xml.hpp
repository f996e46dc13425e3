#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace convmat {

/// How often the part occurs.
inline std::size_t count_of(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

/// Whether every tag that opens closes in turn, and nothing stands outside the first.
inline bool balanced(std::string_view xml) {
    std::vector<std::string> open;
    for (auto at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at)) {
        const auto end = xml.find('>', at);
        if (end == std::string_view::npos) return false;
        const std::string_view tag = xml.substr(at + 1, end - at - 1);
        at = end;
        if (tag.ends_with('/')) continue;
        const std::string name(tag.substr(tag.starts_with('/') ? 1 : 0, tag.find(' ')));
        if (!tag.starts_with('/'))
            open.push_back(name);
        else if (open.empty() || open.back() != name)
            return false;
        else
            open.pop_back();
    }
    return open.empty() && xml.starts_with("<svg ") && xml.ends_with("</svg>\n");
}

} // namespace convmat
