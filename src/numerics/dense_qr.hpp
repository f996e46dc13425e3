#pragma once

#include "dense_svd.hpp"

/// Dense Householder factorisations, by LAPACK.
namespace convmat::numerics {

/// A = Q R:  A <- [R; 0], B <- Q^H B, in place. A is rows x q, B rows x any; both are parts of one array that goes on
/// for room_behind columns behind the later one.
void triangularise(Eigen::Ref<Dense<double>> a, Eigen::Ref<Dense<double>> b);
void triangularise(Eigen::Ref<Dense<Complex>> a, Eigen::Ref<Dense<Complex>> b);

} // namespace convmat::numerics
