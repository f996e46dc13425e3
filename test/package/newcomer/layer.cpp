// A layer as PyTorch's users write it: one number for both axes.
#include <convmat/convmat.hpp>

#include <iostream>

using namespace convmat;

int main() {
    ConvGeometry g({.input = {8, 8},
                    .kernel = 3,
                    .in_channels = 3,
                    .out_channels = 4,
                    .stride = 2,
                    .padding = 1,
                    .boundary = Boundary::periodic});
    std::cout << g.explain() << '\n';
    auto pytorch = from_pytorch(PyTorchConv{.input = {8, 8},
                                            .in_channels = 3,
                                            .out_channels = 4,
                                            .kernel_size = 3,
                                            .stride = 2,
                                            .padding = 1,
                                            .padding_mode = PyTorchPaddingMode::circular});
    return g == pytorch.geometry ? 0 : 1;
}
