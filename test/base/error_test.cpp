#include <convmat/base/error.hpp>

#include <type_traits>

#include <boost/test/unit_test.hpp>

namespace error_test {

namespace {

using namespace convmat;

// What a caller who knows only the standard library can catch.
static_assert(std::is_base_of_v<std::invalid_argument, GeometryError>);
static_assert(std::is_base_of_v<std::invalid_argument, ShapeError>);
static_assert(std::is_base_of_v<std::length_error, SizeError>);
static_assert(std::is_base_of_v<std::runtime_error, FileError>);

// What a stream does to itself where memory is lacking.
struct Lacking {
    friend std::ostream& operator<<(std::ostream& out, Lacking) {
        out.setstate(std::ios::badbit);
        return out;
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_shape_is_written_with_crosses) {
    BOOST_TEST(to_string(Shape{}) == "()");
    BOOST_TEST(to_string(Shape{5}) == "5");
    BOOST_TEST(to_string(Shape{3, 64, 48}) == "3x64x48");
    BOOST_TEST(to_string(Shape{0, -1}) == "0x-1");
}

BOOST_AUTO_TEST_CASE(concat_writes_its_parts_one_after_the_other) {
    BOOST_TEST(concat("axis ", Index{2}, ": ", 'c', std::string(" has "), -7) == "axis 2: c has -7");
}

BOOST_AUTO_TEST_CASE(s2_concat_throws_rather_than_leave_something_out) {
    BOOST_CHECK_THROW(concat("half of ", Lacking(), " it"), std::ios::failure);
}

} // namespace error_test
