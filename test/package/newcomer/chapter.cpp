// A 2x2 kernel on a 3x3 image, by W and by its transpose.
#include <convmat/convmat.hpp>

#include <iostream>

int main() {
    Eigen::MatrixXd K{{0, 1}, {2, 3}};
    auto W = convmat::kernel2matrix(K, {3, 3});
    Eigen::VectorXd y = W * Eigen::VectorXd::LinSpaced(9, 0, 8);
    std::cout << y.transpose() << '\n' << (W.transpose() * y).transpose() << '\n';
    return y == Eigen::Vector4d(19, 25, 37, 43) ? 0 : 1;
}
