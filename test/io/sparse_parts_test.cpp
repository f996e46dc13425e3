#include <convmat/io/sparse_parts.hpp>

#include <vector>

#include <boost/test/unit_test.hpp>

namespace sparse_parts_test {

namespace {

using namespace convmat;

// [0 5 0; 7 0 9] by rows or by columns.
template <int Options>
Eigen::SparseMatrix<double, Options> matrix() {
    Eigen::SparseMatrix<double, Options> entries(2, 3);
    entries.insert(0, 1) = 5;
    entries.insert(1, 0) = 7;
    entries.insert(1, 2) = 9;
    return entries;
}

template <class S>
std::vector<std::remove_const_t<S>> listed(std::span<S> values) {
    return {values.begin(), values.end()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(sparse_parts)

BOOST_AUTO_TEST_CASE(the_arrays_of_a_matrix_by_rows) {
    auto by_rows = matrix<Eigen::RowMajor>();
    by_rows.makeCompressed();
    int calls = 0;
    detail::with_parts(by_rows, [&](const detail::SparseParts<double, int>& parts) {
        ++calls;
        BOOST_TEST((parts.rows == 2 && parts.columns == 3 && parts.order == detail::StorageOrder::rows));
        BOOST_TEST(listed(parts.starts) == (std::vector<int>{0, 1, 3}));
        BOOST_TEST(listed(parts.indices) == (std::vector<int>{1, 0, 2}));
        BOOST_TEST(listed(parts.values) == (std::vector<double>{5, 7, 9}));
        BOOST_TEST(parts.values.data() == by_rows.valuePtr()); // referred to, not copied
    });
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(a_matrix_by_columns_with_room_between_them_is_compressed_first) {
    auto by_columns = matrix<Eigen::ColMajor>();
    by_columns.uncompress();
    detail::with_parts(by_columns, [&](const detail::SparseParts<double, int>& parts) {
        BOOST_TEST((parts.order == detail::StorageOrder::columns));
        BOOST_TEST(listed(parts.starts) == (std::vector<int>{0, 1, 2, 3}));
        BOOST_TEST(listed(parts.indices) == (std::vector<int>{1, 0, 1}));
        BOOST_TEST(listed(parts.values) == (std::vector<double>{7, 5, 9}));
    });
    BOOST_TEST(!by_columns.isCompressed()); // as it was
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace sparse_parts_test
