#include <array>
#include <limits>

#include <boost/test/unit_test.hpp>

#include "blame.hpp"
#include "compare.hpp"
#include "scalars.hpp"

namespace compare_test {

using namespace convmat;
using namespace convmat::cli;

namespace {

template <class S, std::size_t N>
Comparison compared(const std::array<S, N>& found, const std::array<S, N>& expected,
                    std::span<const double> bounds = {}) {
    return compare<S>("a = b", ScalarKind::float64, found, expected, bounds);
}

} // namespace

BOOST_AUTO_TEST_SUITE(comparer)

BOOST_AUTO_TEST_CASE(equal_values_are_ok_and_counted) {
    const std::array<double, 3> a = {1, 2, 3};
    BOOST_TEST(line_of(compared(a, a)) == "ok     a = b: 3 float64 values equal");
}

BOOST_AUTO_TEST_CASE(the_first_difference_is_shown_with_both_values) {
    const std::array<double, 4> found = {1, 2.5, 3, 9};
    const std::array<double, 4> expected = {1, 2, 3, 4};
    const Comparison result = compared(found, expected);
    BOOST_TEST(!result.ok());
    BOOST_TEST(result.largest == 5);
    BOOST_TEST(line_of(result) == "FAILED a = b: the first of 4 float64 values that differs is at 1: 2.5, expected 2");
}

BOOST_AUTO_TEST_CASE(a_bound_allows_exactly_itself) {
    const std::array<double, 2> found = {1.5, 2};
    const std::array<double, 2> expected = {1, 2};
    const std::array<double, 1> enough = {0.5};
    const std::array<double, 2> too_little = {0.25, 1};
    BOOST_TEST(compared(found, expected, enough).ok());
    BOOST_TEST(!compared(found, expected, too_little).ok());
}

BOOST_AUTO_TEST_CASE(int64_values_one_apart_differ_even_where_doubles_cannot_tell) {
    const std::array<std::int64_t, 1> found = {std::numeric_limits<std::int64_t>::max()};
    const std::array<std::int64_t, 1> expected = {std::numeric_limits<std::int64_t>::max() - 1};
    BOOST_TEST(!compared(found, expected).ok());
}

BOOST_AUTO_TEST_CASE(nan_equals_nan_and_nothing_else) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    BOOST_TEST(compared(std::array{nan}, std::array{nan}).ok());
    BOOST_TEST(!compared(std::array{nan}, std::array{1.0}).ok());
    BOOST_TEST(!compared(std::array{1.0}, std::array{nan}, std::array{1.0}).ok());
}

BOOST_AUTO_TEST_CASE(results_have_numpys_result_type) {
    using enum ScalarKind;
    BOOST_TEST((promote(int64, int64) == int64));
    BOOST_TEST((promote(float32, int64) == float64));
    BOOST_TEST((promote(float32, float32) == float32));
    BOOST_TEST((promote(float32, complex64) == complex64));
    BOOST_TEST((promote(float64, complex64) == complex128));
    BOOST_TEST((promote(complex64, int64) == complex128));
}

BOOST_AUTO_TEST_CASE(messages_become_one_line_that_says_what_was_expected) {
    const auto of_file = [](const char* expected) {
        return FileError({.parameter = "a.npy", .value = "empty", .expected = expected});
    };
    BOOST_TEST(one_line(of_file("a\nheader\n")) == "a.npy: empty: expected a header");
    BOOST_TEST(one_line(of_file("a header")) == "a.npy: empty: expected a header");
    BOOST_TEST(one_line(InputError("--x", "3", "a, expected b")) == "--x: 3: expected a, expected b");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace compare_test
