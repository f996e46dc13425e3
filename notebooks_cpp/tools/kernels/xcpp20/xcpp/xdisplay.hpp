// xcpp::display(x) as in xeus-cpp: shows x in the notebook through mime_bundle_repr(x).
// Outside Jupyter (a compiled program, a terminal) it prints the text/plain part, if any.
#pragma once
#include "xcpp/xmime.hpp"
#include <cstdlib>
#include <iostream>

namespace xcpp {

inline void publish(const nlohmann::json& bundle) {
    if (std::getenv("JUPYTER_DISPLAY"))
        std::cout << "\x1b_jupyter:" << bundle.dump() << "\x1b\\" << std::flush;
    else if (auto text = bundle.find("text/plain"); text != bundle.end())
        std::cout << text->get<std::string>() << std::endl;
}

template <class T>
void display(const T& value) {
    using ::xcpp::mime_bundle_repr;
    publish(mime_bundle_repr(value));
}

} // namespace xcpp
