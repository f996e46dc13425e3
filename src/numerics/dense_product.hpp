#pragma once

#include "dense_svd.hpp"

/// Products of dense matrices by Eigen, compiled once; unlike BLAS's they may be formed in several threads at a time.
namespace convmat::numerics {

template <class S>
using DenseView = Eigen::Ref<const Dense<S>>;

// Overloads, and templates that call them: clang 14 mangles a template's Eigen::Ref in two ways.
void write_product(const DenseView<double>& a, const DenseView<double>& b, Eigen::Ref<Dense<double>> c);
void write_product(const DenseView<Complex>& a, const DenseView<Complex>& b, Eigen::Ref<Dense<Complex>> c);

/// C = A B; C is neither A nor B.
template <class S>
void multiply(const DenseView<S>& a, const DenseView<S>& b, Eigen::Ref<Dense<S>> c) {
    write_product(a, b, c);
}

/// A B
template <class S>
Dense<S> product(const DenseView<S>& a, const DenseView<S>& b) {
    Dense<S> c(a.rows(), b.cols());
    write_product(a, b, c);
    return c;
}

} // namespace convmat::numerics
