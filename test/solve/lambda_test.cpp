#include <convmat/solve/lambda.hpp>

#include <cmath>
#include <complex>
#include <limits>
#include <random>

#include <boost/test/unit_test.hpp>

#include "../support/throws_saying.hpp"
#include "dense_least_squares.hpp"
#include "families.hpp"

namespace lambda_test {

using namespace convmat;
using namespace convmat::test;

namespace {

using Complex = std::complex<double>;
constexpr double eps = std::numeric_limits<double>::epsilon();
constexpr std::array some_lambdas = {0.0, 1e-90, 0.01, 0.3, 1.0, 7.0, 300.0};

template <class S>
struct Problem {
    ConvGeometry geometry;
    Tensor<S> kernel;
    Tensor<S> y; // (N, O, m...)
    LeastSquaresOptions options;

    LeastSquaresSolver<S> solver() const { return {geometry, kernel, options}; }
};

template <class S>
Problem<S> problem_of(RandomLayers& layers, const Layer<S>& layer, SolveMethod method, Index images) {
    Problem<S> p{layer.geometry, layer.kernel, {}, {}};
    p.options.method = method;
    p.options.form = layers.between(0, 1) == 0 ? Form::matrix : Form::transpose;
    Shape shape = p.options.form == Form::matrix ? layer.geometry.output_shape() : layer.geometry.input_shape();
    shape.insert(shape.begin(), images);
    p.y = layers.integers<S>(shape);
    return p;
}

// By the dense A, L and a solution by an orthogonal decomposition; the freedom is the trace of A times its adjoint's
// part.
template <class S>
TradeOff dense_trade_off(const Problem<S>& p, double lambda) {
    const DenseMatrix<S> a = dense_a(p.geometry, p.kernel, p.options.form);
    const DenseMatrix<S> l = dense_l<S>(p.geometry, p.options.form, p.options.penalty);
    const Index count = p.y.size() / a.rows();
    DenseMatrix<S> stacked(a.rows() + l.rows(), a.cols());
    stacked << a, lambda * l;
    DenseMatrix<S> right = DenseMatrix<S>::Zero(stacked.rows(), count + a.rows());
    right.topLeftCorner(a.rows(), count) = Eigen::Map<const DenseMatrix<S>>(p.y.data(), a.rows(), count);
    right.topRightCorner(a.rows(), a.rows()).setIdentity();
    const DenseMatrix<S> x = dense_minimum(stacked, right, 1e-10).x;
    TradeOff at;
    at.residual_norm = (a * x.leftCols(count) - right.topLeftCorner(a.rows(), count)).norm();
    at.penalty_norm = (l * x.leftCols(count)).norm();
    at.freedom = std::real((a * x.rightCols(a.rows())).trace());
    return at;
}

// The largest and the smallest singular value that is not 0, as a ratio.
template <class S>
double condition_of(const Problem<S>& p) {
    return DensePseudoInverse<S>(dense_a(p.geometry, p.kernel, p.options.form)).condition();
}

template <class S>
int check_exact(Problem<S> p) {
    if (std::max(p.geometry.rows(), p.geometry.cols()) > 80 || condition_of(p) > 1e4) return 0;
    int checked = 0;
    for (const Penalty penalty : {Penalty::identity, Penalty::gradient, Penalty::laplacian}) {
        p.options.penalty = penalty;
        std::optional<LeastSquaresSolver<S>> solver;
        try {
            solver.emplace(p.solver());
        } catch (const std::invalid_argument&) {
            continue;
        }
        ++checked;
        BOOST_TEST(solver->has_svd());
        const std::vector<TradeOff> found = solver->trade_off(p.y, some_lambdas);
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (some_lambdas[i] > 0 && some_lambdas[i] < 1e-3) { // what λ = 0 costs
                BOOST_TEST(std::abs(found[i].residual_norm - found[0].residual_norm) <= 1e-7 * p.y.vec().norm());
                BOOST_TEST(std::isfinite(found[i].penalty_norm));
                continue;
            }
            const TradeOff expected = dense_trade_off(p, some_lambdas[i]);
            BOOST_TEST_CONTEXT(describe(p.geometry) << " L " << to_string(penalty) << " lambda " << some_lambdas[i]) {
                BOOST_TEST(found[i].exact);
                BOOST_TEST(found[i].lambda == some_lambdas[i]);
                const double size = p.y.vec().norm();
                BOOST_TEST(std::abs(found[i].residual_norm - expected.residual_norm) <= 1e-7 * size);
                BOOST_TEST(std::abs(found[i].freedom - expected.freedom) <= 1e-8 * (1 + expected.freedom));
                if (some_lambdas[i] > 0 || penalty == Penalty::identity)
                    BOOST_TEST(std::abs(found[i].penalty_norm - expected.penalty_norm) <=
                               1e-8 * (1 + expected.penalty_norm) + 1e-6 * size);
            }
        }
    }
    return checked;
}

// A blurred square with noise: a layer, what it wrote, and how large the noise was.
struct Blurred {
    ConvGeometry geometry;
    Tensor<double> kernel;
    Tensor<double> y;
    double noise = 0;
};

Blurred blurred(Index n, Boundary boundary, double deviation, Index images = 1) {
    Blurred b{ConvGeometry({.input = {n, n}, .kernel = {5, 5}, .padding = {{2, 2}}, .boundary = {boundary}}), {}, {}};
    b.kernel = Tensor<double>(b.geometry.kernel_shape());
    const std::array<double, 5> binomial = {1, 4, 6, 4, 1};
    for (Index i = 0; i < 25; ++i)
        b.kernel[i] = binomial[static_cast<std::size_t>(i / 5)] * binomial[static_cast<std::size_t>(i % 5)] / 256;
    Tensor<double> x(b.geometry.input_shape());
    for (Index i = 0; i < x.size(); ++i) x[i] = i / n > n / 4 && i % n > n / 3 && i % n < 3 * n / 4 ? 1 : 0;
    const Eigen::VectorXd clean = kernel2matrix(b.geometry, b.kernel) * x.vec();
    b.y = Tensor<double>({images, 1, n, n});
    std::mt19937_64 random(3);
    std::normal_distribution<double> normal(0, deviation);
    for (Index i = 0; i < b.y.size(); ++i) {
        const double e = normal(random);
        b.y[i] = clean(i % clean.size()) + e;
        b.noise = std::hypot(b.noise, e);
    }
    return b;
}

double gcv(const TradeOff& at, double values, double samples) {
    return values * std::pow(at.residual_norm / (values - samples * at.freedom), 2);
}

std::vector<double> grid(double from, double to, int count) {
    std::vector<double> lambdas;
    for (int i = 0; i < count; ++i) lambdas.push_back(from * std::pow(to / from, i / (count - 1.0)));
    return lambdas;
}

void check_curve(const std::vector<TradeOff>& curve, double slack) {
    BOOST_TEST_REQUIRE(curve.size() >= 2u);
    for (std::size_t i = 1; i < curve.size(); ++i) {
        BOOST_TEST(curve[i].lambda > curve[i - 1].lambda);
        BOOST_TEST(curve[i].residual_norm >= curve[i - 1].residual_norm * (1 - slack));
        BOOST_TEST(curve[i].penalty_norm <= curve[i - 1].penalty_norm * (1 + slack));
    }
}

// Layers and the methods that have an SVD of them.
struct Exact {
    SolveMethod method;
    Boundary boundary;
};
constexpr std::array exact_methods = {Exact{SolveMethod::fft, Boundary::periodic},
                                      Exact{SolveMethod::dct, Boundary::half_symmetric},
                                      Exact{SolveMethod::kronecker, Boundary::zero}};

} // namespace

