#include <convmat/solve/least_squares.hpp>

#include <array>
#include <complex>
#include <limits>
#include <map>

#include <boost/test/unit_test.hpp>

#include <convmat/base/random.hpp>
#include <convmat/reference/loops.hpp>

#include "dense_least_squares.hpp"
#include "families.hpp"
#include "support/random_layer.hpp"

namespace convmat::least_squares_test {
namespace {

using test::DensePseudoInverse;
using test::DenseSolution;
using test::Layer;
using test::RandomLayers;

using Complex = std::complex<double>;
constexpr double eps = std::numeric_limits<double>::epsilon();

constexpr std::array all_methods = {SolveMethod::automatic, SolveMethod::fft,        SolveMethod::dct,
                                    SolveMethod::kronecker, SolveMethod::triangular, SolveMethod::cholmod,
                                    SolveMethod::spqr,      SolveMethod::umfpack,    SolveMethod::klu,
                                    SolveMethod::lsqr,      SolveMethod::lsmr,       SolveMethod::cg};
constexpr std::array all_penalties = {Penalty::none, Penalty::identity, Penalty::gradient, Penalty::laplacian};

// How often a method was found to apply.
using Counts = std::array<int, all_methods.size()>;

template <class S>
struct Case {
    ConvGeometry geometry;
    Tensor<S> kernel;
    Tensor<S> y;
    LeastSquaresOptions options;

