#include <convmat/base/version.hpp>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>

namespace version_test {

using namespace convmat;

BOOST_AUTO_TEST_CASE(the_version_text_is_made_of_the_version_numbers) {
    BOOST_TEST(concat(CONVMAT_VERSION_MAJOR, '.', CONVMAT_VERSION_MINOR, '.', CONVMAT_VERSION_PATCH) ==
               CONVMAT_VERSION);
}

} // namespace version_test
