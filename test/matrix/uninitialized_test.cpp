#include <convmat/matrix/uninitialized.hpp>

#include <complex>
#include <tuple>

#include <boost/test/unit_test.hpp>

namespace uninitialized_test {

using namespace convmat;

BOOST_AUTO_TEST_SUITE(uninitialized_matrices)

BOOST_AUTO_TEST_CASE_TEMPLATE(there_is_room_for_as_many_entries_as_asked_for, Scalar,
                              decltype(std::tuple<double, std::complex<double>, std::int64_t>())) {
    using Matrix = Eigen::SparseMatrix<Scalar, Eigen::RowMajor>;
    auto matrix = detail::uninitialized<Matrix>(2, 3, 3);
    BOOST_TEST((matrix.rows() == 2 && matrix.cols() == 3 && matrix.isCompressed()));
    BOOST_TEST(matrix.data().size() == 3);
    const int starts[] = {0, 1, 3}, columns[] = {2, 0, 1};
    std::copy_n(starts, 3, matrix.outerIndexPtr());
    std::copy_n(columns, 3, matrix.innerIndexPtr());
    for (int i = 0; i < 3; ++i) matrix.valuePtr()[i] = Scalar(i + 1);
    const Eigen::Matrix<Scalar, 2, 3> expected{{Scalar(0), Scalar(0), Scalar(1)}, {Scalar(2), Scalar(3), Scalar(0)}};
    BOOST_TEST((matrix.toDense() == expected));
    const Matrix copy = matrix;
    matrix = detail::uninitialized<Matrix>(1, 1, 0); // the old arrays are freed as Eigen frees them
    BOOST_TEST((copy.toDense() == expected));
    BOOST_TEST(matrix.data().size() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace uninitialized_test
