// The operator as an operand of Eigen's expressions and its iterative solvers.
#include <boost/test/unit_test.hpp>

#include <Eigen/IterativeLinearSolvers>

#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/matrix_free/eigen_adaptor.hpp>

#include "blur.hpp"
#include "operator_support.hpp"
#include "support/throws_saying.hpp"

namespace eigen_adaptor_test {

namespace {

using namespace convmat;
using namespace convmat::test;

/// A layer with its operator and its matrix, whose products must be equal.
template <ScalarType Scalar>
struct Twins {
    ConvGeometry geometry{
        {.input = {7, 6}, .kernel = {3, 2}, .in_channels = 2, .out_channels = 3, .padding = {{1, 1}}}};
    RandomLayers layers{11};
    Tensor<Scalar> kernel = layers.integers<Scalar>(geometry.kernel_shape());
    ConvOperator<Scalar> op{geometry, kernel};
    Eigen::SparseMatrix<Scalar, Eigen::RowMajor> matrix = kernel2matrix(geometry, kernel);

    Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> integers(Index rows, Index cols) {
        const auto values = layers.integers<Scalar>({rows * cols});
        return Eigen::Map<const Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>>(values.data(), rows, cols);
    }
};

// ||A x - b|| / ||b|| must be what the solver promises.
template <class Op>
double relative_residual(const Op& op, const Eigen::VectorXd& x, const Eigen::VectorXd& b) {
    const Eigen::VectorXd product = op * x;
    return (product - b).norm() / b.norm();
}

constexpr double tolerance = 1e-10;

} // namespace

BOOST_AUTO_TEST_CASE(products_are_those_of_the_matrix) {
    Twins<double> t;
    const Eigen::VectorXd x = t.integers(t.op.cols(), 1);
    const Eigen::VectorXd y = t.integers(t.op.rows(), 1);
    BOOST_TEST((Eigen::VectorXd(t.op * x) == Eigen::VectorXd(t.matrix * x)));
    BOOST_TEST((Eigen::VectorXd(t.op.transpose() * y) == Eigen::VectorXd(t.matrix.transpose() * y)));
    BOOST_TEST((Eigen::VectorXd(t.op.adjoint() * y) == Eigen::VectorXd(t.matrix.transpose() * y)));
}

BOOST_AUTO_TEST_CASE(the_columns_of_a_matrix_are_a_batch) {
    Twins<float> t;
    const Eigen::MatrixXf x = t.integers(t.op.cols(), 5);
    const Eigen::MatrixXf expected = t.matrix * x;
    BOOST_TEST((Eigen::MatrixXf(t.op * x) == expected));
    BOOST_TEST((Eigen::MatrixXf(t.op * x.leftCols(3)) == expected.leftCols(3)));
    const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> by_rows = x;
    BOOST_TEST((Eigen::MatrixXf(t.op * by_rows) == expected));
    Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> result = t.op * x;
    BOOST_TEST((result == expected));
}

BOOST_AUTO_TEST_CASE(expressions_blocks_and_strides_are_operands) {
    Twins<double> t;
    const Eigen::MatrixXd x = t.integers(t.op.cols(), 4);
    const Eigen::VectorXd b = t.integers(t.op.rows(), 1);
    BOOST_TEST((Eigen::VectorXd(b - t.op * (2 * x.col(1) + x.col(2))) ==
                Eigen::VectorXd(b - t.matrix * (2 * x.col(1) + x.col(2)))));
    Eigen::VectorXd sum = b;
    sum += t.op * x.col(0);
    sum.noalias() -= 3.0 * (t.op * x.col(3));
    BOOST_TEST((sum == Eigen::VectorXd(b + t.matrix * x.col(0) - 3 * (t.matrix * x.col(3)))));
    Eigen::MatrixXd wide = Eigen::MatrixXd::Constant(t.op.rows() + 2, 6, 7);
    wide.block(1, 1, t.op.rows(), 4).noalias() = t.op * x;
    BOOST_TEST((wide.block(1, 1, t.op.rows(), 4) == Eigen::MatrixXd(t.matrix * x)));
    BOOST_TEST((wide.row(0).array() == 7).all());
    BOOST_TEST((wide.col(5).array() == 7).all());
    Eigen::MatrixXd transposed(1, t.op.rows());
    transposed.row(0).transpose() = t.op * x.col(0);
    BOOST_TEST((transposed.transpose() == Eigen::MatrixXd(t.matrix * x.col(0))));
    const Eigen::Map<const Eigen::VectorXd, 0, Eigen::InnerStride<>> strided(x.data(), t.op.cols(),
                                                                             Eigen::InnerStride<>(2));
    BOOST_TEST((Eigen::VectorXd(t.op * strided) == Eigen::VectorXd(t.matrix * strided)));
}

BOOST_AUTO_TEST_CASE(an_operand_may_be_the_result) {
    const ConvOperator<double> op = blur(false);
    Eigen::VectorXd x = Eigen::VectorXd::LinSpaced(op.cols(), 1, 144);
    const Eigen::VectorXd expected = op * x;
    x = op * x;
    BOOST_TEST((x == expected));
    Twins<double> t; // not square: x changes its size
    Eigen::VectorXd z = t.integers(t.op.cols(), 1);
    const Eigen::VectorXd image = t.matrix * z;
    z = t.op * z;
    BOOST_TEST((z == image));
    Eigen::MatrixXd columns = Eigen::MatrixXd::Random(op.cols(), 3);
    const Eigen::MatrixXd products = op * columns;
    columns.rightCols(2) = op * columns.leftCols(2);
    BOOST_TEST((columns.rightCols(2) == products.leftCols(2)));
}

BOOST_AUTO_TEST_CASE(a_view_may_outlive_its_operator) {
    Twins<double> t;
    const Eigen::VectorXd y = t.integers(t.op.rows(), 1);
    const auto transpose = ConvOperator<double>(t.geometry, t.kernel).transpose();
    const auto product = ConvOperator<double>(t.geometry, t.kernel).transpose() * y;
    BOOST_TEST((Eigen::VectorXd(transpose * y) == Eigen::VectorXd(t.matrix.transpose() * y)));
    BOOST_TEST((Eigen::VectorXd(product) == Eigen::VectorXd(t.matrix.transpose() * y)));
}

BOOST_AUTO_TEST_CASE(a_result_of_another_size_is_refused) {
    Twins<double> t;
    const Eigen::VectorXd x = t.integers(t.op.cols(), 1);
    std::vector<double> memory(static_cast<std::size_t>(t.op.rows()));
    throws_saying<ShapeError>(
        [&] {
            Eigen::Map<Eigen::VectorXd> result(memory.data(), t.op.rows() - 1);
            matrix_free::assign_product(t.op, result, x);
        },
        concat("times ", t.op.cols(), "x1 is not ", t.op.rows() - 1, "x1"));
    Eigen::VectorXd small(3);
    using Product = Eigen::internal::generic_product_impl<ConvOperator<double>, Eigen::VectorXd, Eigen::SparseShape,
                                                          Eigen::DenseShape, Eigen::GemvProduct>;
    throws_saying<ShapeError>([&] { Product::addTo(small, t.op, x); }, "x1 is not 3x1"); // what += does
}

BOOST_AUTO_TEST_CASE(conjugate_gradients_solve_with_it) {
    const ConvOperator<double> op = blur(true);
    const Eigen::VectorXd b = Eigen::VectorXd::LinSpaced(op.rows(), -1, 1);
    Eigen::ConjugateGradient<ConvOperator<double>, Eigen::Lower | Eigen::Upper, Eigen::IdentityPreconditioner> solver;
    solver.setTolerance(tolerance);
    const Eigen::VectorXd x = solver.compute(op).solve(b);
    BOOST_TEST((solver.info() == Eigen::Success));
    BOOST_TEST(relative_residual(op, x, b) < 2 * tolerance);
}

BOOST_AUTO_TEST_CASE(bicgstab_solves_with_it) {
    const ConvOperator<double> op = blur(false);
    const Eigen::VectorXd b = Eigen::VectorXd::LinSpaced(op.rows(), -1, 1);
    Eigen::BiCGSTAB<ConvOperator<double>, Eigen::IdentityPreconditioner> solver;
    solver.setTolerance(tolerance);
    const Eigen::VectorXd x = solver.compute(op).solve(b);
    BOOST_TEST((solver.info() == Eigen::Success));
    BOOST_TEST(relative_residual(op, x, b) < 2 * tolerance);
}

BOOST_AUTO_TEST_CASE(least_squares_conjugate_gradients_solve_with_it) {
    const ConvGeometry geometry({.input = {9, 9}, .kernel = {3, 3}, .out_channels = 2, .padding = {{2, 2}}});
    RandomLayers layers(4);
    const auto kernel = layers.integers<double>(geometry.kernel_shape());
    const ConvOperator<double> op(geometry, kernel);
    const Eigen::VectorXd expected = Eigen::VectorXd::LinSpaced(op.cols(), -1, 1);
    const Eigen::VectorXd b = op * expected;
    Eigen::LeastSquaresConjugateGradient<ConvOperator<double>, Eigen::IdentityPreconditioner> solver;
    solver.setTolerance(tolerance);
    solver.setMaxIterations(1000);
    const Eigen::VectorXd x = solver.compute(op).solve(b);
    BOOST_TEST((solver.info() == Eigen::Success));
    const Eigen::VectorXd normal_residual = op.adjoint() * (op * x - b).eval();
    const Eigen::VectorXd normal_b = op.adjoint() * b;
    BOOST_TEST(normal_residual.norm() < 2 * tolerance * normal_b.norm());
}

} // namespace eigen_adaptor_test
