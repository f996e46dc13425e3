// W of the 2x2 kernel on a 3x3 image, applied to 0..8: the chapter's first numbers.
#include <convmat/convmat.hpp>

#include <iostream>

int main() {
    const Eigen::MatrixXd kernel{{0, 1}, {2, 3}};
    const auto w = convmat::kernel2matrix(kernel, {3, 3});
    const Eigen::VectorXd y = w * Eigen::VectorXd::LinSpaced(9, 0, 8);
    std::cout << y.transpose() << '\n';
    return y == Eigen::Vector4d(19, 25, 37, 43) ? 0 : 1;
}
