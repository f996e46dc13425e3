#pragma once

#include <string>

#include <convmat/solve/kernel_estimation.hpp>
#include <convmat/solve/lambda.hpp>

#include "json.hpp"

namespace convmat::cli {

/// What a solution is, but for its values.
struct SolveReport {
    std::string out;
    Shape shape; ///< of the file
    LeastSquaresOptions options;
    double lambda = 0;
    std::string lambda_method; ///< how λ was chosen; empty: it was given
    bool lambda_inside = true; ///< whether a better λ may lie outside of what was searched
    double residual_norm = 0, normal_residual = 0, relative_normal_residual = 0, penalty_norm = 0;
    SolveMethod method = SolveMethod::automatic;
    std::string reason;
    bool converged = true;
    Index iterations = 0;
    std::optional<Index> rank, factor_nnz;
    std::optional<double> reciprocal_condition;
    double seconds = 0;
    double bytes = 0; ///< as predicted
};

std::string text_of(const SolveReport& report);
Json json_of(const SolveReport& report);

/// Every method beside its price, or why it cannot be taken; the chosen one first.
std::string text_of(const SolvePlan& plan);
Json json_of(const SolvePlan& plan);

/// What an estimated kernel is, but for its values.
struct KernelReport {
    std::string out;
    Shape shape;
    double lambda = 0;
    double residual_norm = 0, normal_residual = 0, noise_variance = 0, largest_standard_error = 0;
    Index rank = 0, most = 0;
    double seconds = 0;
};

std::string text_of(const KernelReport& report);
Json json_of(const KernelReport& report);

} // namespace convmat::cli
