#include <convmat/base/scalars.hpp>

#include <boost/test/unit_test.hpp>

namespace scalars_test {

using namespace convmat;

static_assert(is_complex<std::complex<float>> && is_complex<std::complex<double>>);
static_assert(!is_complex<float> && !is_complex<std::int64_t>);
static_assert(std::same_as<RealOf<std::complex<float>>, float> && std::same_as<RealOf<std::int64_t>, std::int64_t>);
static_assert(std::same_as<DoubleOf<float>, double> && std::same_as<DoubleOf<std::int64_t>, double>);
static_assert(std::same_as<DoubleOf<std::complex<float>>, std::complex<double>>);

BOOST_AUTO_TEST_CASE(in_double_keeps_the_value) {
    BOOST_TEST(in_double(1.5F) == 1.5);
    BOOST_TEST(in_double(std::int64_t{-3}) == -3.0);
    BOOST_TEST((in_double(std::complex<float>(1.5F, -2)) == std::complex<double>(1.5, -2)));
}

} // namespace scalars_test
