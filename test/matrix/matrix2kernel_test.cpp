// The way back: the nearest convolution to a matrix, and how far it is.
#include <cmath>
#include <random>

#include <boost/test/unit_test.hpp>

#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/matrix/matrix2kernel.hpp>

#include "support/dense_oracles.hpp"
#include "support/random_layer.hpp"
#include "support/throws_saying.hpp"

namespace matrix2kernel_test {

namespace {

using namespace convmat;
using Matrix = Eigen::SparseMatrix<double, Eigen::RowMajor>;

Tensor<double> random_kernel(const ConvGeometry& geometry, unsigned seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    Tensor<double> kernel(geometry.kernel_shape());
    for (double& weight : kernel.values()) weight = normal(random);
    return kernel;
}

const ConvGeometry small({.input = {4, 5}, .kernel = {3, 2}, .in_channels = 2, .out_channels = 3, .padding = {{1, 1}}});

} // namespace

BOOST_AUTO_TEST_CASE(the_kernel_comes_back_bit_for_bit_in_floating_point) {
    const auto kernel = random_kernel(small, 1);
    const auto nearest = matrix2kernel(small, kernel2matrix(small, kernel));
    BOOST_TEST((nearest.kernel == kernel));
    BOOST_TEST(nearest.exact());
    BOOST_TEST(nearest.undetermined == 0);
    BOOST_TEST(nearest.matrix_norm == kernel2matrix(small, kernel).norm(), boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(the_nearest_kernel_is_the_least_squares_solution) {
    // vec(W(K)) = B vec(K): the columns of B are the matrices of the unit kernels. Every boundary, K solved densely.
    for (const Boundary boundary : all_boundaries) {
        const ConvGeometry geometry({.input = {4, 3},
                                     .kernel = {3, 2},
                                     .in_channels = 2,
                                     .out_channels = 2,
                                     .stride = {1, 2},
                                     .padding = {{2, 1}},
                                     .boundary = {boundary}});
        Eigen::MatrixXd a = Eigen::MatrixXd::Zero(geometry.rows(), geometry.cols());
        std::mt19937_64 random(7);
        for (double& value : a.reshaped()) value = std::uniform_int_distribution<int>(-3, 3)(random);
        Eigen::MatrixXd b(a.size(), geometry.weights());
        for (Index w = 0; w < geometry.weights(); ++w) {
            Tensor<double> unit(geometry.kernel_shape());
            unit[w] = 1;
            b.col(w) = kernel2matrix(geometry, unit).toDense().reshaped();
        }
        const Eigen::VectorXd expected = test::dense_minimum(b, a.reshaped()).x;

        const auto nearest = matrix2kernel(geometry, Matrix(a.sparseView()));

        BOOST_TEST_CONTEXT(to_string(boundary)) {
            BOOST_TEST((nearest.kernel.vec() - expected).norm() < 1e-12 * expected.norm());
            BOOST_TEST(std::abs(nearest.residual - (b * expected - a.reshaped()).norm()) < 1e-12 * a.norm());
            BOOST_TEST(!nearest.exact());
        }
    }
}

BOOST_AUTO_TEST_CASE(what_stands_outside_the_pattern_is_residual) {
    const auto kernel = random_kernel(small, 2);
    Matrix w = kernel2matrix(small, kernel);
    BOOST_TEST(w.coeff(0, 19) == 0);
    w.coeffRef(0, 19) = 3;
    w.makeCompressed();
    const auto nearest = matrix2kernel(small, w);
    BOOST_TEST((nearest.kernel == kernel));
    BOOST_TEST(nearest.residual == 3);
}

BOOST_AUTO_TEST_CASE(one_changed_entry_is_seen) {
    const ConvGeometry geometry({.input = {4}, .kernel = {2}});
    Eigen::SparseMatrix<std::int64_t, Eigen::RowMajor> w =
        kernel2matrix(geometry, Tensor<std::int64_t>({1, 1, 2}, {6, 9}));
    w.coeffRef(1, 1) += 3; // the mean of (6, 9, 6) is 7
    const auto nearest = matrix2kernel(geometry, w);
    BOOST_TEST((nearest.kernel == Tensor<std::int64_t>({1, 1, 2}, {7, 9})));
    BOOST_TEST(nearest.residual == std::sqrt(6.0)); // (-1, 2, -1)
}

BOOST_AUTO_TEST_CASE(weights_without_a_place_in_the_matrix_are_counted_and_zero) {
    const ConvGeometry geometry({.input = {1}, .kernel = {3}, .padding = {{1, 1}}}); // only the middle tap is used
    const auto nearest = matrix2kernel(geometry, kernel2matrix(geometry, Tensor<double>({1, 1, 3}, {5, 7, 9})));
    BOOST_TEST(nearest.undetermined == 2);
    BOOST_TEST((nearest.kernel == Tensor<double>({1, 1, 3}, {0, 7, 0})));
    BOOST_TEST(nearest.exact());
}

BOOST_AUTO_TEST_CASE(weights_that_always_meet_share_their_sum) {
    const ConvGeometry geometry(
        {.input = {1}, .kernel = {3}, .padding = {{1, 1}}, .boundary = {Boundary::replicate}}); // W = (K0 + K1 + K2)
    const auto nearest = matrix2kernel(geometry, kernel2matrix(geometry, Tensor<double>({1, 1, 3}, {1, 2, 6})));
    BOOST_TEST(nearest.undetermined == 2);
    for (const double weight : nearest.kernel.values()) BOOST_TEST(std::abs(weight - 3) < 1e-14);
    BOOST_TEST(nearest.residual < 1e-14);
}

BOOST_AUTO_TEST_CASE(a_convolution_is_known_as_one_though_its_weights_are_not) {
    // The least-norm kernel (1/2, 0, 1/2, 0) of W(1, 0, 0, 0) is not one of integers.
    const ConvGeometry geometry({.input = {2}, .kernel = {4}, .padding = {{0, 3}}, .boundary = {Boundary::periodic}});
    const auto w = kernel2matrix(geometry, Tensor<std::int64_t>({1, 1, 4}, {1, 0, 0, 0}));
    const auto nearest = matrix2kernel(geometry, w);
    BOOST_TEST(nearest.undetermined == 2);
    BOOST_TEST(nearest.is_convolution());
    BOOST_TEST(nearest.least_residual < 1e-7);
    auto other = w;
    other.coeffRef(0, 0) += 1;
    BOOST_TEST(!matrix2kernel(geometry, other).is_convolution());
}

BOOST_AUTO_TEST_CASE(both_storage_orders_and_index_types_give_one_answer) {
    const Matrix a = 2 * kernel2matrix(small, random_kernel(small, 3));
    const auto by_rows = matrix2kernel(small, a);
    const auto by_columns = matrix2kernel(small, Eigen::SparseMatrix<double, Eigen::ColMajor, std::int64_t>(a));
    BOOST_TEST((by_rows.kernel == by_columns.kernel));
    BOOST_TEST(by_rows.residual == by_columns.residual);
}

BOOST_AUTO_TEST_CASE(other_sizes_and_orders_are_refused) {
    test::throws_saying<ShapeError>([] { matrix2kernel(small, Matrix(3, 4)); }, "3x4");
    Matrix open = kernel2matrix(small, random_kernel(small, 4));
    open.uncompress();
    test::throws_saying<ShapeError>([&] { matrix2kernel(small, open); }, "compressed");
    Matrix unsorted = kernel2matrix(small, random_kernel(small, 4));
    std::swap(unsorted.innerIndexPtr()[0], unsorted.innerIndexPtr()[1]);
    test::throws_saying<ShapeError>([&] { matrix2kernel(small, unsorted); }, "ascend");
}

} // namespace matrix2kernel_test
