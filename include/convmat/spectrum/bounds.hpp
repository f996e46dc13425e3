#pragma once

#include <string>
#include <vector>

#include <convmat/spectrum/singular_values.hpp>

namespace convmat {

/// An upper bound of ||W||_2.
struct NormBound {
    std::string name;      ///< "Schur"
    std::string formula;   ///< "sqrt(||W||_1 ||W||_inf)"
    bool applies = false;  ///< whether its condition holds of this layer
    std::string condition; ///< what it needs; where it does not apply, what is in the way
    double value = 0;      ///< at least ||W||_2 up to rounding, where it applies
    std::string source;    ///< the identity of the catalogue, or the paper
};

} // namespace convmat
