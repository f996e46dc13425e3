// The seed chapter (d2l, "Transposed Convolution"), cell by cell, with its numbers.
#include <boost/test/unit_test.hpp>

#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/reference/loops.hpp>

#include "support/random_layer.hpp"

namespace seed_test {

namespace {

using namespace convmat;
using Eigen::Matrix3d;
using Eigen::MatrixXd;
using Eigen::VectorXd;

const Eigen::Matrix2d K{{0, 1}, {2, 3}};

// The chapter's trans_conv(X, K), as W^T of the layer that `spec` describes, on a square X.
MatrixXd trans_conv(const MatrixXd& X, const TransposedSpec& spec) {
    const auto geometry = ConvGeometry::from_transposed(spec);
    const Tensor<double> weights(geometry.kernel_shape(), {0, 1, 2, 3});
    const VectorXd z = kernel2matrix_transpose(geometry, weights) * X.reshaped<Eigen::RowMajor>();
    return z.reshaped<Eigen::RowMajor>(geometry.axis(0).input, geometry.axis(1).input);
}

const Eigen::Matrix2d X{{0, 1}, {2, 3}};

} // namespace

BOOST_AUTO_TEST_CASE(cell_3_the_basic_transposed_convolution) {
    BOOST_TEST((trans_conv(X, {.input = {2, 2}, .kernel = {2, 2}}) == Matrix3d{{0, 0, 1}, {0, 4, 6}, {4, 12, 9}}));
}

BOOST_AUTO_TEST_CASE(cell_5_padding_takes_away_from_the_output) {
    const MatrixXd z = trans_conv(X, {.input = {2, 2}, .kernel = {2, 2}, .padding = {{1, 1}}});
    BOOST_TEST((z == MatrixXd::Constant(1, 1, 4)));
}

BOOST_AUTO_TEST_CASE(cell_6_strides_spread_the_input) {
    const MatrixXd z = trans_conv(X, {.input = {2, 2}, .kernel = {2, 2}, .stride = {2}});
    BOOST_TEST((z == Eigen::Matrix4d{{0, 0, 0, 1}, {0, 0, 2, 3}, {0, 2, 0, 3}, {4, 6, 6, 9}}));
}

BOOST_AUTO_TEST_CASE(cell_7_the_transposed_layer_gives_back_the_shape) {
    const ConvGeometry conv({.input = {16, 16},
                             .kernel = {5, 5},
                             .in_channels = 10,
                             .out_channels = 20,
                             .stride = {3},
                             .padding = {{2, 2}}});
    const auto tconv = ConvGeometry::from_transposed({.input = {conv.axis(0).output, conv.axis(1).output},
                                                      .kernel = {5, 5},
                                                      .in_channels = 20,
                                                      .out_channels = 10,
                                                      .stride = {3},
                                                      .padding = {{2, 2}}});
    BOOST_TEST((conv.output_shape() == Shape{20, 6, 6}));
    BOOST_TEST((tconv.input_shape() == Shape{10, 16, 16}));
    BOOST_TEST((tconv == conv)); // one geometry, one W: the layers are W and W^T
}

BOOST_AUTO_TEST_CASE(cells_8_to_10_a_convolution_is_a_matrix_product) {
    const auto W = kernel2matrix(K, {3, 3});
    const VectorXd x = VectorXd::LinSpaced(9, 0, 8);

    const Eigen::Matrix<double, 4, 9> cell_9{{0, 1, 0, 2, 3, 0, 0, 0, 0},
                                             {0, 0, 1, 0, 2, 3, 0, 0, 0},
                                             {0, 0, 0, 0, 1, 0, 2, 3, 0},
                                             {0, 0, 0, 0, 0, 1, 0, 2, 3}};
    BOOST_TEST((MatrixXd(W) == cell_9));
    BOOST_TEST((W * x == Eigen::Vector4d{19, 25, 37, 43}));
    BOOST_TEST(W.nonZeros() == 16); // the kernel's zero is stored: the pattern does not depend on the values
}

BOOST_AUTO_TEST_CASE(cell_11_the_transposed_convolution_is_the_transposed_matrix) {
    const auto W = kernel2matrix(K, {3, 3});
    const VectorXd z = W.transpose() * X.reshaped<Eigen::RowMajor>();
    BOOST_TEST((z.reshaped<Eigen::RowMajor>(3, 3) == Matrix3d{{0, 0, 1}, {0, 4, 6}, {4, 12, 9}}));
}

BOOST_AUTO_TEST_CASE(the_one_line_overload_takes_any_eigen_kernel) {
    const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> row_major = K;
    const auto W = kernel2matrix(K, {3, 3});
    BOOST_TEST((MatrixXd(kernel2matrix(row_major, {3, 3})) == MatrixXd(W)));
    BOOST_TEST((MatrixXd(kernel2matrix(2 * K - K, {3, 3})) == MatrixXd(W)));
    BOOST_TEST((MatrixXd(kernel2matrix(K.array(), {3, 3})) == MatrixXd(W)));
    BOOST_TEST((kernel2matrix<Eigen::ColMajor, std::int64_t>(K, {3, 3}).toDense() == MatrixXd(W)));
    BOOST_TEST((kernel2matrix(K.cast<std::int64_t>(), {3, 3}).toDense().cast<double>() == MatrixXd(W)));
}

} // namespace seed_test
