// W, the operator and the plain loops take their arguments in one order: the layer, the kernel, the array.
#include <convmat/convmat.hpp>

#include <iostream>

using namespace convmat;

int main() {
    ConvGeometry g({.input = {1, 1}, .kernel = {1, 1}}); // x, K and y have equal shapes but for the ones before them
    Tensor<double> K({1, 1, 1, 1}, {2}), x({1, 1, 1}, {5});
    auto y = reference::convolve(g, K, x);
    auto z = reference::transpose(g, K, y);
    std::cout << y[0] << ' ' << z[0] << '\n';
    return y.vec() == kernel2matrix(g, K) * x.vec() && z(0, 0, 0) == 20 ? 0 : 1;
}
