#include <convmat/base/checked.hpp>

#include <limits>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>

#include "support/throws_saying.hpp"

namespace checked_test {

namespace {

using namespace convmat;
using test::throws_saying;

constexpr Index most = std::numeric_limits<Index>::max();
constexpr Index least = std::numeric_limits<Index>::min();

// Also at compile time, where an overflow would not compile.
static_assert(floor_div(7, 2) == 3 && floor_div(-7, 2) == -4 && floor_mod(-7, 2) == 1);
static_assert(floor_div(least, 1) == least && floor_div(least, 3) == least / 3 - 1 && floor_mod(most, 2) == 1);

} // namespace

BOOST_AUTO_TEST_CASE(sums_differences_and_products_reach_the_limits_exactly) {
    BOOST_TEST(checked_add(most - 1, 1, "sum") == most);
    BOOST_TEST(checked_add(least + 1, -1, "sum") == least);
    BOOST_TEST(checked_add(most, least, "sum") == -1);
    BOOST_TEST(checked_sub(least + 1, 1, "difference") == least);
    BOOST_TEST(checked_sub(-1, most, "difference") == least);
    BOOST_TEST(checked_sub(-1, least, "difference") == most);
    BOOST_TEST(checked_mul(most / 2, 2, "product") == most - 1);
    BOOST_TEST(checked_mul(least / 2, 2, "product") == least);
    BOOST_TEST(checked_mul(Index{3037000499}, Index{3037000499}, "product") == Index{9223372030926249001});
    BOOST_TEST(checked_mul(most, 0, "product") == 0);
}

BOOST_AUTO_TEST_CASE(one_step_beyond_the_limits_is_refused_with_the_name_and_the_numbers) {
    throws_saying<SizeError>([] { checked_add(most, 1, "rows of W"); },
                             "rows of W: 9223372036854775807 + 1 does not fit");
    throws_saying<SizeError>([] { checked_add(least, -1, "a"); }, "a: -9223372036854775808 + -1 does not fit");
    throws_saying<SizeError>([] { checked_sub(least, 1, "b"); }, "b: -9223372036854775808 - 1 does not fit");
    throws_saying<SizeError>([] { checked_sub(0, least, "b"); }, "b: 0 - -9223372036854775808 does not fit");
    throws_saying<SizeError>([] { checked_mul(most / 2 + 1, 2, "c"); }, "c: 4611686018427387904 * 2 does not fit");
    throws_saying<SizeError>([] { checked_mul(Index{3037000500}, Index{3037000500}, "c"); },
                             "c: 3037000500 * 3037000500 does not fit");
    throws_saying<SizeError>([] { checked_mul(least, -1, "c"); }, "c: -9223372036854775808 * -1 does not fit");
}

BOOST_AUTO_TEST_CASE(the_product_of_no_extents_is_one) {
    BOOST_TEST(checked_product(Shape{}, "size") == 1);
    BOOST_TEST(checked_product(Shape{7}, "size") == 7);
    BOOST_TEST(checked_product(Shape{3, 64, 64}, "size") == 12288);
    BOOST_TEST(checked_product(Shape{3, 0, 5}, "size") == 0);
}

BOOST_AUTO_TEST_CASE(a_product_that_overflows_anywhere_is_refused) {
    const Shape cube(3, Index{1} << 21); // 2^63, one too many
    throws_saying<SizeError>([&] { checked_product(cube, "pixels"); }, "pixels: 4398046511104 * 2097152");
    BOOST_TEST(checked_product(Shape(2, Index{1} << 31), "pixels") == Index{1} << 62);
}

BOOST_AUTO_TEST_CASE(floor_division_rounds_down_and_leaves_a_remainder_of_the_divisors_sign) {
    for (Index a = -40; a <= 40; ++a)
        for (Index b = 1; b <= 9; ++b) BOOST_TEST_CONTEXT("a = " << a << ", b = " << b) {
                BOOST_TEST(b * floor_div(a, b) <= a);
                BOOST_TEST(a < b * (floor_div(a, b) + 1));
                BOOST_TEST(floor_mod(a, b) == a - b * floor_div(a, b));
                BOOST_TEST(ceil_div(a, b) == -floor_div(-a, b));
            }
}

BOOST_AUTO_TEST_CASE(floor_division_holds_at_the_limits) {
    BOOST_TEST(floor_div(most, most) == 1);
    BOOST_TEST(floor_div(least, most) == -2);
    BOOST_TEST(floor_div(least, 2) == least / 2);
    BOOST_TEST(ceil_div(least, 3) == least / 3);
    BOOST_TEST(ceil_div(most, 2) == most / 2 + 1);
    BOOST_TEST(floor_mod(least, 2) == 0);
    BOOST_TEST(floor_mod(least, 3) == 1); // 2^63 = 2 (mod 3)
    BOOST_TEST(floor_mod(least, most) == most - 1);
    BOOST_TEST(floor_mod(most, most) == 0);
}

} // namespace checked_test
