// convmat-suitesparse: what there is to know of a layer's singular values, printed.
#include <convmat/convmat.hpp>
#include <convmat/spectrum/report.hpp>

#include <iostream>

using namespace convmat;

int main() {
    ConvGeometry g({.input = {8, 8}, .kernel = {3, 3}, .padding = 1});
    Tensor<double> K({1, 1, 3, 3}, {0, 1, 0, 1, -4, 1, 0, 1, 0});
    auto report = spectrum_report(g, K);
    std::cout << to_text(report);
    return report.rank && report.rank->rank == 64 ? 0 : 1;
}
