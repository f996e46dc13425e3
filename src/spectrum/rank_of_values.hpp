#pragma once

#include <optional>
#include <span>

#include <convmat/spectrum/rank.hpp>

namespace convmat::detail {

/// #{i : σ_i > tolerance} of all singular values, the largest first, each known within the error; without a tolerance
/// the larger of the error and max(rows, cols) eps σ_1.
NumericalRank rank_of_values(const ConvGeometry& geometry, std::span<const double> values, double error,
                             std::optional<double> tolerance);

} // namespace convmat::detail
