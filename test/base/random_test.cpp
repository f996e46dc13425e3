#include <convmat/base/random.hpp>

#include <algorithm>

#include <boost/test/unit_test.hpp>

namespace random_test {

using namespace convmat;

BOOST_AUTO_TEST_SUITE(random_numbers)

// The C++ standard says what the 10000th number of a mt19937_64 with the seed 5489 is: 9981545732273789042.
BOOST_AUTO_TEST_CASE(integers_are_the_generators_modulo_nineteen) {
    const Tensor<std::int64_t> integers = random_integers({100, 100}, 5489);
    BOOST_TEST((integers.shape() == Shape{100, 100}));
    BOOST_TEST(integers[9999] == static_cast<std::int64_t>(9981545732273789042U % 19) - 9);
}

BOOST_AUTO_TEST_CASE(every_integer_from_minus_nine_to_nine_is_drawn_and_no_other) {
    const Tensor<std::int64_t> integers = random_integers({1000}, 1);
    for (std::int64_t value = -9; value <= 9; ++value) BOOST_TEST(std::ranges::count(integers.values(), value) > 0);
    BOOST_TEST(std::ranges::min(integers.values()) == -9);
    BOOST_TEST(std::ranges::max(integers.values()) == 9);
}

BOOST_AUTO_TEST_CASE(a_seed_decides_all_of_them) {
    BOOST_TEST((random_integers({50}, 2) == random_integers({50}, 2)));
    BOOST_TEST((random_integers({50}, 2) != random_integers({50}, 3)));
    BOOST_TEST(random_integers({0}, 2).size() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace random_test
