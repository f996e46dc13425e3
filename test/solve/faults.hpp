#pragma once

#include <string>
#include <typeinfo>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>

namespace convmat::test {

/// Checks that `call` throws exactly an Error (not one derived from it) whose fault is about that parameter, that value.
template <class Error, class Call>
void refuses_as(const Call& call, const std::string& parameter, const std::string& value) {
    try {
        call();
        BOOST_ERROR("nothing was thrown; expected a fault of " << parameter);
    } catch (const Error& error) {
        const Fault& fault = error.fault();
        BOOST_TEST((typeid(error) == typeid(Error)), "an error of a derived class: " << error.what());
        BOOST_TEST(fault.parameter == parameter, error.what());
        BOOST_TEST(fault.value == value, error.what());
        BOOST_TEST(!fault.expected.empty(), error.what());
    }
}

} // namespace convmat::test
