// What the refusals of this room are about, as data.
#include <limits>

#include <boost/test/unit_test.hpp>

#include <convmat/base/checked.hpp>
#include <convmat/base/error.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/base/rearrange.hpp>
#include <convmat/base/tensor.hpp>

#include "support/throws_saying.hpp"

namespace faults_test {

using namespace convmat;
using test::throws_fault;

namespace {

using Integers = Tensor<std::int64_t>;

constexpr Index most = std::numeric_limits<Index>::max();
const std::string fits = "at most 9223372036854775807 in magnitude";

} // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(overflows_name_the_parameter_that_the_caller_knows) {
    throws_fault<SizeError>([] { checked_add(most, 1, "rows of W"); }, {"", {}, "9223372036854775807 + 1", fits});
    throws_fault<SizeError>(
        [] {
            checked_sub(-most, 2, {"padding", "padding"});
        },
        {"padding", {}, "-9223372036854775807 - 2", fits});
    throws_fault<SizeError>(
        [] {
            checked_mul(most, 2, {"effective kernel extent", "dilation", 1});
        },
        {"dilation", 1, "9223372036854775807 * 2", fits});
    const Shape cube(3, Index{1} << 21);
    throws_fault<SizeError>(
        [&] {
            checked_product(cube, {"pixels", "image"});
        },
        {"image", {}, "4398046511104 * 2097152", fits});
}

BOOST_AUTO_TEST_CASE(memory_that_there_is_not_is_a_value_and_a_bound) {
    if (available_memory() == most) return; // the system does not say
    try {
        require_memory(most, {"the moon", "kernel"});
        BOOST_ERROR("the moon fits");
    } catch (const SizeError& error) {
        BOOST_TEST(error.fault().parameter == "kernel");
        BOOST_TEST(error.fault().value == "8796093022207 MiB");
        BOOST_TEST(error.fault().expected.starts_with("at most "));
        BOOST_TEST(error.fault().expected.ends_with(" MiB"));
    }
}

BOOST_AUTO_TEST_CASE(shapes_and_orders) {
    throws_fault<ShapeError>([] { Integers({2, 3}, {1, 2}); }, {"shape", {}, "2x3", "the shape of 2 values"});
    throws_fault<ShapeError>([] { Integers(Shape{0, -2}); }, {"shape", {}, "0x-2", "extents of at least 0"});
    throws_fault<ShapeError>([] { Integers({4}).reshaped({5}); }, {"shape", {}, "5", "the shape of 4 values"});
    throws_fault<ShapeError>([] { require_shape(Integers({2}), {3}, "f: kernel"); }, {"kernel", {}, "2", "3"});
    throws_fault<ShapeError>([] { require_shape(Integers({2}), {}, "f: x", "x"); }, {"x", {}, "2", "()"});
    throws_fault<ShapeError>(
        [] {
            permute_axes(Integers({2, 3}), Shape{0, 0});
        },
        {"order", {}, "0x0", "each axis of 2x3 once, from 0"});
    throws_fault<ShapeError>([] { flip_axes(Integers({2, 3}), 3); }, {"first_axis", {}, "3", "0 to 2"});
}

BOOST_AUTO_TEST_CASE(a_sentence_of_its_own_changes_no_data) {
    const Fault plain = {.parameter = "stride", .axis = 1, .value = "0", .expected = "at least 1"};
    BOOST_TEST(sentence_of(plain) == "stride is 0 on axis 1, expected at least 1");
    Fault reworded = plain;
    reworded.found = "no stride";
    BOOST_TEST(sentence_of(reworded) == "no stride, expected at least 1");
    BOOST_TEST(found_in(reworded) == "no stride");
    reworded.sentence = "one strides forward";
    BOOST_TEST(sentence_of(reworded) == "one strides forward");
    BOOST_TEST(found_in(reworded) == "one strides forward");
    throws_fault<GeometryError>([&] { throw GeometryError(reworded); }, plain);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace faults_test
