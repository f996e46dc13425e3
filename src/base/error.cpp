#include <convmat/base/error.hpp>

namespace convmat {

std::string found_in(const Fault& fault) {
    if (!fault.sentence.empty()) return fault.sentence;
    if (!fault.found.empty()) return fault.found;
    return concat(fault.parameter, " is ", fault.value, fault.axis ? concat(" on axis ", *fault.axis) : std::string());
}

std::string sentence_of(const Fault& fault) {
    return fault.sentence.empty() ? concat(found_in(fault), ", expected ", fault.expected) : fault.sentence;
}

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
