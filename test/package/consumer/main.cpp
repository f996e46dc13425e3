// What rooms of an installed convmat::convmat give; the exit code is 1 where a result is not the one known.
#include <convmat/convmat.hpp>

#include <iostream>
#include <string_view>

namespace {

int wrong = 0;

void expect(bool right, std::string_view what) {
    std::cout << what << ": " << (right ? "right" : "wrong") << '\n';
    if (!right) wrong = 1;
}

} // namespace

int main() {
    // W of the 2x2 kernel on a 3x3 image, applied to 0..8: the chapter's first numbers.
    const Eigen::MatrixXd kernel{{0, 1}, {2, 3}};
    const auto w = convmat::kernel2matrix(kernel, {3, 3});
    const Eigen::VectorXd y = w * Eigen::VectorXd::LinSpaced(9, 0, 8);
    expect(y == Eigen::Vector4d(19, 25, 37, 43), "W x");
    expect(convmat::exact_rank(w) == 4, "exact_rank");

    // PyTorch's 'same' is one position on each side of a kernel of 3.
    const convmat::PyTorchConv conv{.input = {4}, .kernel_size = {3}, .padding = convmat::PyTorchPadding::same};
    const auto layer = convmat::from_pytorch(conv);
    const Eigen::MatrixXd padded(convmat::pad_matrix(layer.geometry));
    Eigen::MatrixXd expected = Eigen::MatrixXd::Zero(6, 4);
    expected.middleRows(1, 4).setIdentity();
    expect(padded == expected, "from_pytorch and pad_matrix");
    return wrong;
}
