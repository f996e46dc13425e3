#include <convmat/base/types.hpp>

#include <type_traits>

#include <Eigen/Core>
#include <boost/test/unit_test.hpp>

namespace types_test {

using namespace convmat;

BOOST_AUTO_TEST_SUITE(types)

BOOST_AUTO_TEST_CASE(five_scalars_and_no_other_are_convmats) {
    BOOST_TEST(ScalarType<float>);
    BOOST_TEST(ScalarType<double>);
    BOOST_TEST(ScalarType<std::complex<float>>);
    BOOST_TEST(ScalarType<std::complex<double>>);
    BOOST_TEST(ScalarType<std::int64_t>);
    BOOST_TEST(!ScalarType<int>);
    BOOST_TEST(!ScalarType<bool>);
    BOOST_TEST(!ScalarType<long double>);
    BOOST_TEST(!ScalarType<const double>);
}

BOOST_AUTO_TEST_CASE(indices_are_signed_and_eigens) {
    BOOST_TEST((std::is_same_v<Index, Eigen::Index>));
    BOOST_TEST(sizeof(Index) == 8U);
    BOOST_TEST(StorageIndexType<int>);
    BOOST_TEST(StorageIndexType<std::int64_t>);
    BOOST_TEST(!StorageIndexType<unsigned>);
    BOOST_TEST(!StorageIndexType<short>);
}

BOOST_AUTO_TEST_CASE(every_integer_counts_and_true_does_not) {
    BOOST_TEST(WholeNumber<int>);
    BOOST_TEST(WholeNumber<std::size_t>);
    BOOST_TEST(!WholeNumber<bool>);
    BOOST_TEST(!WholeNumber<double>);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace types_test
