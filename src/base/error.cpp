#include <convmat/base/error.hpp>

namespace convmat {

std::string to_string(const Shape& shape) {
    if (shape.empty()) return "()";
    std::string text;
    for (const Index extent : shape) {
        if (!text.empty()) text += 'x';
        text += std::to_string(extent);
    }
    return text;
}

} // namespace convmat
