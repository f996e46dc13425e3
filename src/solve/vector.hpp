#pragma once

#include <Eigen/Core>

namespace convmat::solve {

template <class S>
using Vector = Eigen::Matrix<S, Eigen::Dynamic, 1>;

} // namespace convmat::solve
