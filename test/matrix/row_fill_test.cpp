#include <convmat/matrix/row_fill.hpp>

#include <vector>

#include <boost/test/unit_test.hpp>

namespace row_fill_test {

namespace {

using namespace convmat;
using Integers = std::vector<std::int64_t>;
using Indices = std::vector<int>;
using Fill = RowFill<std::int64_t, int>;

// W = [2 0 0; 1 2 0; 0 1 2; 0 0 1] of the weights (1, 2).
const RowPlan plan = RowPlan::matrix(ConvGeometry({.input = {3}, .kernel = {2}, .padding = {{1, 1}}}));
const Integers weights = {1, 2};

} // namespace

BOOST_AUTO_TEST_SUITE(row_fill)

BOOST_AUTO_TEST_CASE(all_rows_are_written_with_ascending_columns) {
    Indices offsets(5), columns(6);
    Integers values(6);
    Fill::all(plan, weights.data(), offsets.data(), columns.data(), values.data());
    BOOST_TEST(offsets == (Indices{0, 1, 3, 5, 6}));
    BOOST_TEST(columns == (Indices{0, 0, 1, 1, 2, 2}));
    BOOST_TEST(values == (Integers{2, 1, 2, 1, 2, 1}));
    const Integers others = {10, 20};
    Fill::values(plan, others.data(), values.data());
    BOOST_TEST(values == (Integers{20, 10, 20, 10, 20, 10}));
}

BOOST_AUTO_TEST_CASE(a_range_of_rows_counts_its_offsets_from_zero) {
    Indices offsets(3), columns(4);
    Integers values(4);
    Fill::rows(plan, weights.data(), 1, 3, offsets.data(), columns.data(), values.data());
    BOOST_TEST(offsets == (Indices{0, 2, 4}));
    BOOST_TEST(columns == (Indices{0, 1, 1, 2}));
    BOOST_TEST(values == (Integers{1, 2, 1, 2}));
}

BOOST_AUTO_TEST_CASE(zeros_may_be_left_out) {
    const Integers sparse = {0, 2};
    Indices offsets(5), columns(3);
    Integers values(3);
    Fill::nonzero_offsets(plan, sparse.data(), offsets.data());
    BOOST_TEST(offsets == (Indices{0, 1, 2, 3, 3}));
    Fill::nonzeros(plan, sparse.data(), offsets.data(), columns.data(), values.data());
    BOOST_TEST(columns == (Indices{0, 1, 2}));
    BOOST_TEST(values == (Integers{2, 2, 2}));
}

BOOST_AUTO_TEST_CASE(another_pattern_does_not_match) {
    Indices offsets = {0, 1, 3, 5, 6}, columns = {0, 0, 1, 1, 2, 2};
    BOOST_TEST(Fill::matches(plan, offsets.data(), columns.data()));
    columns[3] = 0;
    BOOST_TEST(!Fill::matches(plan, offsets.data(), columns.data()));
    columns[3] = 1;
    offsets[1] = 2;
    BOOST_TEST(!Fill::matches(plan, offsets.data(), columns.data()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace row_fill_test
