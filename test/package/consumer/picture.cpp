// A picture of W as text and as SVG.
#include <convmat/picture/figure.hpp>
#include <convmat/picture/spy.hpp>

#include <iostream>

int main() {
    const convmat::ConvGeometry layer({.input = {3, 3}, .kernel = {2, 2}});
    const convmat::Tensor<double> kernel(layer.kernel_shape(), {0, 1, 2, 3});
    const convmat::Figure figure = convmat::spy(layer, kernel);
    std::cout << convmat::figure_text(figure);
    return convmat::figure_svg(figure).find("<svg") == 0 ? 0 : 1;
}
