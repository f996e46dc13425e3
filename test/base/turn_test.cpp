#include <convmat/base/turn.hpp>

#include <limits>

#include <boost/test/unit_test.hpp>

namespace turn_test {

using namespace convmat;

BOOST_AUTO_TEST_SUITE(turns)

BOOST_AUTO_TEST_CASE(quarter_turns_are_powers_of_i) {
    constexpr double eps = std::numeric_limits<double>::epsilon();
    const std::complex<double> i(0, 1);
    BOOST_TEST(turn(0, 4) == 1.0);
    BOOST_TEST(std::abs(turn(1, 4) - i) <= eps);
    BOOST_TEST(std::abs(turn(2, 4) + 1.0) <= eps);
    BOOST_TEST(std::abs(turn(3, 4) + i) <= 2 * eps);
}

BOOST_AUTO_TEST_CASE(whole_turns_change_no_bit) {
    BOOST_TEST(turn(9, 7) == turn(2, 7));
    BOOST_TEST(turn(-1, 7) == turn(6, 7));
    BOOST_TEST(turn((Index{1} << 62) + 1, Index{1} << 60) == turn(1, Index{1} << 60));
    BOOST_TEST(turn(-7, 7) == 1.0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace turn_test
