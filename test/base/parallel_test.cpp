#include <convmat/base/parallel.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace parallel_test {

using namespace convmat;

BOOST_AUTO_TEST_SUITE(parallel)

BOOST_AUTO_TEST_CASE(every_number_below_the_count_has_its_turn_once) {
    std::vector<int> visits(1000);
    parallel_for(1000, [&](Index i) { ++visits[static_cast<std::size_t>(i)]; });
    BOOST_TEST(std::ranges::count(visits, 1) == 1000);
    for (const Index count : {Index{0}, Index{-1}})
        parallel_for(count, [](Index) { throw std::logic_error("there is no number to visit"); });
}

BOOST_AUTO_TEST_CASE(what_a_body_throws_arrives_after_the_others_are_done) {
    std::vector<int> visits(100);
    const auto all_but_one = [&](Index i) {
        ++visits[static_cast<std::size_t>(i)];
        if (i == 37) throw std::out_of_range("number 37");
    };
    BOOST_CHECK_EXCEPTION(parallel_for(100, all_but_one), std::out_of_range,
                          [](const std::out_of_range& e) { return std::string(e.what()) == "number 37"; });
    BOOST_TEST(std::ranges::count(visits, 1) == 100);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace parallel_test
