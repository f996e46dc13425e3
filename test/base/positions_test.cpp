#include <convmat/base/positions.hpp>

#include <boost/test/unit_test.hpp>

namespace positions_test {

using namespace convmat;

BOOST_AUTO_TEST_SUITE(positions)

BOOST_AUTO_TEST_CASE(the_last_axis_runs_fastest) {
    BOOST_TEST((unravel(0, {2, 3, 4}) == Shape{0, 0, 0}));
    BOOST_TEST((unravel(3, {2, 3, 4}) == Shape{0, 0, 3}));
    BOOST_TEST((unravel(4, {2, 3, 4}) == Shape{0, 1, 0}));
    BOOST_TEST((unravel(23, {2, 3, 4}) == Shape{1, 2, 3}));
    BOOST_TEST(ravel({1, 2, 3}, {2, 3, 4}) == 23);
    BOOST_TEST(ravel({1, 0, 2}, {2, 3, 4}) == 14);
}

BOOST_AUTO_TEST_CASE(advance_visits_what_unravel_says_and_begins_again) {
    for (const Shape& extents : {Shape{5}, Shape{2, 3}, Shape{3, 1, 2}, Shape{1, 1}, Shape{2, 1, 2, 3}}) {
        Shape at(extents.size(), 0);
        Index number = 0;
        do {
            BOOST_TEST((at == unravel(number, extents)));
            BOOST_TEST(ravel(at, extents) == number);
            ++number;
        } while (advance(at, extents));
        Index size = 1;
        for (const Index extent : extents) size *= extent;
        BOOST_TEST(number == size);
        BOOST_TEST((at == Shape(extents.size(), 0)));
    }
}

BOOST_AUTO_TEST_CASE(a_box_without_axes_has_one_position) {
    Shape at;
    BOOST_TEST(unravel(0, {}).empty());
    BOOST_TEST(ravel({}, {}) == 0);
    BOOST_TEST(!advance(at, {}));
}

BOOST_AUTO_TEST_CASE(for_each_position_keeps_the_order_and_skips_empty_boxes) {
    std::vector<Shape> visited;
    const auto visit = [&](const Shape& at) { visited.push_back(at); };
    for_each_position({2, 2}, visit);
    BOOST_TEST((visited == std::vector<Shape>{{0, 0}, {0, 1}, {1, 0}, {1, 1}}));
    visited.clear();
    for_each_position({2, 0, 3}, visit);
    BOOST_TEST(visited.empty());
    for_each_position({}, visit);
    BOOST_TEST(visited.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace positions_test
