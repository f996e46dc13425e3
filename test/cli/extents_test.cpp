#include <boost/test/unit_test.hpp>

#include <convmat/geometry/axis.hpp>

#include "error.hpp"
#include "extents.hpp"
#include "support/throws_saying.hpp"

namespace extents_test {

using namespace convmat;
using namespace convmat::cli;

BOOST_AUTO_TEST_SUITE(extents)

BOOST_AUTO_TEST_CASE(extents_are_integers_joined_by_x) {
    BOOST_TEST((parse_extents("--input", "3x64x5") == Shape{3, 64, 5}));
    BOOST_TEST((parse_extents("--input", "7") == Shape{7}));
}

BOOST_AUTO_TEST_CASE(extents_with_anything_else_are_refused_with_the_option_and_the_text) {
    for (const char* text : {"", "x", "3x", "3x4.5", " 3", "3 ", "0x1f", "99999999999999999999", "3,4"})
        test::throws_saying<InputError>([&] { parse_extents("--input", text); },
                                        concat("--input: ", text, ": expected integers joined by 'x'"));
}

BOOST_AUTO_TEST_CASE(paddings_are_numbers_or_pairs_and_may_be_negative) {
    const auto pairs = std::get<std::vector<Padding>>(parse_padding("--padding", "1:2x-1x0:+3"));
    BOOST_TEST((pairs == std::vector<Padding>{{1, 2}, {-1, -1}, {0, 3}}));
}

BOOST_AUTO_TEST_CASE(same_is_same_upper) {
    BOOST_TEST((std::get<PaddingRule>(parse_padding("--padding", "same")) == PaddingRule::same_upper));
    BOOST_TEST((std::get<PaddingRule>(parse_padding("--padding", "same_lower")) == PaddingRule::same_lower));
}

BOOST_AUTO_TEST_CASE(a_padding_of_three_numbers_or_an_unknown_rule_is_refused) {
    test::throws_saying<InputError>([] { parse_padding("--padding", "1:2:3"); }, "--padding: 1:2:3: expected");
    test::throws_saying<InputError>(
        [] { parse_padding("--padding", "some"); },
        "--padding: some: expected numbers, or one of valid, full, same, same_upper, same_lower; did you mean same?");
}

BOOST_AUTO_TEST_CASE(an_unknown_boundary_is_refused_with_the_known_ones) {
    BOOST_TEST(
        (parse_boundaries("--boundary", "periodic,zero") == std::vector<Boundary>{Boundary::periodic, Boundary::zero}));
    test::throws_saying<InputError>([] { parse_boundaries("--boundary", "periodic,"); },
                                    "--boundary: : expected one of zero, periodic");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace extents_test