BOOST_AUTO_TEST_SUITE(lambda)

BOOST_AUTO_TEST_CASE(exact_trade_offs_are_those_of_dense_matrices) {
    RandomLayers layers(1);
    int fft = 0, dct = 0, kronecker = 0;
    for (Index i = 0; i < 24; ++i) {
        const Index images = 1 + i % 3;
        fft += check_exact(problem_of(layers, periodic_layer<double>(layers), SolveMethod::fft, images));
        fft += check_exact(problem_of(layers, mixed_layer<Complex>(layers), SolveMethod::fft, images));
        dct += check_exact(problem_of(layers, mirrored_layer<double>(layers), SolveMethod::dct, images));
        dct += check_exact(problem_of(layers, mirrored_layer<Complex>(layers), SolveMethod::dct, images));
        kronecker += check_exact(problem_of(layers, separable_layer<double>(layers), SolveMethod::kronecker, images));
        kronecker += check_exact(problem_of(layers, separable_layer<Complex>(layers), SolveMethod::kronecker, images));
    }
    BOOST_TEST(fft >= 30);
    BOOST_TEST(dct >= 30);
    BOOST_TEST(kronecker >= 15);
}

BOOST_AUTO_TEST_CASE(without_a_penalty_no_lambda_costs_anything) {
    for (const auto& [method, boundary] : exact_methods) {
        const Blurred b = blurred(8, boundary, 0.1);
        LeastSquaresSolver<double> solver(b.geometry, b.kernel, {.penalty = Penalty::none, .method = method});
        const auto found = solver.trade_off(b.y, std::array{0.0, 5.0});
        const auto at = solver.solve(b.y);
        for (const TradeOff& one : found) {
            BOOST_TEST(std::abs(one.residual_norm - at.residual_norm) <= 1e-7 * b.y.vec().norm());
            BOOST_TEST(one.penalty_norm == 0);
            BOOST_TEST(std::abs(one.freedom - static_cast<double>(at.rank.value())) <= 1e-9);
        }
    }
}

