#pragma once

#include "dense_product.hpp"

/// Tall matrices of few columns, in parallel; all that a Krylov process spends its time on but for products with its A.
namespace convmat::numerics {

/// V^H X; the sums are formed in the same order whatever the threads.
template <class S>
Dense<S> inner(const DenseView<S>& v, const DenseView<S>& x);

/// X -= V H
template <class S>
void subtract(Eigen::Ref<Dense<S>> x, const DenseView<S>& v, const Dense<S>& h);

/// Columns 0, 1, ... of V become V P, for a P with no more columns than rows; in place.
template <class S>
void rotate(Eigen::Ref<Dense<S>> v, const Dense<S>& p);

} // namespace convmat::numerics
