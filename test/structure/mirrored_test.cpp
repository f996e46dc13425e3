#include <convmat/structure/mirrored.hpp>

#include <boost/test/unit_test.hpp>

namespace mirrored_test {

using namespace convmat;
using detail::is_mirrored;

BOOST_AUTO_TEST_SUITE(mirrored)

BOOST_AUTO_TEST_CASE(each_axis_has_its_own_mirror) {
    const Tensor<double> kernel({1, 1, 3, 2}, {1, 2, 5, 6, 1, 2});
    BOOST_TEST(is_mirrored(kernel, 2, 0, 2));
    BOOST_TEST(!is_mirrored(kernel, 3, 0, 1));
    BOOST_TEST(is_mirrored(kernel, 3, 1, 1)); // one tap is its own image
}

BOOST_AUTO_TEST_CASE(taps_outside_the_range_do_not_count) {
    const Tensor<std::int64_t> kernel({1, 1, 5}, {9, 1, 5, 1, 7});
    BOOST_TEST(is_mirrored(kernel, 2, 1, 3));
    BOOST_TEST(!is_mirrored(kernel, 2, 0, 4));
    BOOST_TEST(!is_mirrored(kernel, 2, 1, 4));
}

BOOST_AUTO_TEST_CASE(every_pair_of_channels_has_to_be_mirrored) {
    BOOST_TEST(is_mirrored(Tensor<double>({2, 1, 2}, {1, 1, 3, 3}), 2, 0, 1));
    BOOST_TEST(!is_mirrored(Tensor<double>({2, 1, 2}, {1, 1, 3, 4}), 2, 0, 1));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace mirrored_test
