#include <array>
#include <cmath>
#include <complex>
#include <limits>

#include <boost/test/unit_test.hpp>

#include <convmat/solve/determinant.hpp>
#include <convmat/solve/kernel_estimation.hpp>
#include <convmat/solve/lambda.hpp>
#include <convmat/solve/least_squares.hpp>

#include "../support/throws_saying.hpp"

namespace refusals_test {

using namespace convmat;
using namespace convmat::test;

namespace {

using Complex = std::complex<double>;
using Solver = LeastSquaresSolver<double>;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

ConvGeometry image(Boundary boundary = Boundary::zero) {
    return ConvGeometry({.input = {6, 6}, .kernel = {3, 3}, .padding = {{1, 1}}, .boundary = {boundary}});
}

// Invertible under every boundary, separable and mirrored under none.
Tensor<double> plain_kernel() { return {{1, 1, 3, 3}, {1, 2, -1, 0, 40, 2, 3, 1, 1}}; }

// The outer product of (1, 9, 1) with itself.
Tensor<double> product_kernel() { return {{1, 1, 3, 3}, {1, 9, 1, 9, 81, 9, 1, 9, 1}}; }

// Windows end at their own position.
Tensor<double> causal_kernel() { return {{1, 1, 3, 3}, {1, 2, -1, 3, 40, 0, 0, 0, 0}}; }

Tensor<double> ramp(const Shape& shape) {
    Tensor<double> y(shape);
    for (Index i = 0; i < y.size(); ++i) y[i] = 1 + static_cast<double>(i % 5);
    return y;
}

Tensor<double> scaled(Tensor<double> tensor, double factor) {
    for (double& value : tensor.values()) value *= factor;
    return tensor;
}

template <class Error>
void refuses(const ConvGeometry& geometry, const Tensor<double>& kernel, const LeastSquaresOptions& options,
             const std::string& text) {
    BOOST_TEST_CONTEXT(to_string(options.method))
    throws_saying<Error>([&] { Solver(geometry, kernel, options); }, text);
}

// A method, and a layer that it can solve.
struct Solvable {
    SolveMethod method;
    ConvGeometry geometry;
    Tensor<double> kernel;
};

std::vector<Solvable> solvable() {
    return {{SolveMethod::automatic, image(), plain_kernel()},
            {SolveMethod::fft, image(Boundary::periodic), plain_kernel()},
            {SolveMethod::dct, image(Boundary::half_symmetric), product_kernel()},
            {SolveMethod::kronecker, image(Boundary::half_symmetric), product_kernel()},
            {SolveMethod::triangular, image(), causal_kernel()},
            {SolveMethod::cholmod, image(), plain_kernel()},
            {SolveMethod::spqr, image(), plain_kernel()},
            {SolveMethod::umfpack, image(), plain_kernel()},
            {SolveMethod::klu, image(), plain_kernel()},
            {SolveMethod::lsqr, image(), plain_kernel()},
            {SolveMethod::lsmr, image(), plain_kernel()},
            {SolveMethod::cg, image(), plain_kernel()}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_AUTO_TEST_CASE(weights_and_values_that_are_not_finite_are_named) {
    for (const double value : {inf, -inf, not_a_number}) {
        Tensor<double> kernel = plain_kernel();
        kernel[5] = value;
        throws_saying<ArgumentError>([&] { Solver(image(), kernel); }, "weight 5");
        Tensor<double> y = ramp({1, 6, 6});
        y[7] = value;
        throws_saying<ArgumentError>([&] { Solver(image(), plain_kernel()).solve(y); }, "value 7");
        for (const Complex weight : {Complex(value, 0), Complex(0, value)}) {
            Tensor<Complex> broken(image().kernel_shape());
            broken[2] = weight;
            throws_saying<ArgumentError>([&] { LeastSquaresSolver<Complex>(image(), broken); }, "weight 2");
        }
        Tensor<Complex> complex({1, 6, 6});
        complex[3] = {0, value};
        const Tensor<Complex> weights(image().kernel_shape(), std::vector<Complex>(9, 1));
        throws_saying<ArgumentError>([&] { LeastSquaresSolver<Complex>(image(), weights).solve(complex); }, "value 3");
    }
}

BOOST_AUTO_TEST_CASE(shapes_that_do_not_fit_are_named) {
    throws_saying<ShapeError>([] { Solver(image(), Tensor<double>({1, 1, 3, 4})); }, "1x1x3x4");
    Solver solver(image(), plain_kernel());
    for (const Shape& shape :
         {Shape{6, 6}, Shape{1, 6, 7}, Shape{36}, Shape{2, 1, 7, 6}, Shape{1, 1, 1, 6, 6}, Shape{}})
        throws_saying<ShapeError>([&] { solver.solve(ramp(shape)); }, "y has shape");
    const ConvGeometry strided({.input = {6}, .kernel = {2}, .out_channels = 3, .stride = {2}});
    const Tensor<double> kernel({3, 1, 2}, {1, 2, 3, 4, 5, 7});
    Solver transposed(strided, kernel, {.form = Form::transpose});
    BOOST_TEST((transposed.y_shape() == Shape{1, 6}));
    BOOST_TEST((transposed.x_shape() == Shape{3, 3}));
    throws_saying<ShapeError>([&] { transposed.solve(ramp({3, 3})); }, "expected 1x6");
}

BOOST_AUTO_TEST_CASE(numbers_that_mean_nothing_are_refused) {
    const auto refuse = [](const LeastSquaresOptions& options, const std::string& name) {
        refuses<ArgumentError>(image(), plain_kernel(), options, name);
    };
    for (const double lambda : {-1.0, -1e-300, not_a_number, inf}) {
        refuse({.lambda = lambda}, "lambda");
        Solver solver(image(), plain_kernel(), {.lambda = 0.5});
        throws_saying<ArgumentError>([&] { solver.set_lambda(lambda); }, "lambda");
        BOOST_TEST(solver.lambda() == 0.5);
        throws_saying<ArgumentError>([&] { solver.trade_off(ramp({1, 6, 6}), std::array{lambda}); }, "lambda");
    }
    for (const double tolerance : {0.0, 1.0, -0.1, 2.0, not_a_number}) refuse({.tolerance = tolerance}, "tolerance");
    for (const double tolerance : {-0.1, 1.0, not_a_number}) refuse({.rank_tolerance = tolerance}, "rank_tolerance");
    refuse({.most_steps = -1}, "most_steps");
    refuse({.most_memory = -1}, "most_memory");
    for (const double seconds : {-1.0, not_a_number}) refuse({.most_seconds = seconds}, "most_seconds");
    Solver solver(image(), plain_kernel());
    for (const ProbeOptions& options : {ProbeOptions{.probes = 0}, ProbeOptions{.steps = 0}})
        throws_saying<ArgumentError>(
            [&] {
                solver.trade_off(ramp({1, 6, 6}), std::array{1.0}, options);
            },
            "ProbeOptions");
}

BOOST_AUTO_TEST_CASE(a_method_says_which_structure_it_misses) {
    using enum SolveMethod;
    const auto refuse = [](SolveMethod method, const ConvGeometry& geometry, const Tensor<double>& kernel,
                           const std::string& text, Penalty penalty = Penalty::identity, double lambda = 0) {
        refuses<ArgumentError>(geometry, kernel, {.lambda = lambda, .penalty = penalty, .method = method}, text);
    };
    refuse(fft, image(), plain_kernel(), "method fft");
    refuse(fft, image(Boundary::half_symmetric), product_kernel(), "expected dct");
    refuse(dct, image(Boundary::periodic), plain_kernel(), "expected fft");
    refuse(dct, image(Boundary::half_symmetric), plain_kernel(), "method dct");
    refuse(dct, image(), product_kernel(), "gradient", Penalty::gradient, 1);
    refuse(kronecker, image(), plain_kernel(), "does not separate");
    refuse(kronecker, image(), product_kernel(), "gradient", Penalty::gradient, 1);
    refuse(kronecker, image(), product_kernel(), "laplacian", Penalty::laplacian, 1);
    refuse(triangular, image(), plain_kernel(), "before and behind");
    refuse(triangular, image(), causal_kernel(), "lambda 0", Penalty::identity, 1);
    const ConvGeometry wide({.input = {6, 6}, .kernel = {3, 3}});
    for (const SolveMethod method : {umfpack, klu, triangular}) {
        refuse(method, wide, plain_kernel(), "expected a square one");
        refuse(method, image(), plain_kernel(), "lambda 0", Penalty::gradient, 1);
    }
    const ConvGeometry three({.input = {6}, .kernel = {3}, .stride = {4}, .padding = {{1, 1}}});
    throws_saying<ArgumentError>(
        [&] {
            Solver(three, Tensor<double>({1, 1, 3}, {1, 5, 1}),
                   {.method = cg, .preconditioner = Preconditioner::circulant});
        },
        "stride 4 does not divide");
}

BOOST_AUTO_TEST_CASE(a_lambda_that_the_method_cannot_have_leaves_the_solver_as_it_was) {
    for (const auto& [method, geometry, kernel] : solvable()) {
        if (method != SolveMethod::triangular && method != SolveMethod::umfpack && method != SolveMethod::klu) continue;
        Solver solver(geometry, kernel, {.penalty = Penalty::gradient, .method = method});
        const Tensor<double> y = ramp({1, 6, 6});
        const auto before = solver.solve(y);
        BOOST_CHECK_THROW(solver.set_lambda(1), std::invalid_argument);
        BOOST_TEST(solver.lambda() == 0);
        const auto after = solver.solve(y);
        BOOST_TEST(after.lambda == 0);
        BOOST_TEST((after.x == before.x));
        BOOST_CHECK_THROW(solver.trade_off(y, std::array{0.0, 1.0}), std::invalid_argument);
        BOOST_TEST(solver.lambda() == 0);
        BOOST_TEST((solver.solve(y).x == before.x));
    }
}

BOOST_AUTO_TEST_CASE(factors_that_would_not_fit_are_not_begun) {
    for (const auto& [method, geometry, kernel] : solvable())
        for (const Index most : {Index{0}, Index{64}}) BOOST_TEST_CONTEXT(to_string(method))
    BOOST_CHECK_THROW(Solver(geometry, kernel, {.method = method, .most_memory = most}), SizeError);
    const ConvGeometry large({.input = {30000, 30000}, .kernel = {3, 3}, .padding = {{1, 1}}});
    const Tensor<double> weights = plain_kernel();
    for (const SolveMethod method : {SolveMethod::cholmod, SolveMethod::spqr, SolveMethod::umfpack, SolveMethod::klu,
                                     SolveMethod::automatic, SolveMethod::cg})
        BOOST_TEST_CONTEXT(to_string(method))
    BOOST_CHECK_THROW(Solver(large, weights, {.method = method, .most_memory = 100'000'000}), SizeError);
}

BOOST_AUTO_TEST_CASE(singular_systems_are_refused_by_the_methods_that_were_asked_for) {
    const ConvGeometry geometry({.input = {5}, .kernel = {3}, .padding = {{1, 1}}});
    const Tensor<double> y = ramp({1, 5});
    const auto refuse = [&](SolveMethod method, const Tensor<double>& kernel) {
        BOOST_TEST_CONTEXT(to_string(method))
        BOOST_CHECK_THROW(Solver(geometry, kernel, {.method = method}).solve(y), SingularError);
    };
    const Tensor<double> box({1, 1, 3}, {1, 1, 1}), none({1, 1, 3}, {0, 0, 0}), before({1, 1, 3}, {1, 0, 0});
    for (const SolveMethod method : {SolveMethod::cholmod, SolveMethod::umfpack, SolveMethod::klu})
        for (const auto& kernel : {box, none, before}) refuse(method, kernel);
    for (const auto& kernel : {none, before}) refuse(SolveMethod::triangular, kernel);
    for (const auto& kernel : {box, none, before}) {
        const auto found = solve_least_squares(geometry, kernel, y);
        BOOST_TEST(found.normal_residual <= 1e-12 * y.vec().norm());
    }
}

BOOST_AUTO_TEST_CASE(weights_and_values_near_the_ends_of_the_range_are_scaled) {
    for (const auto& [method, geometry, kernel] : solvable()) {
        const Tensor<double> y = ramp({1, 6, 6});
        const auto plain = solve_least_squares(geometry, kernel, y, {.method = method});
        const double size = plain.x.vec().norm();
        for (const double factor : {std::ldexp(1.0, 980), std::ldexp(1.0, -980)})
            for (const double lambda : {0.0, 0.5}) {
                const bool direct =
                    method == SolveMethod::umfpack || method == SolveMethod::klu || method == SolveMethod::triangular;
                if (lambda > 0 && direct) continue;
                BOOST_TEST_CONTEXT(to_string(method) << " times " << factor << " lambda " << lambda) {
                    const LeastSquaresOptions options{.lambda = lambda * factor, .method = method};
                    const auto expected =
                        solve_least_squares(geometry, kernel, y, {.lambda = lambda, .method = method});
                    const auto both = solve_least_squares(geometry, scaled(kernel, factor), scaled(y, factor), options);
                    BOOST_TEST((both.x.vec() - expected.x.vec()).norm() <= 1e-8 * size);
                    BOOST_TEST(std::abs(both.residual_norm / factor - expected.residual_norm) <= 1e-9 * y.vec().norm());
                    BOOST_TEST(both.relative_normal_residual <= 1e-9);
                    const auto only = solve_least_squares(geometry, scaled(kernel, factor), y, options);
                    BOOST_TEST((only.x.vec() * factor - expected.x.vec()).norm() <= 1e-8 * size);
                }
            }
    }
}

BOOST_AUTO_TEST_CASE(a_solution_beyond_the_range_is_one_clear_error) {
    for (const auto& [method, geometry, kernel] : solvable()) {
        const ConvGeometry& of = geometry; // clang 14's lambdas take no structured bindings
        const Tensor<double> small = scaled(kernel, 1e-200), large = scaled(ramp({1, 6, 6}), 1e200);
        const LeastSquaresOptions options{.method = method};
        BOOST_TEST_CONTEXT(to_string(method))
        throws_saying<SizeError>([&] { solve_least_squares(of, small, large, options); }, "x exceeds the range");
    }
    throws_saying<SizeError>([&] { Solver(image(), scaled(plain_kernel(), 1e-200), {.lambda = 1}); }, "lambda");
    Solver solver(image(), scaled(plain_kernel(), 1e-200), {.method = SolveMethod::cg});
    throws_saying<SizeError>(
        [&] {
            solver.set_lambda(1);
            solver.solve(ramp({1, 6, 6}));
        },
        "lambda");
}

// Growth by 2 a position: the diagonal shows nothing of it.
const Tensor<double>& growing_kernel() {
    static const Tensor<double> kernel({1, 1, 2}, {2, 1});
    return kernel;
}

ConvGeometry growing(Index n) { return ConvGeometry({.input = {n}, .kernel = {2}, .padding = {{1, 0}}}); }

BOOST_AUTO_TEST_CASE(lu_that_loses_y_is_noticed_and_substitution_says_so) {
    Tensor<double> y({1, 200});
    for (Index i = 0; i < y.size(); ++i) y[i] = static_cast<double>(i * i % 7) - 3.25;
    for (const SolveMethod method : {SolveMethod::umfpack, SolveMethod::klu})
        BOOST_CHECK_THROW(solve_least_squares(growing(200), growing_kernel(), y, {.method = method}), SingularError);
    for (const SolveMethod method : {SolveMethod::automatic, SolveMethod::triangular}) {
        const auto found = solve_least_squares(growing(200), growing_kernel(), y, {.method = method});
        BOOST_TEST((found.method == SolveMethod::triangular));
        BOOST_TEST(found.reason.find("outweighs y") != std::string::npos);
        BOOST_TEST(found.x[0] == y[0]);
        for (Index i = 1; i < 200; ++i) // each equation to rounding
            BOOST_TEST(std::abs(found.x[i] + 2 * found.x[i - 1] - y[i]) <= 1e-15 * (std::abs(found.x[i]) + 4));
    }
}

BOOST_AUTO_TEST_CASE(substitution_that_leaves_the_range_of_double_gives_way) {
    const Tensor<double> y = ramp({1, 3000});
    BOOST_CHECK_THROW(solve_least_squares(growing(3000), growing_kernel(), y, {.method = SolveMethod::triangular}),
                      SingularError);
    const auto found = solve_least_squares(growing(3000), growing_kernel(), y);
    BOOST_TEST((found.method == SolveMethod::spqr || found.method == SolveMethod::lsmr));
    BOOST_TEST(found.relative_normal_residual <= 1e-6);
    BOOST_TEST(found.x.vec().norm() <= y.vec().norm());
}

BOOST_AUTO_TEST_CASE(preconditioners_are_refused_where_they_lead_away_or_mean_nothing) {
    const ConvGeometry geometry({.input = {2, 4}, .kernel = {1, 1}, .in_channels = 2});
    const Tensor<double> kernel(geometry.kernel_shape(), {10, 1});
    const Tensor<double> y(geometry.output_shape());
    BOOST_CHECK_THROW(solve_least_squares(geometry, kernel, y,
                                          {.method = SolveMethod::lsqr,
                                           .solution = Solution::minimum_norm,
                                           .preconditioner = Preconditioner::diagonal}),
                      std::invalid_argument);
    BOOST_CHECK_THROW(
        solve_least_squares(geometry, kernel, y,
                            {.lambda = 1, .method = SolveMethod::cholmod, .preconditioner = Preconditioner::circulant}),
        std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(qr_knows_the_rank_beside_a_large_penalty) {
    const ConvGeometry geometry({.input = {10}, .kernel = {3}});
    const Tensor<double> kernel(geometry.kernel_shape(), {1, -2, 1});
    Tensor<double> y(geometry.output_shape());
    for (Index i = 0; i < y.size(); ++i) y[i] = static_cast<double>(i * i);
    const auto found = solve_least_squares(geometry, kernel, y,
                                           {.lambda = 100, .penalty = Penalty::laplacian, .method = SolveMethod::spqr});
    BOOST_TEST(found.rank.value() == 9);
    BOOST_TEST(found.relative_normal_residual <= 1e-9);
    BOOST_TEST(found.converged);
}

BOOST_AUTO_TEST_CASE(options_that_mean_nothing_are_named_with_their_value) {
    const auto refuse = [](const LeastSquaresOptions& options, const char* parameter, const char* value,
                           const char* expected) {
        throws_fault<ArgumentError>([&] { Solver(image(), plain_kernel(), options); },
                                    {.parameter = parameter, .value = value, .expected = expected});
    };
    const char* const any = "a number of at least 0";
    const char* const finite = "a finite number of at least 0";
    refuse({.lambda = -1}, "lambda", "-1", finite);
    refuse({.lambda = inf}, "lambda", "inf", finite);
    refuse({.tolerance = 2}, "tolerance", "2", "a number between 0 and 1");
    refuse({.rank_tolerance = 1}, "rank_tolerance", "1", "a number of at least 0 and below 1");
    refuse({.most_steps = -1}, "most_steps", "-1", any);
    refuse({.most_memory = -2}, "most_memory", "-2", any);
    refuse({.most_seconds = -0.5}, "most_seconds", "-0.5", any);
    Solver solver(image(), plain_kernel(), {.lambda = 0.5});
    throws_fault<ArgumentError>([&] { solver.set_lambda(-3); },
                                {.parameter = "lambda", .value = "-3", .expected = finite});
    const Tensor<double> y = ramp({1, 6, 6});
    throws_fault<ArgumentError>([&] { solver.trade_off(y, ProbeOptions{.probes = 0}); },
                                {.parameter = "probes", .value = "0", .expected = "at least 1 of each"});
    throws_fault<ArgumentError>([&] { solver.trade_off(y, ProbeOptions{.steps = -1}); },
                                {.parameter = "steps", .value = "-1", .expected = "at least 1 of each"});
    throws_fault<ArgumentError>([&] { gcv_lambda(solver, y, {.least = 0.0}); },
                                {.parameter = "least", .value = "0", .expected = "0 < least < most"});
    throws_fault<ArgumentError>([&] { gcv_lambda(solver, y, {.most = inf}); },
                                {.parameter = "most", .value = "inf", .expected = "0 < least < most"});
    throws_fault<ArgumentError>([&] { gcv_lambda(solver, y, {.points = -1}); },
                                {.parameter = "points", .value = "-1", .expected = "at least 0"});
    throws_fault<ArgumentError>(
        [&] { discrepancy_lambda(solver, y, -1.0); },
        {.parameter = "noise", .value = "-1", .expected = "a norm of at least 0 and a factor above 0"});
    throws_fault<ArgumentError>(
        [&] { discrepancy_lambda(solver, y, 1, 0); },
        {.parameter = "safety", .value = "0", .expected = "a norm of at least 0 and a factor above 0"});
    Solver free(image(), plain_kernel(), {.penalty = Penalty::none});
    throws_fault<ArgumentError>(
        [&] { l_curve(free, y); },
        {.parameter = "penalty", .value = "none", .expected = "identity, gradient or laplacian"});
}

BOOST_AUTO_TEST_CASE(arrays_that_do_not_fit_are_named_with_what_is_wrong) {
    Solver solver(image(), plain_kernel());
    throws_fault<ShapeError>(
        [&] {
            solver.solve(ramp({1, 6, 7}));
        },
        {.parameter = "y", .value = "1x6x7", .expected = "1x6x6, or that with a leading axis of right-hand sides"});
    Tensor<double> y = ramp({1, 6, 6});
    y[7] = inf;
    throws_fault<ArgumentError>([&] { solver.solve(y); },
                                {.parameter = "y", .value = "inf", .expected = "a finite number"});
    const Tensor<double> x = ramp({1, 6, 6});
    throws_fault<ShapeError>(
        [&] {
            estimate_kernel(image(), ramp({1, 6, 7}), x);
        },
        {.parameter = "xs", .value = "1x6x7", .expected = "1x6x6 or, for N samples, Nx1x6x6"});
    throws_fault<ShapeError>(
        [&] {
            estimate_kernel(image(), ramp({0, 1, 6, 6}), x);
        },
        {.parameter = "xs", .value = "0", .expected = "at least 1"});
    throws_fault<ShapeError>(
        [&] {
            estimate_kernel(image(), x, ramp({2, 1, 6, 6}));
        },
        {.parameter = "ys", .value = "2", .expected = "as many"});
    throws_fault<ArgumentError>([&] { estimate_kernel(image(), x, y); },
                                {.parameter = "ys", .value = "inf", .expected = "a finite number"});
    throws_fault<ArgumentError>([&] { estimate_kernel(image(), x, x, {.lambda = -1}); },
                                {.parameter = "lambda", .value = "-1", .expected = "a finite number of at least 0"});
    throws_fault<ArgumentError>([&] { estimate_kernel(image(), x, x, {.tolerance = -1}); },
                                {.parameter = "tolerance", .value = "-1", .expected = "a number of at least 0"});
}

BOOST_AUTO_TEST_CASE(a_method_that_cannot_is_the_value_of_its_fault) {
    using enum SolveMethod;
    const auto refuse = [](const ConvGeometry& geometry, const Tensor<double>& kernel,
                           const LeastSquaresOptions& options, const char* expected) {
        const std::string name(to_string(options.method));
        throws_fault<ArgumentError>([&] { Solver(geometry, kernel, options); },
                                    {.parameter = "method", .value = name, .expected = expected});
    };
    refuse(image(), plain_kernel(), {.method = fft}, "such an axis");
    refuse(image(Boundary::half_symmetric), product_kernel(), {.method = fft}, "dct");
    refuse(image(Boundary::periodic), plain_kernel(), {.method = dct}, "fft");
    refuse(image(), product_kernel(), {.lambda = 1, .penalty = Penalty::gradient, .method = dct},
           "penalty identity or none");
    refuse(image(), plain_kernel(), {.method = kronecker}, "a product of factors, one an axis");
    refuse(image(), product_kernel(), {.lambda = 1, .penalty = Penalty::laplacian, .method = kronecker},
           "identity or none");
    refuse(image(), plain_kernel(), {.method = triangular}, "a causal layer");
    for (const SolveMethod method : {triangular, umfpack, klu}) {
        refuse(image(), causal_kernel(), {.lambda = 1, .method = method}, "lambda 0");
        refuse(ConvGeometry({.input = {6, 6}, .kernel = {3, 3}}), plain_kernel(), {.method = method}, "a square one");
    }
    const auto determine = [](const Tensor<double>& kernel, DeterminantMethod method) {
        determinant(image(), kernel, method);
    };
    throws_fault<ArgumentError>([&] { determine(plain_kernel(), DeterminantMethod::triangular); },
                                {.parameter = "method", .value = "triangular", .expected = "a causal layer"});
    throws_fault<ArgumentError>(
        [&] { determine(plain_kernel(), DeterminantMethod::symbol); },
        {.parameter = "method", .value = "symbol", .expected = "a periodic axis, or one mirrored as its kernel is"});
    throws_fault<ArgumentError>(
        [] {
            determinant(ConvGeometry({.input = {6, 6}, .kernel = {3, 3}}), plain_kernel());
        },
        {.parameter = "geometry", .value = "16x36", .expected = "a square one"});
}

BOOST_AUTO_TEST_CASE(a_preconditioner_that_cannot_is_the_value_of_its_fault) {
    const auto refuse = [](const ConvGeometry& geometry, const LeastSquaresOptions& options, const char* expected) {
        const std::string name(to_string(options.preconditioner));
        const Tensor<double> kernel(geometry.kernel_shape());
        throws_fault<ArgumentError>([&] { Solver(geometry, kernel, options); },
                                    {.parameter = "preconditioner", .value = name, .expected = expected});
    };
    const ConvGeometry uneven({.input = {6}, .kernel = {3}, .stride = {4}, .padding = {{1, 1}}});
    for (const SolveMethod method : {SolveMethod::cg, SolveMethod::lsqr, SolveMethod::lsmr}) {
        refuse(uneven, {.lambda = 1, .method = method, .preconditioner = Preconditioner::circulant}, "a divisor of it");
        for (const Preconditioner preconditioner : {Preconditioner::diagonal, Preconditioner::circulant})
            refuse(image(), {.method = method, .solution = Solution::minimum_norm, .preconditioner = preconditioner},
                   "none");
    }
    const char* const iterations = "lsqr, lsmr or cg";
    refuse(image(), {.method = SolveMethod::cholmod, .preconditioner = Preconditioner::diagonal}, iterations);
    refuse(image(), {.lambda = 1, .method = SolveMethod::fft, .preconditioner = Preconditioner::circulant}, iterations);
}

BOOST_AUTO_TEST_CASE(a_singular_system_is_a_fault_of_the_method_that_was_asked_for) {
    const ConvGeometry geometry({.input = {5}, .kernel = {3}, .padding = {{1, 1}}});
    const Tensor<double> y = ramp({1, 5}), before({1, 1, 3}, {1, 0, 0}), none({1, 1, 3}, {0, 0, 0});
    const auto refuse = [&](SolveMethod method, const char* expected) {
        const std::string name(to_string(method));
        for (const Tensor<double>& kernel : {before, none})
            throws_fault<SingularError>([&] { Solver(geometry, kernel, {.method = method}).solve(y); },
                                        {.parameter = "method", .value = name, .expected = expected});
    };
    refuse(SolveMethod::cholmod, "full rank: take spqr, or a larger lambda");
    for (const SolveMethod method : {SolveMethod::umfpack, SolveMethod::klu})
        refuse(method, "an invertible A: take spqr, or a lambda above 0");
    refuse(SolveMethod::triangular, "an invertible A");
    const Tensor<double> all = ramp({1, 3000});
    for (const SolveMethod method : {SolveMethod::triangular, SolveMethod::umfpack, SolveMethod::klu}) {
        const std::string name(to_string(method));
        throws_fault<SingularError>(
            [&] { solve_least_squares(growing(3000), growing_kernel(), all, {.method = method}); },
            {.parameter = "method",
             .value = name,
             .expected = "a better conditioned A: take spqr, or a lambda above 0"});
    }
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_a_fault_of_the_memory_or_of_lambda) {
    for (const auto& [method, geometry, kernel] : solvable()) {
        const ConvGeometry& of = geometry; // clang 14's lambdas take no structured bindings
        const Tensor<double>& weights = kernel;
        const LeastSquaresOptions options{.method = method, .most_memory = 64};
        BOOST_TEST_CONTEXT(to_string(method))
        throws_fault<SizeError>([&] { Solver(of, weights, options); },
                                {.parameter = "most_memory", .value = "64", .expected = "at most 64"});
    }
    const Tensor<double> small = scaled(plain_kernel(), 1e-200), large = scaled(ramp({1, 6, 6}), 1e200);
    throws_fault<SizeError>([&] { Solver(image(), small, {.lambda = 1}); },
                            {.parameter = "lambda", .value = "1", .expected = "a smaller one"});
    throws_fault<SizeError>(
        [&] { solve_least_squares(image(), small, large); },
        {.parameter = "lambda", .value = "0", .expected = "a larger lambda or y and weights nearer to 1"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace refusals_test
