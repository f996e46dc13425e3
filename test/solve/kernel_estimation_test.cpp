#include <convmat/solve/kernel_estimation.hpp>

#include <cmath>
#include <limits>
#include <random>

#include <boost/test/unit_test.hpp>

#include <convmat/base/random.hpp>
#include <convmat/matrix/input2matrix.hpp>
#include <convmat/reference/loops.hpp>
#include <convmat/structure/exact_rank.hpp>

#include "../support/dense_oracles.hpp"
#include "../support/random_layer.hpp"
#include "../support/throws_saying.hpp"

namespace kernel_estimation_test {

using namespace convmat;
using namespace convmat::test;

namespace {

using Complex = std::complex<double>;
constexpr double eps = std::numeric_limits<double>::epsilon();

template <class S>
using Dense = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;

Shape read_shape(const ConvGeometry& geometry, Form form) {
    return form == Form::matrix ? geometry.input_shape() : geometry.output_shape();
}

Shape with_samples(Index samples, const Shape& one) {
    Shape shape = {samples};
    shape.insert(shape.end(), one.begin(), one.end());
    return shape;
}

template <class S>
Tensor<S> sample(const Tensor<S>& of, Index b) {
    Shape shape(of.shape().begin() + 1, of.shape().end());
    Tensor<S> one(shape);
    std::copy_n(of.data() + b * one.size(), one.size(), one.data());
    return one;
}

template <class S>
Tensor<S> layer_of(const ConvGeometry& geometry, Form form, const Tensor<S>& x, const Tensor<S>& kernel) {
    return form == Form::matrix ? reference::convolve(geometry, kernel, x) : reference::transpose(geometry, kernel, x);
}

// What the layer makes of each of the samples.
template <class S>
Tensor<S> layer_of_samples(const ConvGeometry& geometry, Form form, const Tensor<S>& xs, const Tensor<S>& kernel) {
    const Shape one = form == Form::matrix ? geometry.output_shape() : geometry.input_shape();
    Tensor<S> ys(with_samples(xs.shape().front(), one));
    for (Index b = 0; b < xs.shape().front(); ++b) {
        const Tensor<S> y = layer_of(geometry, form, sample(xs, b), kernel);
        std::ranges::copy(y.values(), ys.data() + b * y.size());
    }
    return ys;
}

// M(x) of all samples, a unit kernel a column, by the loops; of W itself it is input2matrix().
template <class S>
Dense<S> dense_m(const ConvGeometry& geometry, Form form, const Tensor<S>& xs) {
    Dense<S> m;
    for (Index j = 0; j < geometry.weights(); ++j) {
        Tensor<S> unit(geometry.kernel_shape());
        unit[j] = S(1);
        const Tensor<S> column = layer_of_samples(geometry, form, xs, unit);
        if (j == 0) m.resize(column.size(), geometry.weights());
        m.col(j) = column.vec();
    }
    if (form == Form::matrix)
        for (Index b = 0; b < xs.shape().front(); ++b)
            BOOST_TEST((Dense<S>(input2matrix(geometry, sample(xs, b))) ==
                        m.middleRows(b * geometry.rows(), geometry.rows())));
    return m;
}

// K = inverse y with inverse = (M^H M + λ² I)^{-1} M^H, or M^+, of least norm; its condition decides how far two such
// estimates may differ.
template <class S>
struct DenseFit {
    DenseFit(const Dense<S>& m, const Dense<S>& y, double lambda) {
        Dense<S> augmented = Dense<S>::Zero(m.rows() + (lambda > 0 ? m.cols() : 0), m.cols());
        augmented.topRows(m.rows()) = m;
        if (lambda > 0) augmented.bottomRows(m.cols()).diagonal().setConstant(S(lambda));
        rank = test::dense_minimum(m, y, 1e-11).rank;
        const Dense<S> identity = Dense<S>::Identity(augmented.rows(), augmented.rows());
        const Dense<S> all = test::dense_minimum(augmented, identity, 1e-11).x;
        const Dense<S> inverse = all.leftCols(m.rows());
        kernel = inverse * y;
        residual = (y - m * kernel).norm();
        const Index freedom = m.rows() - rank;
        variance = freedom > 0 ? residual * residual / static_cast<double>(freedom) : 0;
        covariance = variance * inverse * inverse.adjoint();
        const double condition = 1 + m.norm() * all.norm();
        const double n = static_cast<double>(m.rows() + m.cols());
        relative = 10 * n * eps * condition;
        error = relative * (kernel.norm() + all.norm() * (residual + eps * y.norm()));
    }
    Index rank = 0;
    Dense<S> kernel, covariance;
    double residual = 0, variance = 0;
    double error = 0;    // of the kernel
    double relative = 0; // of inverse, so of roots of the covariance
};

// Where each of the group's q weights of one channel that is written is in K.
Index position_in_kernel(const ConvGeometry& geometry, Form form, Index group, Index member, Index i) {
    const Index k = geometry.kernel_size(), in = geometry.in_channels_per_group();
    const Index out = geometry.out_channels_per_group(), channel = i / k, tap = i % k;
    const Index o = group * out + (form == Form::matrix ? member : channel),
                c = form == Form::matrix ? channel : member;
    return (o * in + c) * k + tap;
}

template <class S>
void check_covariance(const ConvGeometry& geometry, Form form, const KernelEstimate<S>& estimate,
                      const DenseFit<S>& dense) {
    const bool forward = form == Form::matrix;
    const Index members = forward ? geometry.out_channels_per_group() : geometry.in_channels_per_group();
    const Index q =
        geometry.kernel_size() * (forward ? geometry.in_channels_per_group() : geometry.out_channels_per_group());
    BOOST_TEST_REQUIRE((estimate.covariance.shape() == Shape{geometry.groups(), q, q}));
    BOOST_TEST_REQUIRE((estimate.standard_errors.shape() == geometry.kernel_shape()));
    const double scale = dense.covariance.norm() + 1e-300, most = 20 * dense.relative;
    for (Index g = 0; g < geometry.groups(); ++g)
        for (Index member = 0; member < members; ++member)
            for (Index i = 0; i < q; ++i) {
                const Index row = position_in_kernel(geometry, form, g, member, i);
                for (Index j = 0; j < q; ++j) {
                    const S expected = dense.covariance(row, position_in_kernel(geometry, form, g, member, j));
                    BOOST_TEST(std::abs(estimate.covariance[(g * q + i) * q + j] - expected) <= most * scale);
                }
                const double variance = std::pow(estimate.standard_errors[row], 2);
                BOOST_TEST(std::abs(variance - std::real(dense.covariance(row, row))) <= most * scale);
            }
}

// Everything against dense formulas; true where the data determine the kernel.
template <class S>
bool check(const ConvGeometry& geometry, const Tensor<S>& xs, const Tensor<S>& ys,
           const KernelEstimationOptions& options) {
    const Dense<S> m = dense_m(geometry, options.form, xs);
    const Dense<S> y = ys.vec();
    const DenseFit<S> dense(m, y, options.lambda);
    const KernelEstimate<S> estimate = estimate_kernel(geometry, xs, ys, options);
    BOOST_TEST_REQUIRE((estimate.kernel.shape() == geometry.kernel_shape()));
    const Dense<S> k = estimate.kernel.vec();
    const Index most = geometry.weights() / (options.form == Form::matrix ? geometry.out_channels_per_group()
                                                                          : geometry.in_channels_per_group());
    BOOST_TEST(estimate.most == most);
    BOOST_TEST(estimate.rank * (geometry.weights() / most) == dense.rank);
    BOOST_TEST((k - dense.kernel).norm() <= dense.error);
    const double rounding = 10 * static_cast<double>(m.rows() + m.cols()) * eps;
    const double of_fit = y.norm() + m.norm() * k.norm();
    BOOST_TEST(std::abs(estimate.residual_norm - (y - m * k).norm()) <= rounding * of_fit);
    BOOST_TEST(std::abs(estimate.residual_norm - dense.residual) <= rounding * of_fit + m.norm() * dense.error);
    const double lambda2 = options.lambda * options.lambda;
    const double normal = (m.adjoint() * (y - m * k) - lambda2 * k).norm();
    const double of_normal = rounding * (m.norm() * of_fit + lambda2 * k.norm());
    BOOST_TEST(normal <= of_normal);
    BOOST_TEST(std::abs(estimate.normal_residual - normal) <= of_normal);
    if (dense.residual > 1e-9 * of_fit) {
        BOOST_TEST(std::abs(estimate.noise_variance - dense.variance) <= 1e-6 * dense.variance);
        check_covariance(geometry, options.form, estimate, dense);
    }
    return estimate.rank == estimate.most;
}

ConvGeometry small_geometry(RandomLayers& layers, Index rank, Index samples) {
    for (;;) {
        const ConvGeometry geometry = layers.geometry(rank);
        if (geometry.weights() <= 120 && samples * std::max(geometry.rows(), geometry.cols()) <= 300) return geometry;
    }
}

template <class S>
void random_layers_agree_with_dense(unsigned seed, int count) {
    int determined = 0, not_determined = 0;
    for (Index rank = 1; rank <= 4; ++rank) {
        RandomLayers layers(seed + static_cast<unsigned>(rank));
        for (int i = 0; i < test::share(count); ++i) {
            const Index samples = layers.between(1, 4);
            const ConvGeometry geometry = small_geometry(layers, rank, samples);
            for (const Form form : {Form::matrix, Form::transpose})
                BOOST_TEST_CONTEXT(describe(geometry) << " samples " << samples << " form " << static_cast<int>(form)) {
                    const auto xs = layers.integers<S>(with_samples(samples, read_shape(geometry, form)));
                    const auto kernel = layers.integers<S>(geometry.kernel_shape());
                    auto ys = layer_of_samples(geometry, form, xs, kernel);
                    const KernelEstimationOptions options{.form = form};
                    const bool full = check(geometry, xs, ys, options);
                    if (full) {
                        const auto estimate = estimate_kernel(geometry, xs, ys, options);
                        BOOST_TEST((estimate.kernel.vec() - kernel.vec()).norm() <= 1e-10);
                    }
                    ++(full ? determined : not_determined);
                    const auto noise = layers.integers<S>(ys.shape());
                    ys.vec() += noise.vec();
                    check(geometry, xs, ys, options);
                    check(geometry, xs, ys, {.lambda = 2.5, .form = form});
                    if constexpr (std::same_as<S, double>) {
                        const Eigen::SparseMatrix<double, Eigen::RowMajor> sparse =
                            dense_m(geometry, form, xs).sparseView();
                        const Eigen::SparseMatrix<std::int64_t, Eigen::RowMajor> exact = sparse.cast<std::int64_t>();
                        const auto rank_of_m = exact_rank(exact);
                        const auto estimate = estimate_kernel(geometry, xs, ys, options);
                        BOOST_TEST(estimate.rank * (geometry.weights() / estimate.most) == rank_of_m);
                    }
                }
        }
    }
    BOOST_TEST(determined > test::share_of_found(count));
    BOOST_TEST(not_determined > test::share_of_found(count));
}

const ConvGeometry line({.input = {12}, .kernel = {3}, .padding = {{1, 1}}});

template <class S>
Tensor<S> normal(const Shape& shape, unsigned seed, double scale = 1) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> of;
    Tensor<S> tensor(shape);
    for (S& value : tensor.values()) value = S(scale * of(random));
    return tensor;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_estimation)

BOOST_AUTO_TEST_CASE(of_random_layers_agrees_with_dense_formulas) { random_layers_agree_with_dense<double>(31, 40); }

BOOST_AUTO_TEST_CASE(of_random_complex_layers_agrees_with_dense_formulas) {
    random_layers_agree_with_dense<Complex>(41, 15);
}

BOOST_AUTO_TEST_CASE(every_boundary_groups_strides_and_dilations_come_back) {
    RandomLayers layers(51);
    for (const Boundary boundary : all_boundaries)
        for (const Form form : {Form::matrix, Form::transpose})
            BOOST_TEST_CONTEXT(to_string(boundary) << " form " << static_cast<int>(form)) {
                const ConvGeometry geometry({.input = {17, 14},
                                             .kernel = {3, 2},
                                             .in_channels = 4,
                                             .out_channels = 6,
                                             .groups = 2,
                                             .stride = {2, 1},
                                             .dilation = {1, 3},
                                             .padding = {{2, 1}, {-1, 3}},
                                             .boundary = {boundary}});
                const auto xs = layers.integers<double>(with_samples(2, read_shape(geometry, form)));
                const auto kernel = layers.integers<double>(geometry.kernel_shape());
                const auto ys = layer_of_samples(geometry, form, xs, kernel);
                const auto estimate = estimate_kernel(geometry, xs, ys, {.form = form});
                BOOST_TEST(estimate.rank == estimate.most);
                BOOST_TEST((estimate.kernel.vec() - kernel.vec()).cwiseAbs().maxCoeff() <= 1e-10);
            }
}

// 1024 rows a block: of two samples, the border of which no block ends at, and of unknowns more than rows of a block.
BOOST_AUTO_TEST_CASE(many_blocks_of_rows_are_one_least_squares_problem) {
    const ConvGeometry wide({.input = {41, 37}, .kernel = {3, 3}, .in_channels = 2, .padding = {{1, 1}}});
    const auto xs = normal<double>(with_samples(2, wide.input_shape()), 1);
    check(wide, xs, normal<double>(with_samples(2, wide.output_shape()), 2), {});
    check(wide, xs, normal<double>(with_samples(2, wide.output_shape()), 2), {.lambda = 30});
    const ConvGeometry many({.input = {2500}, .kernel = {1100}, .padding = {{549, 550}}});
    const auto x = normal<double>(many.input_shape(), 3);
    const auto kernel = normal<double>(many.kernel_shape(), 4);
    const auto estimate = estimate_kernel(many, x, reference::convolve(many, kernel, x));
    BOOST_TEST(estimate.rank == 1100);
    BOOST_TEST((estimate.kernel.vec() - kernel.vec()).norm() <= 1e-10);
}

BOOST_AUTO_TEST_CASE(one_sample_may_come_without_its_axis) {
    const auto x = normal<double>(line.input_shape(), 5), y = normal<double>(line.output_shape(), 6);
    const auto plain = estimate_kernel(line, x, y);
    const auto stacked = estimate_kernel(line, x.reshaped(with_samples(1, line.input_shape())),
                                         y.reshaped(with_samples(1, line.output_shape())));
    BOOST_TEST((plain.kernel == stacked.kernel));
    BOOST_TEST((plain.covariance == stacked.covariance));
}

BOOST_AUTO_TEST_CASE(other_scalars_are_widened) {
    const auto x = random_integers(line.input_shape(), 7), y = random_integers(line.output_shape(), 8);
    const auto kernel = estimate_kernel(line, detail::widened<double>(x), detail::widened<double>(y)).kernel;
    BOOST_TEST((estimate_kernel(line, x, y).kernel == kernel));
    Tensor<float> xf(x.shape()), yf(y.shape());
    Tensor<std::complex<float>> xc(x.shape()), yc(y.shape());
    xf.vec() = x.vec().cast<float>(), yf.vec() = y.vec().cast<float>();
    xc.vec() = xf.vec().cast<std::complex<float>>(), yc.vec() = yf.vec().cast<std::complex<float>>();
    BOOST_TEST((estimate_kernel(line, xf, yf).kernel == kernel));
    const Tensor<Complex> complex = estimate_kernel(line, xc, yc).kernel;
    BOOST_TEST((complex.vec().real() - kernel.vec()).norm() <= 1e-14);
    BOOST_TEST(complex.vec().imag().norm() <= 1e-14);
}

BOOST_AUTO_TEST_CASE(one_position_gives_the_weights_of_least_norm) {
    const ConvGeometry geometry({.input = {3}, .kernel = {3}});
    const Tensor<double> x({1, 3}, {1, 2, 2}), y({1, 1}, {18});
    const auto estimate = estimate_kernel(geometry, x, y);
    const Eigen::Vector3d expected{2, 4, 4};
    BOOST_TEST((estimate.kernel.vec() - expected).norm() <= 1e-14);
    BOOST_TEST(estimate.rank == 1);
    BOOST_TEST(estimate.most == 3);
    BOOST_TEST(estimate.residual_norm <= 1e-14);
    BOOST_TEST(estimate.noise_variance == 0); // of no degrees of freedom
    BOOST_TEST(estimate.standard_errors.vec().norm() == 0);
}

BOOST_AUTO_TEST_CASE(inputs_of_zeros_determine_nothing) {
    const Tensor<double> zeros(line.input_shape());
    const auto y = normal<double>(line.output_shape(), 9);
    for (const double lambda : {0.0, 1e-3, 1e300}) {
        const auto estimate = estimate_kernel(line, zeros, y, {.lambda = lambda});
        BOOST_TEST(estimate.rank == 0);
        BOOST_TEST(estimate.kernel.vec().norm() == 0);
        BOOST_TEST(std::abs(estimate.residual_norm - y.vec().norm()) <= 1e-14);
        BOOST_TEST(std::abs(estimate.noise_variance - y.vec().squaredNorm() / 12) <= 1e-14);
        BOOST_TEST(estimate.normal_residual == 0);
        BOOST_TEST(estimate.covariance.vec().norm() == 0);
    }
    const auto of_nothing = estimate_kernel(line, y, zeros);
    BOOST_TEST(of_nothing.rank == 3);
    BOOST_TEST(of_nothing.kernel.vec().norm() == 0);
    BOOST_TEST(of_nothing.noise_variance == 0);
}

// A condition of 2e9, of which D^H D has the square: rounding would leave nothing of the kernel.
BOOST_AUTO_TEST_CASE(rounding_grows_with_the_condition_and_not_with_its_square) {
    Tensor<double> x({1, 200});
    for (Index i = 0; i < 200; ++i) x[i] = 1 + 1e-9 * std::sin(static_cast<double>(i * i));
    const ConvGeometry geometry({.input = {200}, .kernel = {3}});
    const Tensor<double> kernel(geometry.kernel_shape(), {1, -2, 3});
    const auto estimate = estimate_kernel(geometry, x, reference::convolve(geometry, kernel, x));
    BOOST_TEST(estimate.rank == 3);
    BOOST_TEST((estimate.kernel.vec() - kernel.vec()).norm() <= 1e-5);
}

BOOST_AUTO_TEST_CASE(values_below_the_tolerance_are_zero) {
    const ConvGeometry geometry({.input = {40}, .kernel = {1}, .in_channels = 2});
    auto x = normal<double>(geometry.input_shape(), 10);
    for (Index i = 40; i < 80; ++i) x[i] *= 1e-3;
    const auto y = normal<double>(geometry.output_shape(), 11);
    BOOST_TEST(estimate_kernel(geometry, x, y).rank == 2);
    const auto truncated = estimate_kernel(geometry, x, y, {.tolerance = 0.1});
    BOOST_TEST(truncated.rank == 1);
    BOOST_TEST(std::abs(truncated.kernel[1]) <= 1e-2 * std::abs(truncated.kernel[0]));
    BOOST_TEST(estimate_kernel(geometry, x, y, {.tolerance = std::numeric_limits<double>::infinity()}).rank == 0);
}

BOOST_AUTO_TEST_CASE(the_default_tolerance_is_rounding_and_none_is_below_the_least_square) {
    const ConvGeometry geometry({.input = {40}, .kernel = {1}, .in_channels = 2});
    const auto base = normal<double>(geometry.input_shape(), 19), y = normal<double>(geometry.output_shape(), 20);
    const auto rank = [&](double size, const KernelEstimationOptions& options) {
        auto x = base;
        for (Index i = 40; i < 80; ++i) x[i] *= size;
        return estimate_kernel(geometry, x, y, options).rank;
    };
    BOOST_TEST(rank(1e-12, {}) == 2);
    BOOST_TEST(rank(1e-15, {}) == 1);
    BOOST_TEST(rank(1e-100, {.tolerance = 0}) == 2);
    BOOST_TEST(rank(1e-160, {.tolerance = 0}) == 1);
}

BOOST_AUTO_TEST_CASE(data_of_any_size_are_scaled) {
    const auto x = normal<double>(line.input_shape(), 12), y = normal<double>(line.output_shape(), 13);
    const double lambda = 0.75;
    const auto base = estimate_kernel(line, x, y, {.lambda = lambda});
    for (const int of_x : {-500, 0, 500})
        for (const int of_y : {-500, 0, 500}) {
            auto xs = x, ys = y;
            for (double& value : xs.values()) value = std::ldexp(value, of_x);
            for (double& value : ys.values()) value = std::ldexp(value, of_y);
            const auto found = estimate_kernel(line, xs, ys, {.lambda = std::ldexp(lambda, of_x)});
            const int of_k = of_y - of_x;
            for (Index i = 0; i < 3; ++i) {
                BOOST_TEST(found.kernel[i] == std::ldexp(base.kernel[i], of_k));
                BOOST_TEST(found.standard_errors[i] == std::ldexp(base.standard_errors[i], of_k));
            }
            for (Index i = 0; i < 9; ++i) BOOST_TEST(found.covariance[i] == std::ldexp(base.covariance[i], 2 * of_k));
            BOOST_TEST(found.residual_norm == std::ldexp(base.residual_norm, of_y));
            BOOST_TEST(found.normal_residual == std::ldexp(base.normal_residual, of_x + of_y));
            BOOST_TEST(found.noise_variance == std::ldexp(base.noise_variance, 2 * of_y));
        }
}

BOOST_AUTO_TEST_CASE(groups_of_different_size_do_not_hide_each_other) {
    const ConvGeometry geometry({.input = {30}, .kernel = {3}, .in_channels = 2, .out_channels = 2, .groups = 2});
    auto x = normal<double>(geometry.input_shape(), 14);
    for (Index i = 30; i < 60; ++i) x[i] *= 0x1p-600;
    const Tensor<double> kernel(geometry.kernel_shape(), {1, 2, 3, -4, 5, 6});
    const auto estimate = estimate_kernel(geometry, x, reference::convolve(geometry, kernel, x));
    BOOST_TEST(estimate.rank == 6);
    BOOST_TEST((estimate.kernel.vec() - kernel.vec()).norm() <= 1e-12);
}

BOOST_AUTO_TEST_CASE(a_lambda_beyond_the_data_is_a_multiple_of_their_product) { // K -> M^T y / λ²
    const auto x = normal<double>(line.input_shape(), 15), y = normal<double>(line.output_shape(), 16);
    const Eigen::VectorXd product = input2matrix(line, x).transpose() * y.vec();
    for (const int exponent : {40, 400}) {
        const auto estimate = estimate_kernel(line, x, y, {.lambda = std::ldexp(1.0, exponent)});
        for (Index i = 0; i < 3; ++i)
            BOOST_TEST(std::abs(std::ldexp(estimate.kernel[i], 2 * exponent) - product[i]) <= 1e-12);
        BOOST_TEST(estimate.normal_residual <= 1e-13);
    }
    throws_saying<SizeError>([&] { estimate_kernel(line, x, y, {.lambda = 0x1p900}); }, "outside the range of double");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_estimated_is_refused) {
    const Tensor<double> x(line.input_shape()), y(line.output_shape());
    constexpr double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    const auto refused = [&](const Tensor<double>& xs, const Tensor<double>& ys, const std::string& text) {
        throws_saying<ShapeError>([&] { estimate_kernel(line, xs, ys); }, text);
    };
    refused(Tensor<double>({1, 11}), y, "xs has shape 1x11, expected 1x12 or, for N samples, Nx1x12");
    refused(x, Tensor<double>({12}), "ys has shape 12, expected 1x12");
    refused(Tensor<double>({2, 1, 1, 12}), y, "xs has shape");
    refused(Tensor<double>({2, 1, 12}), Tensor<double>({3, 1, 12}), "xs has 2 samples, ys 3");
    refused(Tensor<double>({0, 1, 12}), Tensor<double>({0, 1, 12}), "xs has no samples");

    auto bad = y;
    bad[4] = nan;
    throws_saying<ArgumentError>([&] { estimate_kernel(line, x, bad); }, "ys[4] is nan");
    bad[4] = -inf;
    throws_saying<ArgumentError>([&] { estimate_kernel(line, bad, y); }, "xs[4] is -inf");
    Tensor<Complex> complex(line.input_shape());
    complex[2] = {0, inf};
    throws_saying<ArgumentError>([&] { estimate_kernel(line, complex, complex); }, "xs[2] is (0,inf)");

    for (const double lambda : {-1.0, nan, inf})
        throws_saying<ArgumentError>([&] { estimate_kernel(line, x, y, {.lambda = lambda}); },
                                     concat("lambda is ", lambda));
    for (const double tolerance : {-1.0, nan})
        throws_saying<ArgumentError>([&] { estimate_kernel(line, x, y, {.tolerance = tolerance}); },
                                     concat("tolerance is ", tolerance));
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_before_it_starts) {
    const ConvGeometry long_kernel({.input = {30000}, .kernel = {20001}});
    throws_saying<SizeError>(
        [&] {
            estimate_kernel(long_kernel, Tensor<double>(long_kernel.input_shape()),
                            Tensor<double>(long_kernel.output_shape()));
        },
        "20001 unknowns share a design, expected at most 20000");
    const ConvGeometry large({.input = {1},
                              .kernel = {15000},
                              .in_channels = 4000,
                              .out_channels = 4000,
                              .groups = 4000,
                              .padding = {{7500, 7500}}});
    throws_saying<SizeError>(
        [&] { estimate_kernel(large, Tensor<double>(large.input_shape()), Tensor<double>(large.output_shape())); },
        "estimate_kernel");
}

BOOST_AUTO_TEST_CASE(weights_outside_the_range_of_double_are_refused) {
    const auto x = normal<double>(line.input_shape(), 17, 1e-200), y = normal<double>(line.output_shape(), 18, 1e200);
    throws_saying<SizeError>([&] { estimate_kernel(line, x, y); }, "outside the range of double");
    throws_saying<SizeError>([&] { estimate_kernel(line, y, x); }, "outside the range of double");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace kernel_estimation_test
