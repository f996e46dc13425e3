#define BOOST_TEST_MODULE convmat
#include <boost/test/unit_test.hpp>
