#pragma once

#include <concepts>
#include <string>
#include <typeinfo>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>

namespace convmat::test {

/// Every error of ours says which parameter it is about (but for a size that several made too large, and a file, whose
/// name may be empty) and what would do.
template <class Error>
void has_data(const Error& error) {
    if constexpr (std::derived_from<Error, convmat::Error>) {
        const Fault& fault = error.fault();
        const bool several = std::same_as<Error, SizeError> || std::same_as<Error, FileError>;
        BOOST_TEST((several || !fault.parameter.empty()), "about nothing: " << error.what());
        BOOST_TEST(!fault.expected.empty(), "expects nothing: " << error.what());
    }
}

/// Checks that `call` throws exactly an Error (not one derived from it), and what `check` says of it.
template <class Error, class Call, class Check>
void throws_that(const Call& call, const Check& check, const std::string& expected) {
    try {
        call();
        BOOST_ERROR("nothing was thrown; expected " << expected);
    } catch (const Error& error) {
        BOOST_TEST((typeid(error) == typeid(Error)), "an error of a derived class: " << error.what());
        has_data(error);
        check(error);
    }
}

/// Checks that `call` throws exactly an Error whose message contains `text`.
template <class Error, class Call>
void throws_saying(const Call& call, const std::string& text) {
    const auto check = [&](const Error& error) {
        const std::string message = error.what();
        BOOST_TEST(message.find(text) != std::string::npos, "'" << message << "' does not contain '" << text << "'");
    };
    throws_that<Error>(call, check, "a message with '" + text + "'");
}

/// Checks that `call` throws exactly an Error about this parameter, axis, value and expectation, whatever its words.
template <class Error, class Call>
void throws_fault(const Call& call, const Fault& expected) {
    const auto in_words = [](const Fault& f) {
        return concat(f.parameter, " | ", f.axis ? std::to_string(*f.axis) : "no axis", " | ", f.value, " | ",
                      f.expected);
    };
    const auto check = [&](const Error& error) { BOOST_TEST(in_words(error.fault()) == in_words(expected)); };
    throws_that<Error>(call, check, in_words(expected));
}

} // namespace convmat::test
