#pragma once

#include <vector>

#include "dense_svd.hpp"

namespace convmat::numerics {

/// Numbers whose product is det A of a square A: the pivots of P A = L U, by LAPACK, the sign of P with them.
std::vector<Complex> determinant_factors(const Dense<Complex>& a);

} // namespace convmat::numerics
