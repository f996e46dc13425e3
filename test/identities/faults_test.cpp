// What the refusals of this room are about, as data.
#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>
#include <convmat/identities/random_case.hpp>

#include "support/throws_saying.hpp"

namespace faults_test {

using namespace convmat;

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(ranks_of_random_cases) {
    for (const Index rank : {0, 5})
        test::throws_fault<ArgumentError>([&] { identities::random_case(rank, 1); },
                                          {"rank", {}, std::to_string(rank), "1 to 4"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace faults_test
