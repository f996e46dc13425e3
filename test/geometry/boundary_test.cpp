#include <convmat/geometry/boundary.hpp>

#include <string>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>

#include "support/throws_saying.hpp"

namespace boundary_test {

namespace {

using namespace convmat;
using test::throws_saying;

static_assert(std::size(all_boundaries) == 6);

} // namespace

BOOST_AUTO_TEST_CASE(every_boundary_goes_by_its_enumerators_name) {
    BOOST_TEST(to_string(Boundary::zero) == "zero");
    BOOST_TEST(to_string(Boundary::periodic) == "periodic");
    BOOST_TEST(to_string(Boundary::half_symmetric) == "half_symmetric");
    BOOST_TEST(to_string(Boundary::whole_symmetric) == "whole_symmetric");
    BOOST_TEST(to_string(Boundary::replicate) == "replicate");
    BOOST_TEST(to_string(Boundary::antireflective) == "antireflective");
}

BOOST_AUTO_TEST_CASE(the_list_of_all_boundaries_follows_the_enum) {
    for (std::size_t i = 0; i < std::size(all_boundaries); ++i)
        BOOST_TEST(static_cast<std::size_t>(all_boundaries[i]) == i);
}

BOOST_AUTO_TEST_CASE(a_name_gives_its_boundary_back) {
    for (const Boundary boundary : all_boundaries)
        BOOST_TEST((boundary_from_string(to_string(boundary)) == boundary), to_string(boundary));
}

BOOST_AUTO_TEST_CASE(other_names_are_refused_with_a_list_of_the_known_ones) {
    for (const char* name : {"reflect", "Zero", "zero ", "half", ""})
        throws_saying<GeometryError>(
            [=] { boundary_from_string(name); },
            concat("boundary '", name,
                   "' is none of zero, periodic, half_symmetric, whole_symmetric, replicate, antireflective"));
}

BOOST_AUTO_TEST_CASE(a_number_that_is_no_enumerator_has_no_name) {
    throws_saying<GeometryError>([] { to_string(static_cast<Boundary>(6)); }, "no enumerator has the value 6");
}

} // namespace boundary_test
