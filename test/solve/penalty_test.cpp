#include <convmat/solve/penalty.hpp>

#include <boost/test/unit_test.hpp>

#include "dense_least_squares.hpp"
#include "support/random_layer.hpp"

namespace penalty_test {

using namespace convmat;
using namespace convmat::test;

namespace {

// The layers of one channel, under each other, for every channel: kernel2matrix of each.
DenseMatrix<double> stacked(const std::vector<PenaltyLayer>& layers, Index channels, Index size) {
    Index rows = 0;
    for (const PenaltyLayer& layer : layers) rows += channels * layer.geometry.rows();
    DenseMatrix<double> all = DenseMatrix<double>::Zero(rows, channels * size);
    Index row = 0;
    for (const PenaltyLayer& layer : layers) {
        BOOST_TEST_REQUIRE(layer.geometry.cols() == size);
        const DenseMatrix<double> one(kernel2matrix(layer.geometry, layer.kernel));
        for (Index c = 0; c < channels; ++c, row += one.rows()) all.block(row, c * size, one.rows(), size) = one;
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(penalty)

BOOST_AUTO_TEST_CASE(the_layers_are_differences_of_neighbours) {
    RandomLayers layers(1);
    for (int i = 0; i < 200; ++i) {
        const ConvGeometry geometry = layers.geometry(1 + i % 4);
        const Form form = i % 3 == 0 ? Form::transpose : Form::matrix;
        const Shape shape = form == Form::matrix ? geometry.input_shape() : geometry.output_shape();
        const Index size = form == Form::matrix ? geometry.input_size() : geometry.output_size();
        if (shape.front() * size > 150) continue;
        BOOST_TEST_CONTEXT(describe(geometry)) {
            const auto of = [&](Penalty penalty) {
                return stacked(penalty_layers(geometry, form, penalty), shape.front(), size);
            };
            BOOST_TEST((of(Penalty::identity) == dense_l<double>(geometry, form, Penalty::identity)));
            BOOST_TEST((of(Penalty::laplacian) == dense_l<double>(geometry, form, Penalty::laplacian)));
            const DenseMatrix<double> gradient = of(Penalty::gradient); // the same rows in another order
            const DenseMatrix<double> expected = dense_l<double>(geometry, form, Penalty::gradient);
            BOOST_TEST((gradient.transpose() * gradient == expected.transpose() * expected));
            BOOST_TEST((gradient.cwiseAbs().rowwise().sum().array() <= 2).all());
            BOOST_TEST((gradient.rowwise().sum().array() == 0).all());
        }
    }
}

BOOST_AUTO_TEST_CASE(constants_cost_nothing_but_size) {
    const ConvGeometry geometry({.input = {4, 5}, .kernel = {3, 3}, .boundary = {Boundary::zero, Boundary::periodic}});
    const Eigen::VectorXd ones = Eigen::VectorXd::Ones(20);
    for (const Penalty penalty : {Penalty::gradient, Penalty::laplacian})
        BOOST_TEST((stacked(penalty_layers(geometry, Form::matrix, penalty), 1, 20) * ones).norm() == 0);
    BOOST_TEST((stacked(penalty_layers(geometry, Form::matrix, Penalty::identity), 1, 20) * ones == ones));
}

BOOST_AUTO_TEST_CASE(none_and_a_gradient_without_neighbours_are_no_layers) {
    const ConvGeometry geometry({.input = {1, 1}, .kernel = {1, 1}, .in_channels = 2, .out_channels = 3});
    BOOST_TEST(penalty_layers(geometry, Form::matrix, Penalty::none).empty());
    BOOST_TEST(penalty_layers(geometry, Form::matrix, Penalty::gradient).empty());
    const auto laplacian = penalty_layers(geometry, Form::matrix, Penalty::laplacian);
    BOOST_TEST_REQUIRE(laplacian.size() == 1u);
    BOOST_TEST(laplacian.front().kernel.vec().norm() == 0);
    const ConvGeometry row({.input = {1, 4}, .kernel = {1, 1}});
    BOOST_TEST(penalty_layers(row, Form::matrix, Penalty::gradient).size() == 1u);
}

BOOST_AUTO_TEST_CASE(penalties_have_names) {
    BOOST_TEST(to_string(Penalty::none) == "none");
    BOOST_TEST(to_string(Penalty::identity) == "identity");
    BOOST_TEST(to_string(Penalty::gradient) == "gradient");
    BOOST_TEST(to_string(Penalty::laplacian) == "laplacian");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace penalty_test
