// convmat-suitesparse: x from y = W x.
#include <convmat/convmat.hpp>
#include <convmat/solve/least_squares.hpp>

#include <iostream>

using namespace convmat;

int main() {
    ConvGeometry g({.input = {6, 6}, .kernel = 3, .padding = 1, .boundary = Boundary::half_symmetric});
    Tensor<double> K(g.kernel_shape(), Eigen::MatrixXd{{0, 1, 0}, {1, 8, 1}, {0, 1, 0}});
    Tensor<double> x(g.input_shape());
    for (Index i = 0; i < x.size(); ++i) x[i] = i % 7;
    auto found = solve_least_squares(g, K, reference::convolve(g, K, x));
    std::cout << found.x.matrix() << '\n';
    return (found.x.vec() - x.vec()).norm() < 1e-10 ? 0 : 1;
}
