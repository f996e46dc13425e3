#include <convmat/base/dense.hpp>

#include <cmath>
#include <limits>
#include <random>

#include <Eigen/LU>
#include <Eigen/SVD>

#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

namespace dense_test {

using namespace convmat;

namespace {

using Scalars = boost::mpl::list<double, std::complex<double>>;

template <class S>
using Matrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;

template <class S>
Matrix<S> random_matrix(Index rows, Index cols) {
    std::mt19937 generator(7);
    std::uniform_real_distribution<double> number(-1, 1);
    Matrix<S> matrix(rows, cols);
    for (S& value : matrix.reshaped()) {
        if constexpr (std::same_as<S, double>)
            value = number(generator);
        else
            value = {number(generator), number(generator)};
    }
    return matrix;
}

template <class S>
std::span<const S> values(const Matrix<S>& matrix) {
    return {matrix.data(), static_cast<std::size_t>(matrix.size())};
}

// n eps times the scale.
double rounding(Index n, double scale) {
    return 16 * static_cast<double>(n) * std::numeric_limits<double>::epsilon() * scale;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dense_decompositions)

BOOST_AUTO_TEST_CASE_TEMPLATE(eigenvectors_diagonalise_and_are_orthonormal, S, Scalars) {
    const Matrix<S> half = random_matrix<S>(9, 9), a = half + half.adjoint();
    Matrix<S> v = a;
    const auto found = dense::hermitian_eigenvectors(9, std::span<S>(v.data(), 81));
    const auto alone = dense::hermitian_eigenvalues(9, values(a));
    BOOST_TEST(std::ranges::is_sorted(found));
    BOOST_TEST((v.adjoint() * v - Matrix<S>::Identity(9, 9)).norm() <= rounding(9, 3));
    for (Index j = 0; j < 9; ++j) {
        const auto at = static_cast<std::size_t>(j);
        BOOST_TEST((a * v.col(j) - found[at] * v.col(j)).norm() <= rounding(9, a.norm()));
        BOOST_TEST(std::abs(found[at] - alone[at]) <= rounding(9, a.norm()));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(singular_values_are_those_of_a_jacobi_decomposition, S, Scalars) {
    for (const auto& [rows, cols] : {std::pair<Index, Index>{5, 8}, {8, 5}, {1, 4}, {600, 3}, {3, 600}}) {
        Matrix<S> a = random_matrix<S>(rows, cols);
        if (cols == 5) a.col(1) = S(2) * a.col(0); // of rank 4
        const auto found = dense::singular_values(rows, cols, values(a));
        const auto expected = Eigen::JacobiSVD<Matrix<S>>(a).singularValues().eval();
        BOOST_TEST(std::ssize(found) == expected.size());
        for (Index i = 0; i < expected.size(); ++i)
            BOOST_TEST(std::abs(found[static_cast<std::size_t>(i)] - expected(i)) <= rounding(rows + cols, a.norm()));
    }
}

BOOST_AUTO_TEST_CASE(singular_values_of_zeros_are_zeros) {
    BOOST_TEST((dense::singular_values<double>(2, 3, std::vector<double>(6, 0.0)) == std::vector<double>{0, 0}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(determinants_come_from_qr, S, Scalars) {
    const Matrix<S> a = random_matrix<S>(6, 6);
    BOOST_TEST(std::abs(dense::log_abs_determinant(6, values(a)) - std::log(std::abs(a.determinant()))) <= 1e-12);
}

BOOST_AUTO_TEST_CASE(solutions_come_from_qr) {
    using S = std::complex<double>;
    const Matrix<S> a = random_matrix<S>(6, 6), b = random_matrix<S>(6, 2);
    Matrix<S> x = b;
    dense::solve(6, values(a), std::span<S>(x.data(), 12));
    BOOST_TEST((a * x - b).norm() <= rounding(6, a.norm() * x.norm()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(products_are_eigens, S, Scalars) {
    const Matrix<S> a = random_matrix<S>(3, 4), b = random_matrix<S>(2, 4), expected = a * b.adjoint();
    const auto product = dense::times_adjoint(3, 4, 2, values(a), values(b));
    for (Index i = 0; i < 6; ++i)
        BOOST_TEST(std::abs(product[static_cast<std::size_t>(i)] - expected.data()[i]) <= rounding(4, 4));
    std::vector<S> x = {1, -7, 2, -7, 3};
    dense::multiply<S>(3, std::vector<double>{1, 0, 0, 2, 1, 0, 0, 3, 1}, x.data(),
                       2); // columns of [1 2 0; 0 1 3; 0 0 1]
    BOOST_TEST((x == std::vector<S>{5, -7, 11, -7, 3}));
}

BOOST_AUTO_TEST_CASE(the_inverse_of_a_semidefinite_matrix_ignores_its_null_space) {
    std::vector<double> a = {2, 2, 2, 2};
    BOOST_TEST(dense::invert_semidefinite(2, a) == 1);
    for (const double value : a) BOOST_TEST(std::abs(value - 0.125) <= 1e-15);
    std::vector<double> regular = {2, 0, 0, 4};
    BOOST_TEST(dense::invert_semidefinite(2, regular) == 2);
    BOOST_TEST((regular == std::vector<double>{0.5, 0, 0, 0.25}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace dense_test
