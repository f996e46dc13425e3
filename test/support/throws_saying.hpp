#pragma once

#include <string>

#include <boost/test/unit_test.hpp>

namespace convmat::test {

/// Checks that `call` throws exactly an Error (not one derived from it) whose message contains `text`.
template <class Error, class Call>
void throws_saying(const Call& call, const std::string& text) {
    try {
        call();
        BOOST_ERROR("nothing was thrown; expected a message with '" << text << "'");
    } catch (const Error& error) {
        const std::string message = error.what();
        BOOST_TEST((typeid(error) == typeid(Error)), "an error of a derived class: " << message);
        BOOST_TEST(message.find(text) != std::string::npos, "'" << message << "' does not contain '" << text << "'");
    }
}

} // namespace convmat::test