BOOST_AUTO_TEST_CASE(trade_offs_by_quadrature_are_near_those_of_the_svd) {
    const Blurred b = blurred(24, Boundary::zero, 0.05, 2);
    LeastSquaresSolver<double> exact(b.geometry, b.kernel, {.method = SolveMethod::kronecker});
    const auto lambdas = grid(1e-2, 3, 9);
    const auto expected = exact.trade_off(b.y, lambdas);
    for (const SolveMethod method : {SolveMethod::cholmod, SolveMethod::lsqr, SolveMethod::spqr}) {
        LeastSquaresSolver<double> solver(b.geometry, b.kernel, {.lambda = 0.125, .method = method});
        BOOST_TEST(!solver.has_svd());
        const auto found = solver.trade_off(b.y, lambdas, {.probes = 8, .steps = 400});
        BOOST_TEST(solver.lambda() == 0.125);
        for (std::size_t i = 0; i < found.size(); ++i) {
            BOOST_TEST(!found[i].exact);
            BOOST_TEST(std::abs(found[i].residual_norm / expected[i].residual_norm - 1) <= 1e-6);
            BOOST_TEST(std::abs(found[i].penalty_norm / expected[i].penalty_norm - 1) <= 1e-4);
            BOOST_TEST(std::abs(found[i].freedom - expected[i].freedom) <= 3 * std::sqrt(2 * expected[i].freedom / 8));
        }
    }
}

BOOST_AUTO_TEST_CASE(trade_offs_by_probes_are_near_those_of_dense_matrices) {
    const Blurred b = blurred(10, Boundary::zero, 0.05, 2);
    for (const SolveMethod method : {SolveMethod::cholmod, SolveMethod::cg})
        for (const Penalty penalty : {Penalty::gradient, Penalty::laplacian}) {
            Problem<double> p{b.geometry, b.kernel, b.y, {.lambda = 0.125, .penalty = penalty, .method = method}};
            auto solver = p.solver();
            const auto before = solver.solve(b.y);
            const auto lambdas = grid(1e-2, 3, 5);
            const auto found = solver.trade_off(b.y, lambdas, {.probes = 8, .tolerance = 1e-8});
            for (std::size_t i = 0; i < found.size(); ++i) {
                const TradeOff expected = dense_trade_off(p, lambdas[i]);
                BOOST_TEST(!found[i].exact);
                BOOST_TEST(std::abs(found[i].residual_norm / expected.residual_norm - 1) <= 1e-4);
                BOOST_TEST(std::abs(found[i].penalty_norm / expected.penalty_norm - 1) <= 1e-4);
                BOOST_TEST(std::abs(found[i].freedom - expected.freedom) <= 3 * std::sqrt(2 * expected.freedom / 8));
            }
            BOOST_TEST(solver.lambda() == 0.125);
            const auto after = solver.solve(b.y);
            BOOST_TEST((after.x.vec() - before.x.vec()).norm() <= 1e-8 * before.x.vec().norm());
        }
}

