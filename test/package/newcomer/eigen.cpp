// An image and a kernel that are Eigen's, through a layer, and back.
#include <convmat/convmat.hpp>

#include <iostream>

using namespace convmat;

int main() {
    Eigen::MatrixXd image = Eigen::MatrixXd::Identity(5, 5), blur = Eigen::MatrixXd::Constant(3, 3, 1);
    Tensor<double> x = image;
    Tensor<double> K({1, 1, 3, 3}, blur);
    ConvGeometry g({.input = x.shape(), .kernel = {3, 3}, .padding = 1});
    Tensor<double> y(g.output_shape());
    y.vec() = ConvOperator<double>(g, K) * x.vec();
    Eigen::MatrixXd blurred = y.matrix();
    std::cout << blurred << '\n';
    return blurred(2, 2) == 3 && blurred(0, 4) == 0 ? 0 : 1;
}
