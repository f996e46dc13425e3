#include "solve_report.hpp"

#include <cmath>

#include <fmt/format.h>

namespace convmat::cli {
namespace {

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

template <class T>
Json known(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

} // namespace

std::string text_of(const SolveReport& report) {
    std::string text = fmt::format("{}: {}\n", report.out, to_string(report.shape));
    text += fmt::format("  ||W x - y|| = {:.6g}, ||L x|| = {:.6g}, L = {}, lambda = {:.6g}{}\n", report.residual_norm,
                        report.penalty_norm, to_string(report.options.penalty), report.lambda,
                        report.lambda_method.empty() ? "" : " by " + report.lambda_method);
    if (!report.lambda_inside)
        text += "  this lambda lies at an end of the range that was searched: a better one may lie outside\n";
    text += fmt::format("  method {}: {}\n", to_string(report.method), report.reason);
    text += fmt::format("  normal equations: residual {:.3g}, {:.3g} of the right-hand side\n", report.normal_residual,
                        report.relative_normal_residual);
    if (report.iterations > 0) text += fmt::format("  steps: {}\n", report.iterations);
    if (!report.converged)
        text += "  NOT CONVERGED: the tolerance was not reached, take more steps, a larger lambda or another method\n";
    if (report.rank) text += fmt::format("  rank: {}\n", *report.rank);
    if (report.factor_nnz) text += fmt::format("  nonzeros of the factors: {}\n", *report.factor_nnz);
    if (report.reciprocal_condition)
        text += fmt::format("  reciprocal condition: {:.3g}\n", *report.reciprocal_condition);
    return text + fmt::format("  seconds: {:.3g}\n", report.seconds);
}

Json json_of(const SolveReport& report) {
    return {{"out", report.out},
            {"shape", report.shape},
            {"residual_norm", number(report.residual_norm)},
            {"normal_residual", number(report.normal_residual)},
            {"relative_normal_residual", number(report.relative_normal_residual)},
            {"penalty_norm", number(report.penalty_norm)},
            {"penalty", to_string(report.options.penalty)},
            {"lambda", number(report.lambda)},
            {"lambda_method", report.lambda_method},
            {"lambda_inside", report.lambda_inside},
            {"method", to_string(report.method)},
            {"reason", report.reason},
            {"converged", report.converged},
            {"iterations", report.iterations},
            {"rank", known(report.rank)},
            {"factor_nnz", known(report.factor_nnz)},
            {"reciprocal_condition", known(report.reciprocal_condition)},
            {"seconds", report.seconds},
            {"bytes", report.bytes}};
}

std::string text_of(const SolvePlan& plan) {
    std::string text = fmt::format("method {}: {}\n  {:<10}  {:>9}  {:>10}  {}\n", to_string(plan.method), plan.reason,
                                   "method", "seconds", "MB", "why not");
    for (const SolveCandidate& candidate : plan.candidates) {
        const bool priced = candidate.bytes > 0;
        const std::string seconds = priced ? fmt::format("{:.2g}", candidate.seconds) : "";
        const std::string megabytes = priced ? fmt::format("{:.3g}", candidate.bytes / 1e6) : "";
        std::string row = fmt::format("  {:<10}  {:>9}  {:>10}  {}", to_string(candidate.method), seconds, megabytes,
                                      candidate.refusal);
        row.erase(row.find_last_not_of(' ') + 1);
        text += row + "\n";
    }
    return text;
}

Json json_of(const SolvePlan& plan) {
    Json rows = Json::array();
    for (const SolveCandidate& candidate : plan.candidates) {
        const bool priced = candidate.bytes > 0;
        rows.push_back({{"method", to_string(candidate.method)},
                        {"seconds", priced ? number(candidate.seconds) : Json(nullptr)},
                        {"bytes", priced ? number(candidate.bytes) : Json(nullptr)},
                        {"refusal", candidate.refusal.empty() ? Json(nullptr) : Json(candidate.refusal)}});
    }
    return {{"method", to_string(plan.method)},
            {"reason", plan.reason},
            {"seconds", plan.seconds},
            {"bytes", plan.bytes},
            {"candidates", std::move(rows)}};
}

std::string text_of(const KernelReport& report) {
    std::string text = fmt::format("{}: a kernel of shape {}\n", report.out, to_string(report.shape));
    text += fmt::format("  ||W x - y|| = {:.6g}, lambda = {:.6g}\n", report.residual_norm, report.lambda);
    text += fmt::format("  rank of the design: {} of {}{}\n", report.rank, report.most,
                        report.rank < report.most ? ": x does not determine the kernel, this is the one of least norm"
                                                  : "");
    text += fmt::format("  noise: variance {:.3g}; largest standard error of a weight {:.3g}\n", report.noise_variance,
                        report.largest_standard_error);
    return text + fmt::format("  seconds: {:.3g}\n", report.seconds);
}

Json json_of(const KernelReport& report) {
    return {{"out", report.out},
            {"shape", report.shape},
            {"residual_norm", number(report.residual_norm)},
            {"normal_residual", number(report.normal_residual)},
            {"lambda", number(report.lambda)},
            {"method", "qr"},
            {"reason", "the kernel is the unknown: QR of the design M(x), block by block of rows"},
            {"iterations", 0},
            {"rank", report.rank},
            {"rank_most", report.most},
            {"noise_variance", number(report.noise_variance)},
            {"largest_standard_error", number(report.largest_standard_error)},
            {"seconds", report.seconds}};
}

} // namespace convmat::cli
