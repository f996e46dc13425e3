// What is written to a .npy file is read back, exactly.
#include <convmat/io/npy.hpp>

#include <iostream>

int main() {
    const convmat::Tensor<double> written({2, 2}, {19, 25, 37, 43});
    convmat::write_npy("consumer.npy", written);
    const auto read = convmat::read_npy("consumer.npy");
    std::cout << "read " << convmat::to_string(std::get<convmat::Tensor<double>>(read).shape()) << '\n';
    return std::get<convmat::Tensor<double>>(read) == written ? 0 : 1;
}
