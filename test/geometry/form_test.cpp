#include <convmat/geometry/form.hpp>

#include <boost/test/unit_test.hpp>

namespace form_test {

using namespace convmat;

BOOST_AUTO_TEST_SUITE(form)

BOOST_AUTO_TEST_CASE(the_default_is_the_matrix_and_the_other_its_transpose) {
    BOOST_TEST((Form{} == Form::matrix));
    BOOST_TEST((Form::matrix != Form::transpose));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace form_test
