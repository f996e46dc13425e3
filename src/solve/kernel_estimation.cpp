#include <convmat/solve/kernel_estimation.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <convmat/base/checked.hpp>
#include <convmat/base/error.hpp>
#include <convmat/base/memory.hpp>

#include "../numerics/dense_product.hpp"
#include "../numerics/dense_qr.hpp"
#include "design.hpp"

namespace convmat::detail {
namespace {

using namespace solve;
using numerics::Complex;
using numerics::Dense;

constexpr Index most_unknowns = 20000;
constexpr double least_singular_value = 1e-150; // of scaled data; its square and the square's inverse are doubles

Shape read_shape(const ConvGeometry& geometry, Form form) {
    return form == Form::matrix ? geometry.input_shape() : geometry.output_shape();
}

Shape written_shape(const ConvGeometry& geometry, Form form) {
    return form == Form::matrix ? geometry.output_shape() : geometry.input_shape();
}

Index samples_of(const Shape& shape, const Shape& one, const char* who) {
    if (shape == one) return 1;
    if (shape.size() != one.size() + 1 || !std::equal(one.begin(), one.end(), shape.begin() + 1))
        throw ShapeError({.parameter = who,
                          .value = to_string(shape),
                          .expected = concat(to_string(one), " or, for N samples, Nx", to_string(one)),
                          .found = concat("estimate_kernel: ", who, " has shape ", to_string(shape))});
    if (shape.front() == 0)
        throw ShapeError({.parameter = who,
                          .value = "0",
                          .expected = "at least 1",
                          .found = concat("estimate_kernel: ", who, " has no samples")});
    return shape.front();
}

template <class S>
void require_finite(const Tensor<S>& array, const char* who) {
    for (Index i = 0; i < array.size(); ++i)
        if (!std::isfinite(std::real(array[i])) || !std::isfinite(std::imag(array[i])))
            throw ArgumentError({.parameter = who,
                                 .value = concat(array[i]),
                                 .expected = "a finite number",
                                 .found = concat("estimate_kernel: ", who, "[", i, "] is ", array[i])});
}

[[noreturn]] void refuse_option(const char* option, double value, const char* expected) {
    throw ArgumentError({.parameter = option,
                         .value = concat(value),
                         .expected = expected,
                         .found = concat("estimate_kernel: KernelEstimationOptions::", option, " is ", value)});
}

// Of D and y at a time.
Index rows_of_block(const KernelUnknown& unknown) {
    return std::min(unknown.rows(), std::max<Index>(unknown.unknowns(), 1024));
}

void require_room(const KernelUnknown& unknown, Index value_bytes) {
    constexpr const char* who = "estimate_kernel";
    const Index q = unknown.unknowns();
    if (q > most_unknowns)
        throw SizeError({.parameter = "geometry",
                         .value = concat(q),
                         .expected = concat("at most ", most_unknowns),
                         .found = concat(who, ": ", q, " unknowns share a design")});
    checked_mul(unknown.samples, unknown.positions, who);
    const Index work = checked_mul(rows_of_block(unknown) + q, checked_add(q, unknown.members, who), who);
    const Index squares = checked_mul(checked_add(unknown.groups, 12, who), q * q, who); // 12: the SVD and its copies
    const Index kernels = checked_mul(checked_mul(unknown.groups, unknown.members, who), checked_mul(4, q, who), who);
    const Index values = checked_add(checked_add(work, squares, who), kernels, who);
    require_memory(checked_mul(values, value_bytes, who), who);
}

// D = Q R and z = Q^H y, without the rows that R does not have.
template <class S>
struct Triangle {
    Dense<S> r;
    Dense<S> z;
};

// R of [R; next rows of D] again and again.
template <class S>
Triangle<S> triangle_of(const KernelUnknown& unknown, GroupData<S>& data) {
    const Index rows = unknown.rows(), q = unknown.unknowns(), members = unknown.members;
    const Index block = rows_of_block(unknown);
    Dense<S> work(std::min(q, rows) + block, q + members + numerics::room_behind);
    work.rightCols(numerics::room_behind).setZero();
    Index kept = 0;
    for (Index first = 0; first < rows; first += block) {
        const Index fresh = std::min(block, rows - first), all = kept + fresh;
        data.write_design(first, work.block(kept, 0, fresh, q));
        data.write_response(first, work.block(kept, q, fresh, members));
        numerics::triangularise(work.topLeftCorner(all, q), work.block(0, q, all, members));
        kept = std::min(all, q);
    }
    return {work.topLeftCorner(kept, q), work.block(0, q, kept, members)};
}

// Of one group, in scaled numbers: K is 2^(y_exponent + inverse_exponent) times the kernel here.
template <class S>
struct GroupEstimate {
    Dense<S> kernel;     ///< q x members
    Dense<S> covariance; ///< V F² V^H
    Index rank = 0;
    int x_exponent = 0;
    int y_exponent = 0;
    int inverse_exponent = 0; ///< of F: that of 1/x, and more where λ is larger than x
    double residual_norm = 0;
    double normal_residual = 0;
};

// λ in units of x, or of 2^excess x where that is above 1: then F is 2^(-2 excess) of what is computed.
struct ScaledLambda {
    ScaledLambda(double lambda, int x_exponent) {
        int exponent = 0;
        if (lambda > 0) std::frexp(lambda, &exponent), excess = std::max(0, exponent - x_exponent);
        value = std::ldexp(lambda, -x_exponent - excess);
    }
    double value = 0;
    int excess = 0;
};

double tolerance_of(const KernelUnknown& unknown, double norm, const KernelEstimationOptions& options, int x_exponent) {
    const double tolerance = options.tolerance ? std::ldexp(*options.tolerance, -x_exponent)
                                               : numerics::svd_rounding(unknown.rows(), unknown.unknowns()) * norm;
    return std::max(tolerance, least_singular_value);
}

// || y - D k || and || D^H (y - D k) - λ² k ||
template <class S>
void measure(GroupEstimate<S>& estimate, const KernelUnknown& unknown, GroupData<S>& data, const ScaledLambda& lambda) {
    const Index block = rows_of_block(unknown);
    const Dense<S> kernel = estimate.kernel.unaryExpr([&](S weight) { return scaled(weight, -2 * lambda.excess); });
    Dense<S> design(block, unknown.unknowns()), response(block, unknown.members);
    Dense<S> normal = -lambda.value * (lambda.value * estimate.kernel);
    for (Index first = 0; first < unknown.rows(); first += block) {
        const Index fresh = std::min(block, unknown.rows() - first);
        data.write_design(first, design.topRows(fresh));
        data.write_response(first, response.topRows(fresh));
        response.topRows(fresh) -= numerics::product<S>(design.topRows(fresh), kernel);
        normal += numerics::product<S>(design.topRows(fresh).adjoint(), response.topRows(fresh));
        estimate.residual_norm = std::hypot(estimate.residual_norm, response.topRows(fresh).stableNorm());
    }
    estimate.normal_residual = normal.stableNorm();
}

template <class S>
GroupEstimate<S> estimate_of(const KernelUnknown& unknown, GroupData<S>& data, const KernelEstimationOptions& options) {
    GroupEstimate<S> estimate;
    estimate.x_exponent = data.x_exponent();
    estimate.y_exponent = data.y_exponent();
    const ScaledLambda lambda(options.lambda, data.x_exponent());
    estimate.inverse_exponent = -data.x_exponent() - 2 * lambda.excess;
    Triangle<S> triangle = triangle_of(unknown, data);
    const auto svd = numerics::svd_of(std::move(triangle.r));
    const double tolerance = tolerance_of(unknown, svd.values.front(), options, data.x_exponent());
    estimate.rank = std::ranges::count_if(svd.values, [&](double value) { return value > tolerance; });
    Eigen::VectorXd filter(estimate.rank);
    for (Index i = 0; i < estimate.rank; ++i) {
        const double value = svd.values[static_cast<std::size_t>(i)], small = std::ldexp(value, -lambda.excess);
        filter[i] = value / (small * small + lambda.value * lambda.value);
    }
    const Dense<S> inverse = svd.v.leftCols(estimate.rank) * filter.asDiagonal();
    const Dense<S> coordinates = numerics::product<S>(svd.u.leftCols(estimate.rank).adjoint(), triangle.z);
    estimate.kernel = numerics::product<S>(inverse, coordinates);
    estimate.covariance = numerics::product<S>(inverse, inverse.adjoint());
    measure(estimate, unknown, data, lambda);
    return estimate;
}

// Throws unless the largest weight is a double; those that are far smaller may vanish beside it.
template <class S>
void require_representable(const Dense<S>& kernel, int exponent) {
    double most = 0;
    for (const S& weight : kernel.reshaped())
        most = std::max({most, std::abs(std::real(weight)), std::abs(std::imag(weight))});
    int of_most = 0;
    if (most > 0) std::frexp(most, &of_most);
    using Limits = std::numeric_limits<double>;
    if (most > 0 && (of_most + exponent > Limits::max_exponent || of_most + exponent < Limits::min_exponent))
        throw SizeError({.parameter = "kernel",
                         .value = concat("2^", of_most + exponent),
                         .expected = "xs and ys nearer to each other",
                         .found = concat("estimate_kernel: the largest weight is about 2^", of_most + exponent,
                                         ", outside the range of double")});
}

template <class S>
void write_kernel(Tensor<S>& kernel, const KernelUnknown& unknown, Index group, const GroupEstimate<S>& estimate) {
    const int exponent = estimate.y_exponent + estimate.inverse_exponent;
    require_representable(estimate.kernel, exponent);
    for (Index member = 0; member < unknown.members; ++member)
        for (Index i = 0; i < unknown.unknowns(); ++i)
            kernel[unknown.weight(group, member, i / unknown.taps, i % unknown.taps)] =
                scaled(estimate.kernel(i, member), exponent);
}

// The covariance of unit noise in scaled numbers, until the noise of all groups is known.
template <class S>
void write_unit_covariance(Tensor<S>& covariance, Index group, const Dense<S>& of_group) {
    Eigen::Map<Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
        covariance.data() + group * of_group.size(), of_group.rows(), of_group.cols()) = of_group;
}

// 2^exponent mantissa, of which the mantissa can be squared.
struct Number {
    Number(double value, int exponent_) : mantissa(std::frexp(value, &exponent)) { exponent += exponent_; }
    int exponent = 0;
    double mantissa = 0;
};

template <class S>
void apply_noise(KernelEstimate<S>& estimate, const KernelUnknown& unknown, Index group, int inverse_exponent,
                 const Number& noise) {
    const Index q = unknown.unknowns();
    const int exponent = inverse_exponent + noise.exponent;
    S* const covariance = estimate.covariance.data() + group * q * q;
    for (Index i = 0; i < q; ++i) {
        const double error = std::sqrt(std::real(covariance[i * q + i])) * noise.mantissa;
        for (Index member = 0; member < unknown.members; ++member)
            estimate.standard_errors[unknown.weight(group, member, i / unknown.taps, i % unknown.taps)] =
                scaled(error, exponent);
    }
    for (Index i = 0; i < q * q; ++i)
        covariance[i] = scaled(S(covariance[i] * (noise.mantissa * noise.mantissa)), 2 * exponent);
}

// What is left of a group once its weights are written.
struct Fit {
    Index rank = 0;
    int inverse_exponent = 0;
    int y_exponent = 0;
    double residual_norm = 0;
};

template <class S>
void write_noise(KernelEstimate<S>& estimate, const KernelUnknown& unknown, const std::vector<Fit>& fits) {
    int exponent = std::numeric_limits<int>::min();
    for (const Fit& fit : fits) exponent = std::max(exponent, fit.y_exponent);
    double norm = 0;
    Index freedom = 0;
    for (const Fit& fit : fits) {
        norm = std::hypot(norm, std::ldexp(fit.residual_norm, fit.y_exponent - exponent));
        freedom += unknown.members * (unknown.rows() - fit.rank);
    }
    estimate.residual_norm = std::ldexp(norm, exponent);
    const Number noise(freedom > 0 ? norm / std::sqrt(static_cast<double>(freedom)) : 0, exponent);
    estimate.noise_variance = std::ldexp(noise.mantissa * noise.mantissa, 2 * noise.exponent);
    for (std::size_t g = 0; g < fits.size(); ++g)
        apply_noise(estimate, unknown, static_cast<Index>(g), fits[g].inverse_exponent, noise);
}

} // namespace

