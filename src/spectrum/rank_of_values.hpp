#pragma once

#include <optional>
#include <span>

#include <convmat/spectrum/rank.hpp>

namespace convmat::detail {

/// #{i : σ_i > tolerance} of all singular values, the largest first, each known within the error; without a tolerance
/// the larger of the error and max(rows, cols) eps σ_1.
NumericalRank rank_of_values(const ConvGeometry& geometry, std::span<const double> values, double error,
                             std::optional<double> tolerance);

/// max(rows, cols) eps norm
double default_tolerance(const ConvGeometry& geometry, double norm);

/// ||W||_2 to a thousandth.
template <class S>
double rough_norm(const ConvGeometry& geometry, const Tensor<S>& kernel, SpectrumOptions options);

/// Throws ArgumentError naming `who` and the option unless every number is one that means something.
void require_valid(const RankOptions& options, const char* who);

} // namespace convmat::detail
