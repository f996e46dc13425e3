#include <convmat/spectrum/rank.hpp>

#include <algorithm>
#include <limits>

#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/structure/exact_rank.hpp>

#include "../numerics/scaled_kernel.hpp"
#include "rank_of_values.hpp"
#include "sparse_qr.hpp"

namespace convmat::detail {
namespace {

using namespace numerics;
using namespace spectrum;

constexpr double most_spectrum_operations = 2e11; // of all singular values, before SPQR is the quicker way
constexpr Index most_exact_entries = Index{1} << 22;

template <class S>
std::optional<SingularValues> all_values(const ConvGeometry& geometry, const Tensor<S>& kernel,
                                         SpectrumOptions options) {
    options.most_operations = std::min(options.most_operations, most_spectrum_operations);
    try {
        return singular_values(geometry, kernel, options);
    } catch (const SizeError&) {
        return std::nullopt;
    }
}

// What the rank rests on.
std::string grounds_of(const RationalRank& found) {
    if (found.primes == 0) return "all weights that W has are 0";
    if (found.proved)
        return concat("elimination modulo ", found.primes, found.primes == 1 ? " prime" : " primes",
                      ", which proves it");
    return concat("elimination modulo ", found.primes, " primes: at least this, and most likely no more");
}

} // namespace

double default_tolerance(const ConvGeometry& geometry, double norm) {
    return static_cast<double>(std::max(geometry.rows(), geometry.cols())) * std::numeric_limits<double>::epsilon() *
           norm;
}

template <class S>
double rough_norm(const ConvGeometry& geometry, const Tensor<S>& kernel, SpectrumOptions options) {
    options.tolerance = 1e-3;
    return singular_triplets(geometry, kernel, 1, End::largest, options).values.front();
}

void require_valid(const RankOptions& options, const char* who) {
    require_valid(options.spectrum, who);
    if (options.tolerance && !(*options.tolerance >= 0))
        throw ArgumentError({.parameter = "tolerance",
                             .value = concat(*options.tolerance),
                             .expected = "a number of at least 0",
                             .found = concat(who, ": RankOptions::tolerance is ", *options.tolerance)});
}

NumericalRank rank_of_values(const ConvGeometry& geometry, std::span<const double> values, double error,
                             std::optional<double> tolerance) {
    const double norm = values.empty() ? 0 : values.front();
    const double most_zero = tolerance ? *tolerance : std::max(default_tolerance(geometry, norm), error);
    const auto above = std::ranges::count_if(values, [&](double value) { return value > most_zero; });
    return {above, std::ssize(values), most_zero, false, "singular values above the tolerance"};
}

std::optional<NumericalRank> rank_of_integers(const ConvGeometry& geometry, const Tensor<std::int64_t>& kernel) {
    require_shape(kernel, geometry.kernel_shape(), "numerical_rank: kernel");
    if (geometry.rows() > most_exact_entries / std::max<Index>(1, geometry.cols())) return std::nullopt;
    const RationalRank found = rational_rank(kernel2matrix(geometry, kernel));
    return NumericalRank{found.rank, std::min(geometry.rows(), geometry.cols()), 0, found.proved, grounds_of(found)};
}

template <class S>
NumericalRank numerical_rank(const ConvGeometry& geometry, const Tensor<S>& kernel, const RankOptions& options) {
    require_valid(options, "numerical_rank");
    const ScaledKernel<S> scaled(geometry, kernel, "numerical_rank");
    std::optional<double> of_scaled;
    if (options.tolerance) of_scaled = *options.tolerance / scaled.factor;
    if (const auto all = all_values(geometry, scaled.kernel, options.spectrum)) {
        NumericalRank found = rank_of_values(geometry, all->values, all->error, of_scaled);
        found.tolerance *= scaled.factor;
        found.method += ": " + all->method;
        return found;
    }
    const double norm = rough_norm(geometry, scaled.kernel, options.spectrum);
    const double zero = svd_rounding(geometry.rows(), geometry.cols()) * norm; // what rounding may make of it
    const double tolerance = of_scaled ? *of_scaled : std::max(default_tolerance(geometry, norm), zero);
    const auto w = kernel2matrix<Eigen::ColMajor, std::int64_t>(geometry, scaled.kernel);
    require_factor_fits(w, options.spectrum);
    const Index rank = rank_by_qr(w, tolerance, norm);
    const Index most = std::min(geometry.rows(), geometry.cols());
    return {rank, most, tolerance * scaled.factor, false,
            "sparse QR, without the singular values of R up to the tolerance"};
}

template double rough_norm(const ConvGeometry&, const Tensor<double>&, SpectrumOptions);
template double rough_norm(const ConvGeometry&, const Tensor<Complex>&, SpectrumOptions);
template NumericalRank numerical_rank(const ConvGeometry&, const Tensor<double>&, const RankOptions&);
template NumericalRank numerical_rank(const ConvGeometry&, const Tensor<Complex>&, const RankOptions&);

} // namespace convmat::detail
