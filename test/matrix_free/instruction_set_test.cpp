#include <convmat/matrix_free/instruction_set.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>

#include <boost/test/unit_test.hpp>

#include "operator_support.hpp"

namespace instruction_set_test {

using namespace convmat;
using test::WithInstructionSet;

BOOST_AUTO_TEST_SUITE(instruction_set_of_operators)

BOOST_AUTO_TEST_CASE(the_best_is_first_and_plain_last) {
    const auto names = instruction_sets();
    BOOST_TEST_REQUIRE(!names.empty());
    BOOST_TEST(names.back() == "plain");

    unsetenv("CONVMAT_INSTRUCTION_SET"); // NOLINT(concurrency-mt-unsafe)
    BOOST_TEST(instruction_set() == names.front());
}

BOOST_AUTO_TEST_CASE(the_environment_chooses_one_that_runs_here) {
    for (const std::string_view name : instruction_sets()) {
        const WithInstructionSet set(name);
        BOOST_TEST(instruction_set() == name);
    }
    const WithInstructionSet none("");
    BOOST_TEST(instruction_set() == instruction_sets().front());
}

BOOST_AUTO_TEST_CASE(another_name_is_refused_with_a_list_of_those_that_run_here) {
    const WithInstructionSet unknown("sse1");
    BOOST_CHECK_EXCEPTION(instruction_set(), std::invalid_argument, [](const std::invalid_argument& e) {
        const std::string text = e.what();
        return text.starts_with("CONVMAT_INSTRUCTION_SET is 'sse1', expected one that this processor runs: ") &&
               text.ends_with("plain");
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace instruction_set_test
