#include "dense_product.hpp"

namespace convmat::numerics {

void write_product(const DenseView<double>& a, const DenseView<double>& b, Eigen::Ref<Dense<double>> c) {
    c.noalias() = a * b;
}

void write_product(const DenseView<Complex>& a, const DenseView<Complex>& b, Eigen::Ref<Dense<Complex>> c) {
    c.noalias() = a * b;
}

} // namespace convmat::numerics