BOOST_AUTO_TEST_CASE(gcv_finds_the_minimum_that_a_fine_grid_has) {
    for (const auto& [method, boundary] : exact_methods)
        for (const Index images : {Index{1}, Index{3}}) {
            const Blurred b = blurred(24, boundary, 0.05, images);
            LeastSquaresSolver<double> solver(b.geometry, b.kernel, {.method = method});
            const LambdaChoice choice = gcv_lambda(solver, b.y);
            const double norm = solver.norm_estimate(), values = static_cast<double>(b.y.size());
            BOOST_TEST(std::abs(norm - 1) <= 8 * eps);
            double best = std::numeric_limits<double>::infinity();
            for (const TradeOff& at : solver.trade_off(b.y, grid(1e-5, 10, 3000)))
                best = std::min(best, gcv(at, values, static_cast<double>(images)));
            BOOST_TEST_CONTEXT(to_string(method) << " of " << images << " images, lambda " << choice.lambda) {
                BOOST_TEST(choice.inside);
                BOOST_TEST(choice.score <= best * (1 + 1e-4));
                BOOST_TEST(choice.score >= best * (1 - 1e-4));
                BOOST_TEST(std::abs(choice.score - gcv(choice.at, values, static_cast<double>(images))) <=
                           1e-12 * choice.score);
                BOOST_TEST(choice.at.lambda == choice.lambda);
                BOOST_TEST(choice.method.find("exact") != std::string::npos);
                check_curve(choice.curve, 1e-9);
            }
        }
}

BOOST_AUTO_TEST_CASE(gcv_by_random_signs_is_nearly_as_good) {
    const Blurred b = blurred(24, Boundary::zero, 0.05);
    LeastSquaresSolver<double> exact(b.geometry, b.kernel, {.method = SolveMethod::kronecker});
    const LambdaChoice best = gcv_lambda(exact, b.y);
    const double values = static_cast<double>(b.y.size());
    for (const SolveMethod method : {SolveMethod::cholmod, SolveMethod::cg}) {
        LeastSquaresSolver<double> solver(b.geometry, b.kernel, {.method = method});
        const LambdaChoice choice = gcv_lambda(solver, b.y, {.probes = {.probes = 4}});
        BOOST_TEST(choice.inside);
        BOOST_TEST(choice.method.find("random signs") != std::string::npos);
        BOOST_TEST(gcv(exact.trade_off(b.y, std::array{choice.lambda}).front(), values, 1) <= 1.02 * best.score);
    }
    LeastSquaresSolver<double> rough(b.geometry, b.kernel,
                                     {.penalty = Penalty::gradient, .method = SolveMethod::cholmod});
    const LambdaChoice choice = gcv_lambda(rough, b.y);
    BOOST_TEST(choice.inside);
    BOOST_TEST(choice.lambda > 1e-3);
    BOOST_TEST(choice.lambda < 3);
}

BOOST_AUTO_TEST_CASE(the_discrepancy_principle_stops_where_the_residual_is_the_noise) {
    const auto check = [](const Blurred& b, const LeastSquaresOptions& options, double step) {
        LeastSquaresSolver<double> solver(b.geometry, b.kernel, options);
        for (const double safety : {1.0, 1.2}) {
            const LambdaChoice choice = discrepancy_lambda(solver, b.y, b.noise, safety);
            BOOST_TEST_CONTEXT(to_string(options.method) << " lambda " << choice.lambda) {
                BOOST_TEST(choice.inside);
                BOOST_TEST(choice.at.residual_norm <= safety * b.noise);
                BOOST_TEST(std::abs(choice.score - choice.at.residual_norm / b.noise) <= 4 * eps * choice.score);
                solver.set_lambda(choice.lambda);
                BOOST_TEST(solver.solve(b.y).residual_norm <= safety * b.noise * (1 + 1e-6));
                solver.set_lambda(choice.lambda * step);
                BOOST_TEST(solver.solve(b.y).residual_norm > safety * b.noise);
            }
        }
    };
    for (const auto& [method, boundary] : exact_methods)
        check(blurred(16, boundary, 0.05, 2), {.method = method}, 1.01);
    check(blurred(16, Boundary::zero, 0.05), {.method = SolveMethod::cholmod}, 1.01);
    check(blurred(16, Boundary::zero, 0.05), {.penalty = Penalty::gradient, .method = SolveMethod::cholmod}, 1.03);
}

