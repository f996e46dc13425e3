#pragma once

#include <convmat/matrix_free/conv_operator.hpp>

namespace convmat::test {

/// A square, well-conditioned operator: a blur whose centre outweighs the rest.
inline ConvOperator<double> blur(bool symmetric) {
    const ConvGeometry geometry({.input = {12, 12}, .kernel = {3, 3}, .padding = {{1, 1}}});
    const Tensor<double> kernel({1, 1, 3, 3}, {0, 1, 0, symmetric ? 1.0 : -2.0, 8, 1, 0, 1, 0});
    return ConvOperator<double>(geometry, kernel);
}

} // namespace convmat::test
