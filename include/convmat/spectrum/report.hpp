#pragma once

#include <optional>
#include <string>
#include <vector>

#include <convmat/spectrum/bounds.hpp>
#include <convmat/spectrum/checkerboard.hpp>
#include <convmat/spectrum/rank.hpp>

namespace convmat {

/// A number and how far it may be from the truth; or why there is none.
struct Measured {
    std::optional<double> value; ///< none: not computed
    double error = 0;            ///< the truth lies within this of value
    std::string method;          ///< how it was found, or why it was not
};

/// What a layer's W is, in numbers.
struct SpectrumReport {
    Measured norm2;                      ///< ||W||_2 = σ_1
    Measured sigma_min;                  ///< the smallest of min(rows, cols) singular values
    Measured condition;                  ///< ||W||_2 / σ_min, infinity where σ_min is 0
    Measured frobenius;                  ///< ||W||_F
    std::optional<NumericalRank> rank;   ///< none: rank_note says why
    std::string rank_note;               ///< why there is no rank
    std::vector<double> singular_values; ///< all, the largest first, where they could be had; each within
                                         ///< singular_values_error of the truth
    double singular_values_error = 0;
    std::string singular_values_method; ///< how, or why there are none
    std::vector<NormBound> bounds;      ///< upper bounds of ||W||_2
    Measured circular_norm2;            ///< of the same layer with periodic boundaries
    Measured circular_sigma_min;
    std::string circular_note; ///< what that layer is, or why there is none to compare with
};

} // namespace convmat