BOOST_AUTO_TEST_CASE(a_choice_at_an_end_of_the_range_says_so) {
    const Blurred b = blurred(12, Boundary::periodic, 0.05);
    LeastSquaresSolver<double> solver(b.geometry, b.kernel);
    BOOST_TEST(!discrepancy_lambda(solver, b.y, 0).inside);
    const LambdaChoice less = discrepancy_lambda(solver, b.y, 1e-9), more = discrepancy_lambda(solver, b.y, 1e9);
    BOOST_TEST(!less.inside);
    BOOST_TEST(less.lambda == less.curve.front().lambda);
    BOOST_TEST(!more.inside);
    BOOST_TEST(more.lambda == more.curve.back().lambda);
    const LambdaChoice low = gcv_lambda(solver, b.y, {.least = 1e-9, .most = 1e-6});
    BOOST_TEST(!low.inside);
    BOOST_TEST(low.lambda == low.curve.back().lambda);
    const LambdaChoice high = gcv_lambda(solver, b.y, {.least = 5, .most = 50});
    BOOST_TEST(!high.inside);
    BOOST_TEST(high.lambda == 5 * solver.norm_estimate());
}

BOOST_AUTO_TEST_CASE(l_curves_ascend_in_lambda_and_trade_residual_for_penalty) {
    for (const auto& [method, boundary] : exact_methods) {
        const Blurred b = blurred(12, boundary, 0.05, 2);
        LeastSquaresSolver<double> solver(b.geometry, b.kernel, {.method = method});
        const auto curve = l_curve(solver, b.y);
        BOOST_TEST(curve.size() == 60u);
        check_curve(curve, 1e-9);
        BOOST_TEST(l_curve(solver, b.y, {.points = 5}).size() == 5u);
    }
    const Blurred b = blurred(12, Boundary::zero, 0.05, 2);
    for (const Penalty penalty : {Penalty::identity, Penalty::gradient, Penalty::laplacian}) {
        LeastSquaresSolver<double> solver(b.geometry, b.kernel, {.penalty = penalty, .method = SolveMethod::cholmod});
        const auto curve = l_curve(solver, b.y, {.least = 1e-3});
        BOOST_TEST(curve.size() == (penalty == Penalty::identity ? 60u : 9u));
        check_curve(curve, 1e-6);
    }
}

BOOST_AUTO_TEST_CASE(ranges_and_noise_that_mean_nothing_are_refused) {
    const Blurred b = blurred(6, Boundary::periodic, 0.05);
    LeastSquaresSolver<double> solver(b.geometry, b.kernel), none(b.geometry, b.kernel, {.penalty = Penalty::none});
    const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    for (const auto& range :
         std::vector<std::pair<double, double>>{{0, 1}, {-1, 1}, {1, 1}, {2, 1}, {nan, 1}, {1, nan}, {1, inf}}) {
        const LambdaOptions options{.least = range.first, .most = range.second};
        throws_saying<ArgumentError>([&] { gcv_lambda(solver, b.y, options); }, "least");
        throws_saying<ArgumentError>([&] { l_curve(solver, b.y, options); }, "least");
    }
    throws_saying<ArgumentError>([&] { gcv_lambda(solver, b.y, {.points = -1}); }, "points");
    throws_saying<ArgumentError>([&] { gcv_lambda(none, b.y); }, "penalty is none");
    throws_saying<ArgumentError>([&] { l_curve(none, b.y); }, "penalty is none");
    for (const double noise : {-1.0, nan, inf})
        throws_saying<ArgumentError>([&] { discrepancy_lambda(solver, b.y, noise); }, "noise");
    for (const double safety : {0.0, -1.0, nan, inf})
        throws_saying<ArgumentError>([&] { discrepancy_lambda(solver, b.y, 1, safety); }, "safety");
    throws_saying<ShapeError>([&] { gcv_lambda(solver, Tensor<double>({7, 7})); }, "y has shape");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace lambda_test
