#include "dense_product.hpp"

namespace convmat::numerics {

template <class S>
void multiply(const DenseView<S>& a, const DenseView<S>& b, Eigen::Ref<Dense<S>> c) {
    c.noalias() = a * b;
}

template <class S>
Dense<S> product(const DenseView<S>& a, const DenseView<S>& b) {
    Dense<S> c(a.rows(), b.cols());
    multiply<S>(a, b, c);
    return c;
}

template void multiply(const DenseView<double>&, const DenseView<double>&, Eigen::Ref<Dense<double>>);
template void multiply(const DenseView<Complex>&, const DenseView<Complex>&, Eigen::Ref<Dense<Complex>>);
template Dense<double> product(const DenseView<double>&, const DenseView<double>&);
template Dense<Complex> product(const DenseView<Complex>&, const DenseView<Complex>&);

} // namespace convmat::numerics
