// Weights that are filled in by their indices, and an output that is read by them.
#include <convmat/convmat.hpp>

#include <iostream>

using namespace convmat;

int main() {
    ConvGeometry g({.input = {4, 4}, .kernel = {3, 3}, .in_channels = 2, .out_channels = 2});
    Tensor<double> K(g.kernel_shape());
    for (int o = 0; o < 2; ++o)
        for (int c = 0; c < 2; ++c)
            for (int i = 0; i < 3; ++i)
                for (int j = 0; j < 3; ++j) K(o, c, i, j) = o == c && i == 1 && j == 1 ? 1 : 0;
    Tensor<double> x(g.input_shape());
    for (int c = 0; c < 2; ++c)
        for (int i = 0; i < 4; ++i)
            for (int j = 0; j < 4; ++j) x(c, i, j) = 100 * c + 10 * i + j;
    Tensor<double> y(g.output_shape());
    y.vec() = kernel2matrix(g, K) * x.vec();
    std::cout << y(1, 0, 1) << '\n';
    return y(1, 0, 1) == x(1, 1, 2) ? 0 : 1;
}
