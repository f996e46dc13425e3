#include <convmat/matrix_free/spectra_adaptor.hpp>

#include <cmath>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <Spectra/SymEigsSolver.h>

#include <convmat/matrix/kernel2matrix.hpp>

#include "blur.hpp"
#include "support/dense_oracles.hpp"
#include "support/random_layer.hpp"
#include "support/throws_saying.hpp"

namespace spectra_adaptor_test {

using namespace convmat;
using namespace convmat::test;

BOOST_AUTO_TEST_CASE(spectra_finds_the_largest_singular_values) {
    const ConvGeometry geometry(
        {.input = {8, 8}, .kernel = {3, 3}, .in_channels = 2, .out_channels = 3, .stride = {2}, .padding = {{1, 1}}});
    RandomLayers layers(21);
    const auto kernel = layers.integers<double>(geometry.kernel_shape());
    GramProduct<double> gram(ConvOperator<double>(geometry, kernel));
    Spectra::SymEigsSolver<GramProduct<double>> solver(gram, 3, 12);
    solver.init();
    BOOST_TEST(solver.compute(Spectra::SortRule::LargestAlge, 1000, 1e-12) == 3);
    const Eigen::MatrixXd dense(kernel2matrix(geometry, kernel));
    const std::vector<double> all = dense_singular_values(dense);
    const Eigen::VectorXd expected = Eigen::Map<const Eigen::VectorXd>(all.data(), 3);
    BOOST_TEST((solver.eigenvalues().cwiseSqrt() - expected).norm() < 1e-9 * expected[0]);
}

BOOST_AUTO_TEST_CASE(spectra_takes_a_symmetric_operator_as_it_is) {
    OperatorProduct<double> product(blur(true));
    Spectra::SymEigsSolver<OperatorProduct<double>> solver(product, 2, 20);
    solver.init();
    BOOST_TEST(solver.compute(Spectra::SortRule::LargestAlge, 1000, 1e-12) == 2);
    // Zero-padded [0 1 0; 1 8 1; 0 1 0] on 12x12: 8 + 4 cos(pi / 13) is the largest eigenvalue.
    BOOST_TEST(std::abs(solver.eigenvalues()[0] - (8 + 4 * std::cos(std::acos(-1.0) / 13))) < 1e-10);
}

BOOST_AUTO_TEST_CASE(a_product_and_its_gram_matrix_are_those_of_w) {
    const ConvGeometry geometry({.input = {3}, .kernel = {2}}); // W = [1 2 0; 0 1 2]
    const ConvOperator<double> op(geometry, Tensor<double>({1, 1, 2}, {1, 2}));
    const GramProduct<double> gram(op);
    BOOST_TEST((gram.rows() == 3 && gram.cols() == 3));
    const std::vector<double> x = {1, 10, 100};
    std::vector<double> y(3);
    gram.perform_op(x.data(), y.data()); // W x = (21, 210)
    BOOST_TEST(y == (std::vector<double>{21, 252, 420}));
    throws_saying<ShapeError>([&] { OperatorProduct<double>{op}; }, "W is 2x3, expected a square one");
    const ConvGeometry same({.input = {3}, .kernel = {2}, .padding = {{1, 0}}}); // W = [2 0 0; 1 2 0; 0 1 2]
    OperatorProduct<double>(ConvOperator<double>(same, Tensor<double>({1, 1, 2}, {1, 2})))
        .perform_op(x.data(), y.data());
    BOOST_TEST(y == (std::vector<double>{2, 21, 210}));
}

} // namespace spectra_adaptor_test
