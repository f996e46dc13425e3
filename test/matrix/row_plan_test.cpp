#include <convmat/matrix/row_plan.hpp>

#include <vector>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>

#include "support/throws_saying.hpp"

namespace row_plan_test {

namespace {

using namespace convmat;
using test::throws_saying;

// Three inputs and their zero padding, read by two taps: windows of 1, 2, 2 and 1 inputs.
const ConvGeometry padded_line({.input = {3}, .kernel = {2}, .padding = {{1, 1}}});

std::vector<Index> offsets(const RowPlan& plan) {
    std::vector<Index> entries;
    for (Index row = 0; row <= plan.rows(); ++row) entries.push_back(plan.entries_before(row));
    return entries;
}

} // namespace

BOOST_AUTO_TEST_SUITE(row_plan)

BOOST_AUTO_TEST_CASE(rows_are_counted_before_there_is_a_matrix) {
    const RowPlan w = RowPlan::matrix(padded_line), wt = RowPlan::transpose(padded_line);
    const RowPlan m = RowPlan::kernel_unknown(padded_line);
    BOOST_TEST((w.rows() == 4 && w.cols() == 3 && w.nnz() == 6));
    BOOST_TEST(offsets(w) == (std::vector<Index>{0, 1, 3, 5, 6}));
    BOOST_TEST((wt.rows() == 3 && wt.cols() == 4 && wt.nnz() == 6));
    BOOST_TEST(offsets(wt) == (std::vector<Index>{0, 2, 4, 6}));
    BOOST_TEST((m.rows() == 4 && m.cols() == 2 && m.nnz() == 6));
    BOOST_TEST(offsets(m) == (std::vector<Index>{0, 1, 3, 5, 6}));
}

BOOST_AUTO_TEST_CASE(blocks_of_channels_meet_those_of_their_group) {
    const RowPlan one =
        RowPlan::matrix(ConvGeometry({.input = {3}, .kernel = {2}, .in_channels = 2, .out_channels = 2}));
    BOOST_TEST((one.rows() == 4 && one.cols() == 6 && one.nnz() == 16 && one.positions() == 2));
    BOOST_TEST((one.channels().blocks == 2 && one.channels().partners == 2));
    BOOST_TEST(one.channels().first_column(1, 1) == 3);
    BOOST_TEST(one.channels().first_weight(1, 1) == 6); // K[1, 1, 0] of 2x2x2
    const RowPlan two =
        RowPlan::matrix(ConvGeometry({.input = {3}, .kernel = {2}, .in_channels = 2, .out_channels = 4, .groups = 2}));
    BOOST_TEST((two.channels().blocks == 4 && two.channels().blocks_per_group == 2 && two.channels().partners == 1));
    BOOST_TEST(two.channels().first_column(1, 0) == 0);
    BOOST_TEST(two.channels().first_column(2, 0) == 3);
    BOOST_TEST(two.channels().first_weight(3, 0) == 6); // K[3, 0, 0] of 4x1x2
}

BOOST_AUTO_TEST_CASE(indices_and_memory_have_their_limits) {
    const RowPlan plan = RowPlan::matrix(padded_line);
    plan.require_indices(6);
    throws_saying<SizeError>([&] { plan.require_indices(5); },
                             "a 4x3 matrix with 6 nonzeros needs indices above 5: use std::int64_t for StorageIndex");
    plan.require_storage(4, 8);
    const RowPlan huge = RowPlan::matrix(ConvGeometry({.input = {Index{1} << 50}, .kernel = {1}}));
    throws_saying<SizeError>([&] { huge.require_storage(8, 8); }, "MiB");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace row_plan_test
