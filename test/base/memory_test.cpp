#include <convmat/base/memory.hpp>

#include <algorithm>
#include <limits>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>

#include "support/throws_saying.hpp"

namespace memory_test {

namespace {

using namespace convmat;

constexpr Index MiB = Index{1} << 20;
constexpr Index unlimited = std::numeric_limits<Index>::max();

boost::test_tools::assertion_result system_says_what_is_available(boost::unit_test::test_unit_id) {
    return available_memory() < unlimited;
}

} // namespace

BOOST_AUTO_TEST_CASE(some_memory_is_available) { BOOST_TEST(available_memory() > MiB); }

BOOST_AUTO_TEST_CASE(small_requests_pass_unasked) {
    BOOST_CHECK_NO_THROW(require_memory(0, "nothing"));
    BOOST_CHECK_NO_THROW(require_memory(64 * MiB - 1, "a little"));
}

BOOST_AUTO_TEST_CASE(more_than_is_available_is_refused_by_name,
                     *boost::unit_test::precondition(system_says_what_is_available)) {
    test::throws_saying<SizeError>([] { require_memory(unlimited, "the moon"); },
                                   "the moon needs 8796093022207 MiB, more than the ");
    // Twice what there is now: as much cannot come free in between.
    test::throws_saying<SizeError>([] { require_memory(2 * available_memory() + 64 * MiB, "W"); }, "W needs ");
}

BOOST_AUTO_TEST_CASE(advice_on_pages_leaves_the_bytes_alone) {
    std::vector<unsigned char> bytes(static_cast<std::size_t>(9 * MiB), 7);
    advise_huge_pages(bytes.data() + 1, bytes.size() - 1); // from the middle of a page
    advise_huge_pages(bytes.data(), 10);
    advise_huge_pages(nullptr, 0);
    BOOST_TEST(std::ranges::count(bytes, 7) == 9 * MiB);
}

} // namespace memory_test
