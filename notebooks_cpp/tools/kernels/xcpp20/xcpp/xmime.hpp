// The part of xeus-cpp's <xcpp/xmime.hpp> that notebooks use, for kernels without xeus-cpp.
#pragma once
#include <nlohmann/json.hpp>
#include <sstream>

namespace nl = nlohmann;

namespace xcpp {

// Fallback: whatever operator<< prints. A type's own overload is found by ADL.
template <class T>
nlohmann::json mime_bundle_repr(const T& value) {
    std::ostringstream os;
    os << value;
    return {{"text/plain", os.str()}};
}

} // namespace xcpp
