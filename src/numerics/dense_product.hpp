#pragma once

#include "dense_svd.hpp"

/// Products of dense matrices by Eigen, compiled once; unlike BLAS's they may be formed in several threads at a time.
namespace convmat::numerics {

template <class S>
using DenseView = Eigen::Ref<const Dense<S>>;

/// C = A B; C is neither A nor B.
template <class S>
void multiply(const DenseView<S>& a, const DenseView<S>& b, Eigen::Ref<Dense<S>> c);

/// A B
template <class S>
Dense<S> product(const DenseView<S>& a, const DenseView<S>& b);

} // namespace convmat::numerics
