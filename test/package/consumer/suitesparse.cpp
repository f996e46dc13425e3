// The singular values of a 1 2 1 blur on a circle of four are 4, 2, 2 and 0.
#include <convmat/spectrum/rank.hpp>

#include <cmath>
#include <iostream>

int main() {
    const convmat::ConvGeometry layer(
        {.input = {4}, .kernel = {3}, .padding = {{1, 1}}, .boundary = {convmat::Boundary::periodic}});
    const convmat::Tensor<double> kernel(layer.kernel_shape(), {1, 2, 1});
    const auto found = convmat::singular_values(layer, kernel);
    const double expected[] = {4, 2, 2, 0};
    bool right = found.values.size() == 4;
    for (std::size_t i = 0; right && i < 4; ++i) right = std::abs(found.values[i] - expected[i]) < 1e-12;
    const auto rank = convmat::numerical_rank(layer, kernel).rank;
    std::cout << found.method << ": " << (right ? "right" : "wrong") << ", rank " << rank << '\n';
    return right && rank == 3 ? 0 : 1;
}
