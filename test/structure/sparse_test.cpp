#include <convmat/structure/sparse.hpp>

#include <array>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "factor_support.hpp"
#include "support/throws_saying.hpp"

namespace sparse_test {

using namespace convmat;
using namespace convmat::test;

BOOST_AUTO_TEST_SUITE(sparse)

BOOST_AUTO_TEST_CASE(small_matrices_are_put_together) {
    const auto one = identity_matrix<Integer>(2);
    const auto row = sparse_rows<Integer>(1, 2, 2, [](Index, auto add) {
        add(0, 3);
        add(1, -4);
    });
    BOOST_TEST(is(row, Matrix{{3, -4}}));
    BOOST_TEST(is(kronecker(one, row), Matrix{{3, -4, 0, 0}, {0, 0, 3, -4}}));
    BOOST_TEST(is(kronecker(row, one), Matrix{{3, 0, -4, 0}, {0, 3, 0, -4}}));
    const std::array<Sparse<Integer>, 2> blocks = {one, row};
    BOOST_TEST(is(stacked<Integer>(blocks), Matrix{{1, 0}, {0, 1}, {3, -4}}));
    BOOST_TEST(is(block_diagonal<Integer>(blocks), Matrix{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 3, -4}}));
    BOOST_TEST(is(block_diagonal<Integer>({}), Matrix(0, 0)));
    BOOST_TEST(is(kronecker<Integer>(blocks), Matrix{{3, -4, 0, 0}, {0, 0, 3, -4}}));
    test::throws_saying<ShapeError>([] { stacked<Integer>({}); }, "stacked: no blocks");
    test::throws_saying<ShapeError>([] { kronecker<Integer>({}); }, "kronecker: no factors");
    const std::array<Sparse<Integer>, 2> uneven = {one, identity_matrix<Integer>(3)};
    test::throws_saying<ShapeError>([&] { stacked<Integer>(uneven); }, "a block of 3 columns, expected 2");
}

BOOST_AUTO_TEST_CASE(a_product_with_nothing_in_it_is_empty) {
    const Sparse<Integer> nothing(2, 3);
    BOOST_TEST(is(kronecker(nothing, identity_matrix<Integer>(2)), Matrix::Zero(4, 6)));
    BOOST_TEST(is(kronecker(identity_matrix<Integer>(0), nothing), Matrix(0, 0)));
    const auto large = identity_matrix<Integer>(1'000);
    const std::array<Sparse<Integer>, 4> factors = {large, large, large, Sparse<Integer>(0, 0)};
    BOOST_TEST(is(kronecker<Integer>(factors), Matrix(0, 0)));
}

BOOST_AUTO_TEST_CASE(factors_may_have_room_between_their_rows) {
    Sparse<Integer> loose(2, 2);
    loose.insert(1, 0) = 5;
    loose.uncompress();
    const std::array<Sparse<Integer>, 1> alone = {loose};
    BOOST_TEST(is(kronecker(loose, identity_matrix<Integer>(1)), Matrix{{0, 0}, {5, 0}}));
    BOOST_TEST(is(kronecker<Integer>(alone), Matrix{{0, 0}, {5, 0}}));
    BOOST_TEST(is(stacked<Integer>(alone), Matrix{{0, 0}, {5, 0}}));
}

BOOST_AUTO_TEST_CASE(positions_come_in_row_major_order) {
    std::vector<Shape> seen;
    for_each_position({2, 1, 2}, [&](const Shape& at) { seen.push_back(at); });
    BOOST_TEST((seen == std::vector<Shape>{{0, 0, 0}, {0, 0, 1}, {1, 0, 0}, {1, 0, 1}}));
    for_each_position({2, 0}, [](const Shape&) { BOOST_ERROR("an empty box has a position"); });
    int points = 0;
    for_each_position({}, [&](const Shape&) { ++points; });
    BOOST_TEST(points == 1);
}

BOOST_AUTO_TEST_CASE(what_fits_no_index_is_refused) {
    test::throws_saying<SizeError>([] { identity_matrix(Index{1} << 31); }, "expected at most 2147483647");
    const auto large = identity_matrix<Integer>(50'000);
    test::throws_saying<SizeError>([&] { kronecker(large, large); }, "2500000000");
    test::throws_saying<ShapeError>([] { identity_matrix(-1); }, "identity_matrix: extent -1");
    const auto nothing = [](Index, auto) {};
    test::throws_saying<ShapeError>([&] { sparse_rows<Integer>(1, -2, 0, nothing); }, "a sparse factor of 1x-2");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace sparse_test
