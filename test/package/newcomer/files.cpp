// convmat-io: an array of float32 is read as float, or as double.
#include <convmat/convmat.hpp>
#include <convmat/io/npy.hpp>

#include <iostream>

using namespace convmat;

int main() {
    write_npy("K.npy", Tensor<float>({1, 1, 2, 2}, {0, 1, 2, 3}));
    auto K = read_npy<float>("K.npy");
    Tensor<double> L = read_npy<double>("K.npy");
    auto W = kernel2matrix(ConvGeometry({.input = {3, 3}, .kernel = {2, 2}}), L);
    try {
        read_npy<std::int64_t>("K.npy");
        return 1;
    } catch (const std::exception& error) {
        std::cout << error.what() << '\n';
    }
    return W.nonZeros() == 16 && K(0, 0, 1, 1) == L(0, 0, 1, 1) ? 0 : 1;
}
