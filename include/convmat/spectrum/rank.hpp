#pragma once

#include <string>

#include <Eigen/SparseCore>

#include <convmat/spectrum/singular_values.hpp>

namespace convmat {

/// The rank of W, or of a matrix near it.
struct NumericalRank {
    Index rank = 0;
    Index most = 0;       ///< min(rows, cols): full rank
    double tolerance = 0; ///< singular values up to this count as zero (an absolute number)
    bool exact = false;   ///< proved by exact arithmetic: of integer weights, the rank of W itself
    std::string method;   ///< how it was found
};

} // namespace convmat
