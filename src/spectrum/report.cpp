#include <convmat/spectrum/report.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <convmat/base/checked.hpp>

#include "ends.hpp"
#include "rank_of_values.hpp"

namespace convmat::detail {
namespace {

using namespace spectrum;

constexpr double infinity = std::numeric_limits<double>::infinity();

// a / b with what their errors leave open.
Measured ratio(const Measured& a, const Measured& b) {
    if (!a.value || !b.value) return not_computed("needs both ends of the spectrum");
    const std::string method = "||W||_2 / sigma_min";
    if (*a.value <= a.error) return {.value = infinity, .error = infinity, .method = "W is 0, or as good as"};
    if (*b.value <= b.error)
        return {.value = infinity, .error = infinity, .method = method + ": sigma_min is 0 within its error"};
    const double value = *a.value / *b.value, most = (*a.value + a.error) / (*b.value - b.error);
    return {value, most - value, method, a.converged && b.converged};
}

// The same weights on axes closed to circles, which their Fourier transform diagonalises.
ConvGeometry on_circles(const ConvGeometry& geometry) {
    ConvSpec spec{.input = {},
                  .kernel = {},
                  .in_channels = geometry.in_channels(),
                  .out_channels = geometry.out_channels(),
                  .groups = geometry.groups()};
    for (const Axis& axis : geometry.axes()) {
        const Index m = ceil_div(axis.input, axis.stride), n = checked_mul(m, axis.stride, "circular layer");
        const Index end = checked_sub(checked_add(axis.stride * (m - 1), axis.effective_kernel(), "circular layer"),
                                      checked_add(n, axis.padding.begin, "circular layer"), "circular layer");
        spec.input.push_back(n);
        spec.kernel.push_back(axis.kernel);
        spec.stride.push_back(axis.stride);
        spec.dilation.push_back(axis.dilation);
        spec.padding.push_back({axis.padding.begin, end});
        spec.boundary.push_back(Boundary::periodic);
    }
    return ConvGeometry(spec);
}

template <class S>
void compare_with_circle(SpectrumReport& report, const ConvGeometry& geometry, const Tensor<S>& kernel,
                         const SpectrumOptions& options) {
    const auto periodic = [](const Axis& axis) { return axis.boundary == Boundary::periodic; };
    const auto sparse = [](const Axis& axis) { return axis.stride > axis.input; };
    if (std::ranges::any_of(geometry.axes(), sparse)) {
        report.circular = "not compared: a stride is larger than the input";
        return;
    }
    if (std::ranges::all_of(geometry.axes(), periodic)) {
        report.circular = "the layer is periodic itself";
        return;
    }
    try {
        const ConvGeometry circle = on_circles(geometry);
        report.circular = concat("the same weights with periodic boundaries: ", to_string(circle.input_shape()), " -> ",
                                 to_string(circle.output_shape()));
        Ends ends = ends_of(circle, kernel, options);
        report.circular_norm2 = ends.largest;
        report.circular_sigma_min = ends.smallest;
    } catch (const std::exception& error) { // too large, or with no room for the kernel
        report.circular = concat("not compared: ", error.what());
    }
}

// Taps that meet may cancel: what rounds is in proportion to the sum of their magnitudes.
template <class S>
Measured frobenius_of(const ConvGeometry& geometry, const Tensor<S>& kernel) {
    Tensor<double> magnitudes(kernel.shape());
    std::ranges::transform(kernel.values(), magnitudes.values().begin(), [](const S& w) { return std::abs(w); });
    const double norm = frobenius_norm(geometry, kernel), most = frobenius_norm(geometry, magnitudes);
    const double relative =
        1e-15 * static_cast<double>(geometry.rank() + 8) * std::sqrt(static_cast<double>(geometry.weights()));
    const double square = relative * most; // times most: of the square
    const double error = norm > std::sqrt(relative) * most ? square * (most / norm) : std::sqrt(relative) * most;
    return {norm, error, "inner products of taps, sum_t ω_t ||K_t||² where no two meet"};
}

template <class S>
void write_rank(SpectrumReport& report, const ConvGeometry& geometry, const Tensor<S>& kernel,
                const ReportOptions& options) {
    if (!report.singular_values.empty()) { // what numerical_rank would find out again
        report.rank =
            rank_of_values(geometry, report.singular_values, report.singular_values_error, options.rank_tolerance);
        return;
    }
    try {
        report.rank = numerical_rank(geometry, kernel, {options.rank_tolerance, options.spectrum});
    } catch (const std::exception& error) { // too large, or a factorisation that failed
        report.no_rank = error.what();
    }
}

} // namespace

template <class S>
void write_spectrum(SpectrumReport& report, const ConvGeometry& geometry, const Tensor<S>& kernel,
                    const ReportOptions& options) {
    Ends ends = ends_of(geometry, kernel, options.spectrum);
    report.norm2 = ends.largest;
    report.sigma_min = ends.smallest;
    report.condition = ratio(ends.largest, ends.smallest);
    try {
        report.frobenius = frobenius_of(geometry, kernel);
    } catch (const SizeError& error) {
        report.frobenius = not_computed(error.what());
    }
    report.singular_values = std::move(ends.all.values);
    report.singular_values_error = ends.all.error;
    report.singular_values_method = ends.no_list.empty() ? ends.all.method : ends.no_list;
    write_rank(report, geometry, kernel, options);
    try {
        report.bounds = norm_bounds(geometry, kernel);
    } catch (const SizeError& error) {
        report.no_bounds = error.what();
    }
    compare_with_circle(report, geometry, kernel, options.spectrum);
}

// A rank that is not proved is at least the number of singular values that are not 0 within their error.
void write_rank_of_integers(SpectrumReport& report, const ConvGeometry& geometry, const Tensor<std::int64_t>& kernel) {
    auto rank = rank_of_integers(geometry, kernel);
    if (!rank) return;
    const auto is_not_zero = [&](double value) { return value > report.singular_values_error; };
    Index positive = std::ranges::count_if(report.singular_values, is_not_zero);
    const Measured& least = report.sigma_min;
    if (least.value && *least.value > least.error) positive = rank->most;
    if (!rank->exact && positive > rank->rank) {
        rank->method = concat("as many singular values are above their error, where elimination modulo primes finds ",
                              rank->rank, ": one of the two is wrong");
        rank->rank = positive;
    }
    report.rank = std::move(rank);
}

template void write_spectrum(SpectrumReport&, const ConvGeometry&, const Tensor<double>&, const ReportOptions&);
template void write_spectrum(SpectrumReport&, const ConvGeometry&, const Tensor<std::complex<double>>&,
                             const ReportOptions&);

} // namespace convmat::detail