void require_estimable(const ConvGeometry& geometry, const Shape& xs, const Shape& ys,
                       const KernelEstimationOptions& options) {
    if (!(options.lambda >= 0) || !std::isfinite(options.lambda))
        refuse_option("lambda", options.lambda, "a finite number of at least 0");
    if (options.tolerance && !(*options.tolerance >= 0))
        refuse_option("tolerance", *options.tolerance, "a number of at least 0");
    const Index of_xs = samples_of(xs, read_shape(geometry, options.form), "xs");
    const Index of_ys = samples_of(ys, written_shape(geometry, options.form), "ys");
    if (of_xs != of_ys)
        throw ShapeError({.parameter = "ys",
                          .value = concat(of_ys),
                          .expected = "as many",
                          .found = concat("estimate_kernel: xs has ", of_xs, " samples, ys ", of_ys)});
}

template <class S>
KernelEstimate<S> estimate_kernel(const ConvGeometry& geometry, const Tensor<S>& xs, const Tensor<S>& ys,
                                  const KernelEstimationOptions& options) {
    const KernelUnknown unknown(geometry, options.form,
                                samples_of(xs.shape(), read_shape(geometry, options.form), "xs"));
    require_room(unknown, Index{sizeof(S)});
    require_finite(xs, "xs");
    require_finite(ys, "ys");
    const std::vector<AxisTaps> axes = axes_of(geometry, options.form);
    KernelEstimate<S> estimate;
    estimate.kernel = Tensor<S>(geometry.kernel_shape());
    estimate.standard_errors = Tensor<double>(geometry.kernel_shape());
    estimate.covariance = Tensor<S>({unknown.groups, unknown.unknowns(), unknown.unknowns()});
    estimate.most = unknown.groups * unknown.unknowns();
    std::vector<Fit> fits;
    for (Index group = 0; group < unknown.groups; ++group) {
        GroupData<S> data(unknown, axes, xs, ys, group);
        const GroupEstimate<S> found = estimate_of(unknown, data, options);
        write_kernel(estimate.kernel, unknown, group, found);
        write_unit_covariance(estimate.covariance, group, found.covariance);
        estimate.rank += found.rank;
        estimate.normal_residual = std::hypot(estimate.normal_residual,
                                              std::ldexp(found.normal_residual, found.x_exponent + found.y_exponent));
        fits.push_back({found.rank, found.inverse_exponent, found.y_exponent, found.residual_norm});
    }
    write_noise(estimate, unknown, fits);
    return estimate;
}

template KernelEstimate<double> estimate_kernel(const ConvGeometry&, const Tensor<double>&, const Tensor<double>&,
                                                const KernelEstimationOptions&);
template KernelEstimate<Complex> estimate_kernel(const ConvGeometry&, const Tensor<Complex>&, const Tensor<Complex>&,
                                                 const KernelEstimationOptions&);

} // namespace convmat::detail