    std::string describe() const {
        return concat(test::describe(geometry), " form ", options.form == Form::matrix ? "matrix" : "transpose", " L ",
                      to_string(options.penalty), " lambda ", options.lambda, " method ", to_string(options.method));
    }
};

template <class S>
Case<S> random_case(RandomLayers& layers, Index rank) {
    ConvGeometry geometry = layers.geometry(rank);
    while (geometry.rows() > 150 || geometry.cols() > 150) geometry = layers.geometry(rank);
    Case<S> c{geometry, layers.integers<S>(geometry.kernel_shape()), {}, {}};
    c.options.tolerance = 1e-10;
    c.options.form = layers.between(0, 3) == 0 ? Form::transpose : Form::matrix;
    c.options.penalty = all_penalties[static_cast<std::size_t>(layers.between(0, 3))];
    c.options.lambda = layers.between(0, 2) == 0 ? 0 : 0.25 * static_cast<double>(layers.between(1, 12));
    c.y = layers.integers<S>(c.options.form == Form::matrix ? geometry.output_shape() : geometry.input_shape());
    return c;
}

bool iterates(SolveMethod method) {
    return method == SolveMethod::lsqr || method == SolveMethod::lsmr || method == SolveMethod::cg;
}

bool has_svd(SolveMethod method) {
    return method == SolveMethod::fft || method == SolveMethod::dct || method == SolveMethod::kronecker;
}

// Of ||x - x*||, where the minimum is one: what rounding or the end of an iteration leaves of A^H r, over the smallest
// eigenvalue of A^H A + λ² L^H L.
template <class S>
double allowed_error(const Case<S>& c, const DenseSolution<S>& dense, const LeastSquares<S>& found) {
    const double rounding = 1e-6 * (1 + dense.x.norm());
    if (!iterates(found.method)) return rounding;
    const double start = (dense.stacked.adjoint() * dense.right).norm();
    return rounding + c.options.tolerance * start / dense.least_eigenvalue();
}

// True when the method applies; what it finds is as good as the dense solution.
template <class S>
bool check_method(const Case<S>& c, const DenseSolution<S>& dense) {
    LeastSquares<S> found;
    try {
        LeastSquaresSolver<S> solver(c.geometry, c.kernel, c.options);
        found = solver.solve(c.y);
    } catch (const std::invalid_argument&) {
        return false;
    } catch (const SingularError&) {
        return false;
    }
    const double best = dense.objective(dense.x), scale = dense.right.squaredNorm();
    BOOST_TEST_CONTEXT(c.describe() << " -> " << to_string(found.method) << ": " << found.reason) {
        const test::DenseMatrix<S> x = found.x.vec();
        BOOST_TEST(dense.objective(x) <= best + 1e-9 * scale);
        BOOST_TEST((found.converged || c.options.lambda == 0 || found.relative_normal_residual <= 1e-8));
        const auto top = dense.stacked.topRows(c.y.size());
        const double residual = (top * x - c.y.vec()).norm();
        BOOST_TEST(std::abs(found.residual_norm - residual) <= 1e-9 * std::sqrt(scale));
        if (dense.rank == x.rows()) BOOST_TEST((x - dense.x).norm() <= allowed_error(c, dense, found));
    }
    return true;
}

template <class S>
void check_all_methods(unsigned seed, int cases, Counts& counts) {
    RandomLayers layers(seed);
    for (int i = 0; i < test::share(cases); ++i) {
        Case<S> c = random_case<S>(layers, 1 + i % 4);
        const DenseSolution<S> dense(test::dense_a(c.geometry, c.kernel, c.options.form),
                                     test::dense_l<S>(c.geometry, c.options.form, c.options.penalty), c.options.lambda,
                                     c.y);
        for (std::size_t m = 0; m < all_methods.size(); ++m) {
            c.options.method = all_methods[m];
            counts[m] += check_method(c, dense) ? 1 : 0;
        }
    }
}

template <class S>
DenseSolution<S> dense_solution(const Case<S>& c) {
    return DenseSolution<S>(test::dense_a(c.geometry, c.kernel, c.options.form),
                            test::dense_l<S>(c.geometry, c.options.form, c.options.penalty), c.options.lambda, c.y);
}

Shape y_shape(const ConvGeometry& geometry, Form form) {
    return form == Form::matrix ? geometry.output_shape() : geometry.input_shape();
}

Shape x_shape(const ConvGeometry& geometry, Form form) {
    return form == Form::matrix ? geometry.input_shape() : geometry.output_shape();
}

template <class S>
Case<S> case_of(RandomLayers& layers, const Layer<S>& layer, Form form) {
    Case<S> c{layer.geometry, layer.kernel, {}, {}};
    c.options.form = form;
    c.options.tolerance = 1e-10;
    c.y = layers.integers<S>(y_shape(layer.geometry, form));
    return c;
}

// How often each method solved each kind of layer.
using Tally = std::map<SolveMethod, int>;

// Both forms, every penalty, λ = 0 and above, every method that applies.
template <class S, class Draw>
void check_family(unsigned seed, int count, const Draw& draw, Tally& tally) {
    RandomLayers layers(seed);
    for (int i = 0; i < test::share(count); ++i) {
        const Layer<S> layer = draw(layers);
        if (std::max(layer.geometry.rows(), layer.geometry.cols()) > 120) continue;
        Case<S> c = case_of(layers, layer, i % 3 == 0 ? Form::transpose : Form::matrix);
        for (const Penalty penalty : all_penalties) {
            c.options.penalty = penalty;
            c.options.lambda = penalty == Penalty::none ? 0 : 0.5 * static_cast<double>(layers.between(0, 6));
            const DenseSolution<S> dense = dense_solution(c);
            for (const SolveMethod method : all_methods) {
                c.options.method = method;
                tally[method] += check_method(c, dense) ? 1 : 0;
            }
        }
    }
}

template <class Real, class OfComplex>
Tally check_family_of_both(unsigned seed, int count, const Real& real, const OfComplex& complex) {
    Tally tally;
    check_family<double>(seed, count, real, tally);
    check_family<Complex>(seed + 1, count / 2, complex, tally);
    for (const auto& [method, times] : tally) BOOST_TEST_MESSAGE("  " << to_string(method) << " " << times);
    return tally;
}

// What a method with this result promises of ||x - A^+ y||: the perturbation of least squares, by rounding or by where
// an iteration stops.
template <class S>
double allowed_error(const Case<S>& c, const DensePseudoInverse<S>& inverse, const test::DenseMatrix<S>& x,
                     double residual) {
    const double kappa = inverse.condition(), n = static_cast<double>(c.geometry.rows() + c.geometry.cols());
    const double scale = x.norm() + residual * kappa / (inverse.largest > 0 ? inverse.largest : 1);
    const double rounding = 20 * n * eps * kappa * scale;
    const SolveMethod method = c.options.method;
    if (has_svd(method) || method == SolveMethod::spqr) return rounding;
    const double reach = inverse.smallest > 0 ? c.y.vec().norm() * inverse.largest / std::pow(inverse.smallest, 2) : 0;
    return rounding + c.options.tolerance * reach;
}

// x = A^+ y by every method that promises the least norm; returns which did.
template <class S>
void check_minimum_norm(Case<S> c, Tally& tally) {
    const auto a = test::dense_a(c.geometry, c.kernel, c.options.form);
    const DensePseudoInverse<S> inverse(a);
    if (inverse.condition() > 1e4) return;
    const test::DenseMatrix<S> x = inverse.matrix * c.y.vec();
    const double residual = (a * x - c.y.vec()).norm();
    c.options.lambda = 0;
    c.options.solution = Solution::minimum_norm;
    for (const SolveMethod method : {SolveMethod::automatic, SolveMethod::fft, SolveMethod::dct, SolveMethod::kronecker,
                                     SolveMethod::spqr, SolveMethod::lsqr, SolveMethod::lsmr, SolveMethod::cg}) {
        c.options.method = method;
        c.options.preconditioner = iterates(method) ? Preconditioner::none : Preconditioner::automatic;
        LeastSquares<S> found;
        try {
            found = LeastSquaresSolver<S>(c.geometry, c.kernel, c.options).solve(c.y);
        } catch (const std::invalid_argument&) {
            continue; // of another structure
        }
        ++tally[method];
        BOOST_TEST_CONTEXT(c.describe() << " rank " << inverse.rank << " -> " << to_string(found.method)) {
            BOOST_TEST((found.x.vec() - x).norm() <= allowed_error(c, inverse, x, residual));
            if (found.rank) BOOST_TEST(*found.rank == inverse.rank);
        }
    }
}

template <class S>
Layer<S> layer_of_ones(const ConvSpec& spec) {
    const ConvGeometry geometry(spec);
    Tensor<S> kernel(geometry.kernel_shape());
    std::ranges::fill(kernel.values(), S(1));
    return {geometry, kernel};
}

// Layers without full rank: blurs that do not see a wave, no weights, channels that are the same.
template <class S>
std::vector<Layer<S>> deficient_layers() {
    std::vector<Layer<S>> all;
    for (const Boundary boundary : all_boundaries) {
        all.push_back(
            layer_of_ones<S>({.input = {5, 8}, .kernel = {3, 3}, .padding = {{1, 1}}, .boundary = {boundary}}));
        all.push_back(layer_of_ones<S>({.input = {6}, .kernel = {2}, .padding = {{1, 0}}, .boundary = {boundary}}));
        all.push_back(layer_of_ones<S>({.input = {4, 4},
                                        .kernel = {2, 2},
                                        .in_channels = 2,
                                        .out_channels = 3,
                                        .stride = {2},
                                        .boundary = {boundary}}));
        Layer<S> zero = all.back();
        for (S& value : zero.kernel.values()) value = S(0);
        all.push_back(zero);
    }
    return all;
}

template <class S>
Tensor<S> batch_of(const std::vector<Tensor<S>>& images) {
    Shape shape = images.front().shape();
    shape.insert(shape.begin(), std::ssize(images));
    Tensor<S> batch(shape);
    for (std::size_t i = 0; i < images.size(); ++i)
        std::ranges::copy(images[i].values(), batch.data() + static_cast<Index>(i) * images[i].size());
    return batch;
}

template <class S>
void check_several_right_hand_sides(RandomLayers& layers, Case<S> c, Tally& tally) {
    std::vector<Tensor<S>> images;
    for (int i = 0; i < 3; ++i) images.push_back(layers.integers<S>(y_shape(c.geometry, c.options.form)));
    for (S& value : images[1].values()) value = S(0);
    images[0][0] = S(7); // powers of 2 are the same for the one and for all
    for (const SolveMethod method : all_methods) {
        c.options.method = method;
        LeastSquares<S> all;
        try {
            all = LeastSquaresSolver<S>(c.geometry, c.kernel, c.options).solve(batch_of(images));
        } catch (const std::invalid_argument&) {
            continue;
        } catch (const SingularError&) {
            continue;
        }
        ++tally[method];
        Shape expected = x_shape(c.geometry, c.options.form);
        expected.insert(expected.begin(), 3);
        BOOST_TEST_CONTEXT(c.describe()) {
            BOOST_TEST_REQUIRE((all.x.shape() == expected));
            double residual = 0, penalty = 0;
            for (Index i = 0; i < 3; ++i) {
                LeastSquaresSolver<S> solver(c.geometry, c.kernel, c.options);
                const LeastSquares<S> one = solver.solve(images[static_cast<std::size_t>(i)]);
                const auto part = all.x.vec().segment(i * one.x.size(), one.x.size());
                const double allowed = iterates(all.method) ? 1e-6 : 1e-10;
                BOOST_TEST((part - one.x.vec()).norm() <= allowed * (1 + one.x.vec().norm()));
                residual = std::hypot(residual, one.residual_norm);
                penalty = std::hypot(penalty, one.penalty_norm);
            }
            BOOST_TEST(std::abs(all.residual_norm - residual) <= 1e-7 * (1 + residual));
            BOOST_TEST(std::abs(all.penalty_norm - penalty) <= 1e-5 * (1 + penalty));
        }
    }
}

// One solver through several λ's, a fresh one for each.
template <class S>
void check_set_lambda(Case<S> c, Tally& tally) {
    for (const SolveMethod method : all_methods) {
        const bool direct =
            method == SolveMethod::umfpack || method == SolveMethod::klu || method == SolveMethod::triangular;
        c.options.method = method;
        c.options.lambda = direct ? 0 : 0.5;
        std::optional<LeastSquaresSolver<S>> solver;
        try {
            solver.emplace(c.geometry, c.kernel, c.options);
        } catch (const std::invalid_argument&) {
            continue;
        } catch (const SingularError&) {
            continue;
        }
        ++tally[method];
        for (const double lambda : {0.0, 1.5, 0.25, 0.0, 3.0}) {
            Case<S> fresh = c;
            fresh.options.lambda = lambda;
            BOOST_TEST_CONTEXT(fresh.describe()) {
                std::optional<LeastSquares<S>> expected;
                try {
                    expected = LeastSquaresSolver<S>(c.geometry, c.kernel, fresh.options).solve(c.y);
                } catch (const std::invalid_argument&) {
                    BOOST_CHECK_THROW(solver->set_lambda(lambda), std::invalid_argument);
                    continue;
                } catch (const SingularError&) {
                    solver->set_lambda(lambda);
                    BOOST_CHECK_THROW(solver->solve(c.y), SingularError);
                    continue;
                }
                solver->set_lambda(lambda);
                const LeastSquares<S> found = solver->solve(c.y);
                BOOST_TEST(found.lambda == lambda);
                BOOST_TEST(solver->lambda() == lambda);
                const double size = 1 + expected->x.vec().norm();
                BOOST_TEST((found.x.vec() - expected->x.vec()).norm() <= (iterates(found.method) ? 1e-3 : 1e-6) * size);
            }
        }
    }
}

// X from trans_conv(X, K), where K does not lose any of it.
template <class S>
void check_transposed(RandomLayers& layers, Case<S> c, Tally& tally) {
    c.options.form = Form::transpose;
    c.options.lambda = 0;
    const DensePseudoInverse<S> inverse(test::dense_a(c.geometry, c.kernel, Form::transpose));
    if (inverse.rank < c.geometry.rows() || inverse.condition() > 1e3) return;
    const Tensor<S> x = layers.integers<S>(c.geometry.output_shape());
    c.y = reference::transpose(c.geometry, c.kernel, x);
    for (const SolveMethod method : all_methods) {
        c.options.method = method;
        LeastSquares<S> found;
        try {
            found = LeastSquaresSolver<S>(c.geometry, c.kernel, c.options).solve(c.y);
        } catch (const std::invalid_argument&) {
            continue;
        }
        ++tally[method];
        BOOST_TEST_CONTEXT(c.describe()) {
            Tensor<S> rounded = found.x;
            for (S& value : rounded.values()) {
                if constexpr (Eigen::NumTraits<S>::IsComplex)
                    value = {std::round(value.real()), std::round(value.imag())};
                else
                    value = std::round(value);
            }
            BOOST_TEST((rounded.vec() == x.vec()));
            BOOST_TEST(found.residual_norm <= 1e-8 * (1 + c.y.vec().norm()) * inverse.condition());
        }
    }
}

// A 5 x 5 bump, or the streak of a camera that moved.
Tensor<double> smooth_kernel(const ConvGeometry& geometry, bool streak) {
    Tensor<double> kernel(geometry.kernel_shape());
    const Index k = geometry.axis(0).kernel;
    for (Index i = 0; i < kernel.size(); ++i) {
        const auto a = static_cast<double>(i / k - k / 2), b = static_cast<double>(i % k - k / 2);
        kernel[i] = streak ? (i / k == i % k ? 1.0 / static_cast<double>(k) : 0) : std::exp(-(a * a + b * b) / 2) / 6;
    }
    return kernel;
}

// All methods agree, and each one's solution satisfies the normal equations.
void check_large(const ConvGeometry& geometry, bool streak, const std::vector<SolveMethod>& methods, Penalty penalty) {
    std::mt19937_64 random(7);
    std::normal_distribution<double> normal;
    Tensor<double> y(geometry.output_shape());
    for (double& value : y.values()) value = normal(random);
    std::optional<Tensor<double>> first;
    for (const SolveMethod method : methods) {
        const LeastSquaresOptions options{.lambda = 0.3, .penalty = penalty, .method = method, .tolerance = 1e-10};
        LeastSquaresSolver<double> solver(geometry, smooth_kernel(geometry, streak), options);
        const auto found = solver.solve(y);
        BOOST_TEST_CONTEXT(to_string(method) << " -> " << to_string(found.method) << ", " << found.seconds << " s") {
            BOOST_TEST(found.converged);
            BOOST_TEST(found.relative_normal_residual <= 1e-8);
            if (!first) first = found.x;
            BOOST_TEST((found.x.vec() - first->vec()).norm() <= 1e-7 * first->vec().norm());
        }
    }
}

// A transposed layer of rank 21, 39 x 45, whose nonzero singular values run from 1 to 4.
Case<double> case_as_easy_as_it_gets() {
    const std::vector<double> kernel = {
        1.24239588F,   -1.49822974F,   -0.268441468F, 0.752234459F, 1.8805697F,   -0.192273691F, -1.44146574F,
        -0.893115699F, -1.04878068F,   -1.41561806F,  0.413770139F, 1.61132824F,  0.113821723F,  -0.642543256F,
        -1.89581609F,  0.329767913F,   0.226120919F,  0.835676312F, -1.69706893F, -0.706554294F, 0.00144111656F,
        0.527935088F,  0.00759440009F, 1.13892412F,   0.220684513F, 0.630069017F, -1.34100688F};
    const std::vector<double> y = {
        -1.0646061253534451,   0.87287607604458917,  -0.84911612545786119, -0.79502158582736437, 0.81594585323484659,
        -1.2948898871827339,   1.3359403186628376,   0.3711806663825768,   0.48151004957717281,  1.1775692113532952,
        0.95040860551915796,   -1.2797706875420074,  -0.93084945823884413, -0.67513511829197159, 1.0298451228568164,
        1.0644626831143764,    0.80655751006719556,  1.7189587062128071,   -0.4195641273199221,  1.5788443681805369,
        -0.33403027814355118,  -0.99115674395627928, 0.22051359859953504,  0.39435990660883335,  0.22912699329991298,
        1.3533053275352054,    0.66158508106641034,  -0.02396396497052608, -0.25910626373260509, -1.0570431601944625,
        1.4852868972405706,    -0.97591569393814781, -2.4464479470270417,  -0.73355975231007919, -2.6741507196316618,
        -0.052023734136399484, 1.6506676665437283,   -0.71083711676982719, 1.8201857169904156};
    const auto geometry = ConvGeometry::from_transposed({.input = {5},
                                                         .kernel = {3},
                                                         .in_channels = 9,
                                                         .out_channels = 3,
                                                         .groups = 3,
                                                         .stride = {2},
                                                         .dilation = {2},
                                                         .padding = {{0, 1}},
                                                         .output_padding = {1}});
    Case<double> c{geometry, Tensor<double>({9, 1, 3}, kernel), Tensor<double>({3, 13}, y), {}};
    c.options.form = Form::transpose;
    c.options.tolerance = 1e-14;
    return c;
}

} // namespace

BOOST_AUTO_TEST_SUITE(least_squares)

BOOST_AUTO_TEST_CASE(every_method_finds_the_minimum_of_random_layers) {
    Counts counts{};
    check_all_methods<double>(1, 400, counts);
    check_all_methods<std::complex<double>>(2, 120, counts);
    for (std::size_t m = 0; m < all_methods.size(); ++m)
        BOOST_TEST_MESSAGE(to_string(all_methods[m]) << " " << counts[m]);
    BOOST_TEST(counts[0] == test::share(400) + test::share(120));
}

BOOST_AUTO_TEST_CASE(periodic_layers_are_solved_by_fft_and_by_all_the_others) {
    const Tally tally = check_family_of_both(10, 40, test::periodic_layer<double>, test::periodic_layer<Complex>);
    BOOST_TEST(tally.at(SolveMethod::fft) >= test::share_of_found(40));
}

BOOST_AUTO_TEST_CASE(mirrored_layers_are_solved_by_dct_and_by_all_the_others) {
    const Tally tally = check_family_of_both(20, 40, test::mirrored_layer<double>, test::mirrored_layer<Complex>);
    BOOST_TEST(tally.at(SolveMethod::dct) >= test::share_of_found(40));
}

BOOST_AUTO_TEST_CASE(layers_of_two_kinds_of_axes_are_solved_by_fft_and_by_all_the_others) {
    const Tally tally = check_family_of_both(30, 40, test::mixed_layer<double>, test::mixed_layer<Complex>);
    BOOST_TEST(tally.at(SolveMethod::fft) >= test::share_of_found(40));
}

BOOST_AUTO_TEST_CASE(separable_layers_are_solved_by_kronecker_and_by_all_the_others) {
    const Tally tally = check_family_of_both(40, 26, test::separable_layer<double>, test::separable_layer<Complex>);
    BOOST_TEST(tally.at(SolveMethod::kronecker) >= test::share_of_found(30));
}

BOOST_AUTO_TEST_CASE(causal_layers_are_solved_by_substitution_and_by_all_the_others) {
    const Tally tally = check_family_of_both(50, 40, test::causal_layer<double>, test::causal_layer<Complex>);
    BOOST_TEST(tally.at(SolveMethod::triangular) >= test::share_of_found(20));
    BOOST_TEST(tally.at(SolveMethod::umfpack) >= test::share_of_found(20));
    BOOST_TEST(tally.at(SolveMethod::klu) >= test::share_of_found(20));
}

BOOST_AUTO_TEST_CASE(square_layers_are_solved_by_lu_and_by_all_the_others) {
    const Tally tally = check_family_of_both(60, 40, test::square_layer<double>, test::square_layer<Complex>);
    BOOST_TEST(tally.at(SolveMethod::umfpack) >= test::share_of_found(20));
    BOOST_TEST(tally.at(SolveMethod::klu) >= test::share_of_found(20));
    for (const SolveMethod method : {SolveMethod::cholmod, SolveMethod::spqr, SolveMethod::lsqr, SolveMethod::lsmr,
                                     SolveMethod::cg, SolveMethod::automatic})
        BOOST_TEST(tally.at(method) >= test::share_of_found(100));
}

BOOST_AUTO_TEST_CASE(the_solution_of_least_norm_is_the_dense_one_by_every_method_that_promises_it) {
    Tally tally;
    RandomLayers layers(70);
    for (const Form form : {Form::matrix, Form::transpose}) {
        for (const auto& layer : deficient_layers<double>()) check_minimum_norm(case_of(layers, layer, form), tally);
        for (const auto& layer : deficient_layers<Complex>()) check_minimum_norm(case_of(layers, layer, form), tally);
        for (int i = 0; i < 15; ++i) {
            check_minimum_norm(case_of(layers, test::periodic_layer<double>(layers), form), tally);
            check_minimum_norm(case_of(layers, test::mirrored_layer<double>(layers), form), tally);
            check_minimum_norm(case_of(layers, test::mixed_layer<Complex>(layers), form), tally);
            check_minimum_norm(case_of(layers, test::separable_layer<Complex>(layers), form), tally);
            check_minimum_norm(case_of(layers, test::square_layer<double>(layers), form), tally);
        }
    }
    for (const auto& [method, times] : tally) {
        BOOST_TEST_MESSAGE("  " << to_string(method) << " " << times);
        BOOST_TEST(times >= 20);
    }
    BOOST_TEST(tally.size() == 8u);
}

BOOST_AUTO_TEST_CASE(channels_that_are_the_same_share_what_they_explain) {
    const ConvGeometry geometry({.input = {6}, .kernel = {3}, .in_channels = 2, .padding = {{1, 1}}});
    const Tensor<double> kernel(geometry.kernel_shape(), {1, 5, 2, 1, 5, 2}), y({1, 6}, {1, 2, 3, -1, 0, 4});
    for (const SolveMethod method : {SolveMethod::automatic, SolveMethod::kronecker, SolveMethod::spqr,
                                     SolveMethod::lsqr, SolveMethod::lsmr, SolveMethod::cg}) {
        const auto x =
            solve_least_squares(geometry, kernel, y, {.method = method, .solution = Solution::minimum_norm}).x;
        for (Index i = 0; i < 6; ++i) BOOST_TEST(std::abs(x[i] - x[i + 6]) <= 1e-9);
    }
}

BOOST_AUTO_TEST_CASE(several_right_hand_sides_are_solved_as_one_at_a_time) {
    Tally tally;
    RandomLayers layers(80);
    for (int i = 0; i < 6; ++i) {
        const Form form = i % 2 == 0 ? Form::matrix : Form::transpose;
        for (const double lambda : {0.0, 0.75}) {
            const auto check = [&](auto c) {
                c.options.lambda = lambda;
                c.options.solution = Solution::minimum_norm;
                check_several_right_hand_sides(layers, c, tally);
            };
            check(case_of(layers, test::periodic_layer<double>(layers), form));
            check(case_of(layers, test::mirrored_layer<Complex>(layers), form));
            check(case_of(layers, test::separable_layer<double>(layers), form));
            check(case_of(layers, test::causal_layer<double>(layers), form));
        }
    }
    for (const SolveMethod method : all_methods) BOOST_TEST(tally[method] >= 4, to_string(method));
}

BOOST_AUTO_TEST_CASE(no_right_hand_side_has_no_solution_and_no_residual) {
    const ConvGeometry geometry({.input = {6}, .kernel = {3}, .padding = {{1, 1}}});
    const auto found = solve_least_squares(geometry, Tensor<double>({1, 1, 3}, {1, 5, 2}), Tensor<double>({0, 1, 6}));
    BOOST_TEST((found.x.shape() == Shape{0, 1, 6}));
    BOOST_TEST(found.residual_norm == 0);
}

BOOST_AUTO_TEST_CASE(a_solver_with_another_lambda_is_as_good_as_a_new_one) {
    Tally tally;
    RandomLayers layers(90);
    for (int i = 0; i < 4; ++i) {
        const Form form = i % 2 == 0 ? Form::matrix : Form::transpose;
        const auto check = [&](auto c) {
            c.options.solution = Solution::minimum_norm;
            for (const Penalty penalty : all_penalties) {
                c.options.penalty = penalty;
                check_set_lambda(c, tally);
            }
        };
        check(case_of(layers, test::periodic_layer<double>(layers), form));
        check(case_of(layers, test::mirrored_layer<Complex>(layers), form));
        check(case_of(layers, test::separable_layer<double>(layers), form));
        check(case_of(layers, test::causal_layer<double>(layers), form));
    }
    for (const SolveMethod method : all_methods) BOOST_TEST(tally[method] >= 4, to_string(method));
}

BOOST_AUTO_TEST_CASE(what_a_transposed_layer_read_is_found_in_what_it_wrote) {
    Tally tally;
    RandomLayers layers(100);
    for (int i = 0; i < 25; ++i) {
        check_transposed(layers, case_of(layers, test::periodic_layer<double>(layers), Form::transpose), tally);
        check_transposed(layers, case_of(layers, test::mirrored_layer<Complex>(layers), Form::transpose), tally);
        check_transposed(layers, case_of(layers, test::separable_layer<double>(layers), Form::transpose), tally);
        check_transposed(layers, case_of(layers, test::causal_layer<Complex>(layers), Form::transpose), tally);
        check_transposed(layers, random_case<double>(layers, 1 + i % 3), tally);
    }
    for (const SolveMethod method : all_methods) {
        BOOST_TEST_MESSAGE("  " << to_string(method) << " " << tally[method]);
        BOOST_TEST(tally[method] >= 5, to_string(method));
    }
}

BOOST_AUTO_TEST_CASE(a_result_says_how_it_was_found) {
    const ConvGeometry geometry({.input = {9, 9}, .kernel = {3, 3}, .padding = {{1, 1}}});
    const Tensor<double> kernel(geometry.kernel_shape(), {1, 2, -1, 3, 40, 2, 5, 1, 4});
    Tensor<double> y(geometry.output_shape());
    for (Index i = 0; i < y.size(); ++i) y[i] = static_cast<double>(i % 7) - 2;
    for (const SolveMethod method :
         {SolveMethod::automatic, SolveMethod::cholmod, SolveMethod::spqr, SolveMethod::umfpack, SolveMethod::klu,
          SolveMethod::lsqr, SolveMethod::lsmr, SolveMethod::cg}) {
        LeastSquaresSolver<double> solver(geometry, kernel, {.method = method, .tolerance = 1e-11});
        BOOST_TEST_CONTEXT(to_string(method)) {
            BOOST_TEST((solver.plan().method != SolveMethod::automatic));
            if (method != SolveMethod::automatic) BOOST_TEST((solver.plan().method == method));
            BOOST_TEST(!solver.plan().reason.empty());
            BOOST_TEST(solver.plan().bytes > 0);
            const auto found = solver.solve(y);
            BOOST_TEST((found.method == solver.plan().method));
            BOOST_TEST(!found.reason.empty());
            BOOST_TEST(found.relative_normal_residual <= 1e-10);
            BOOST_TEST(found.converged);
            const bool factors = !iterates(found.method);
            BOOST_TEST(found.factor_nnz.has_value() == factors);
            if (factors) BOOST_TEST(*found.factor_nnz >= geometry.rows());
            if (factors && found.method != SolveMethod::cholmod) BOOST_TEST(found.rank.value() == geometry.rows());
            if (!factors) BOOST_TEST(found.iterations > 0);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_iteration_that_may_take_one_step_says_that_it_has_not_converged) {
    const ConvGeometry geometry({.input = {12, 12}, .kernel = {3, 3}, .padding = {{1, 1}}});
    const Tensor<double> kernel(geometry.kernel_shape(), {1, 2, -1, 3, 4, 2, 5, 1, 4});
    Tensor<double> y(geometry.output_shape());
    for (Index i = 0; i < y.size(); ++i) y[i] = static_cast<double>(i % 7) - 2;
    for (const SolveMethod method : {SolveMethod::lsqr, SolveMethod::lsmr, SolveMethod::cg}) {
        Index calls = 0;
        const LeastSquaresOptions options{
            .lambda = 0.1, .method = method, .most_steps = 1, .progress = [&](Index step, double left) {
                BOOST_TEST(step == 1);
                BOOST_TEST(left > 0);
                ++calls;
            }};
        const auto found = solve_least_squares(geometry, kernel, y, options);
        BOOST_TEST(!found.converged);
        BOOST_TEST(found.iterations == 1);
        BOOST_TEST(calls == 1);
        BOOST_TEST(found.relative_normal_residual > 1e-10);
        BOOST_TEST(found.relative_normal_residual < 1);
        const auto none = solve_least_squares(geometry, kernel, y, {.method = method, .most_steps = 0});
        BOOST_TEST(!none.converged);
        BOOST_TEST(none.iterations == 0);
        BOOST_TEST(none.x.vec().norm() == 0);
    }
}

// (1, 2, 1) under zeros: singular values 2 + 2 cos, condition κ of 6.5e4. The normal equations alone would lose κ² eps.
BOOST_AUTO_TEST_CASE(refinement_loses_no_more_than_the_condition_of_the_layer) {
    const ConvGeometry geometry({.input = {400}, .kernel = {3}, .padding = {{1, 1}}});
    const Tensor<double> kernel({1, 1, 3}, {1, 2, 1});
    RandomLayers layers(110);
    const Tensor<double> x = layers.integers<double>(geometry.input_shape());
    const Tensor<double> y = reference::convolve(geometry, kernel, x);
    const double kappa = std::pow(401 * 2 / 3.14159, 2);
    for (const SolveMethod method :
         {SolveMethod::dct, SolveMethod::cholmod, SolveMethod::spqr, SolveMethod::umfpack, SolveMethod::klu}) {
        const auto found = solve_least_squares(geometry, kernel, y, {.method = method});
        BOOST_TEST_CONTEXT("method " << to_string(method))
        BOOST_TEST((found.x.vec() - x.vec()).norm() <= 100 * eps * kappa * x.vec().norm());
    }
}

BOOST_AUTO_TEST_CASE(methods_agree_on_a_zero_padded_image_of_128_x_128) {
    const ConvGeometry geometry({.input = {128, 128}, .kernel = {5, 5}, .padding = {{2, 2}}});
    check_large(geometry, false,
                {SolveMethod::cholmod, SolveMethod::cg, SolveMethod::lsqr, SolveMethod::lsmr, SolveMethod::automatic},
                Penalty::identity);
    check_large(geometry, false, {SolveMethod::cholmod, SolveMethod::cg}, Penalty::gradient);
}

BOOST_AUTO_TEST_CASE(methods_agree_on_a_mirrored_streak_of_96_x_96) {
    const ConvGeometry geometry(
        {.input = {96, 96}, .kernel = {7, 7}, .padding = {{3, 3}}, .boundary = {Boundary::half_symmetric}});
    check_large(geometry, true,
                {SolveMethod::cholmod, SolveMethod::cg, SolveMethod::lsqr, SolveMethod::lsmr, SolveMethod::automatic},
                Penalty::identity);
    check_large(geometry, true, {SolveMethod::cholmod, SolveMethod::lsmr}, Penalty::laplacian);
}

BOOST_AUTO_TEST_CASE(spqr_agrees_on_an_image_of_64_x_64) {
    const ConvGeometry geometry({.input = {64, 64}, .kernel = {5, 5}, .padding = {{2, 2}}});
    check_large(geometry, false, {SolveMethod::spqr, SolveMethod::cholmod, SolveMethod::cg}, Penalty::identity);
}

BOOST_AUTO_TEST_CASE(w3_a_rank_revealing_answer_is_no_worse_than_that_of_an_iteration) {
    Case<double> c = case_as_easy_as_it_gets();
    const DensePseudoInverse<double> inverse(test::dense_a(c.geometry, c.kernel, c.options.form));
    BOOST_TEST(inverse.rank == 21);
    BOOST_TEST(inverse.condition() < 4.1);
    const test::DenseMatrix<double> x = inverse.matrix * c.y.vec();
    for (const Solution solution : {Solution::any, Solution::minimum_norm})
        for (const SolveMethod method : {SolveMethod::spqr, SolveMethod::kronecker, SolveMethod::lsqr,
                                         SolveMethod::lsmr, SolveMethod::cg, SolveMethod::automatic}) {
            c.options.method = method;
            c.options.solution = solution;
            const auto found = LeastSquaresSolver<double>(c.geometry, c.kernel, c.options).solve(c.y);
            BOOST_TEST_CONTEXT(to_string(method) << " -> " << to_string(found.method)) {
                BOOST_TEST(found.converged);
                BOOST_TEST((found.x.vec() - x).norm() <= 1e-13 * x.norm());
                if (found.rank) BOOST_TEST(*found.rank == 21);
            }
        }
}

// Layers of low rank and small condition: weights that repeat, under every boundary.
BOOST_AUTO_TEST_CASE(w3_spqr_finds_the_solution_of_least_norm_to_rounding_where_that_is_well_conditioned) {
    RandomLayers layers(303);
    std::mt19937_64 random(303);
    std::normal_distribution<double> normal;
    int deficient = 0;
    for (int compared = 0; compared < test::share(120);) {
        const ConvGeometry geometry = layers.geometry(1 + compared % 2);
        if (std::max(geometry.rows(), geometry.cols()) > 100) continue;
        ++compared;
        Case<double> c{geometry, Tensor<double>(geometry.kernel_shape()), {}, {}};
        for (double& weight : c.kernel.values()) weight = normal(random);
        c.options.form = compared % 2 == 0 ? Form::transpose : Form::matrix;
        c.options.method = SolveMethod::spqr;
        c.y = layers.integers<double>(y_shape(geometry, c.options.form));
        const DensePseudoInverse<double> inverse(test::dense_a(geometry, c.kernel, c.options.form));
        if (inverse.condition() > 1e3) continue;
        deficient += inverse.rank < std::min(geometry.rows(), geometry.cols()) ? 1 : 0;
        const test::DenseMatrix<double> x = inverse.matrix * c.y.vec();
        const auto found = LeastSquaresSolver<double>(geometry, c.kernel, c.options).solve(c.y);
        BOOST_TEST_CONTEXT(c.describe() << " rank " << inverse.rank << " condition " << inverse.condition()) {
            BOOST_TEST(found.converged);
            BOOST_TEST((found.x.vec() - x).norm() <=
                       1e-13 * inverse.condition() * (x.norm() + c.y.vec().norm() / inverse.smallest));
        }
    }
    BOOST_TEST(deficient >= test::share_of_found(20));
}

BOOST_AUTO_TEST_CASE(w7_automatic_takes_the_substitution_that_a_causal_layer_has_whatever_its_condition) {
    const ConvGeometry causal({.input = {64}, .kernel = {2}, .padding = {{1, 0}}});
    const Tensor<double> kernel({1, 1, 2}, {-3, 1});
    const Tensor<double> ones({1, 64}, std::vector<double>(64, 1));
    const auto found = solve_least_squares(causal, kernel, ones);
    BOOST_TEST((found.method == SolveMethod::triangular));
    BOOST_TEST((found.rank == std::optional<Index>(64)));
    BOOST_TEST(found.converged);
    BOOST_TEST(found.reason.find("outweighs y") != std::string::npos);
    double power = 1; // x[i] = (3^(i+1) - 1) / 2
    for (Index i = 0; i < 64; ++i) {
        power *= 3;
        BOOST_TEST(std::abs(found.x[i] - (power - 1) / 2) <= 64 * eps * power);
    }
    Tensor<double> first({1, 64});
    first[0] = 1;
    first[1] = -3;
    const auto small = solve_least_squares(causal, kernel, first);
    BOOST_TEST((small.method == SolveMethod::triangular && small.residual_norm == 0));
    BOOST_TEST(small.reason.find("outweighs y") == std::string::npos);
    const auto by_qr = solve_least_squares(causal, kernel, ones, {.method = SolveMethod::spqr});
    BOOST_TEST((by_qr.rank == std::optional<Index>(63)));
    BOOST_TEST(by_qr.residual_norm < 1.5);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace convmat::least_squares_test
