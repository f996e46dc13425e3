#include <algorithm>
#include <set>

#include <boost/test/unit_test.hpp>

#include <convmat/solve/least_squares.hpp>

#include "support/throws_saying.hpp"

namespace plan_test {

using namespace convmat;
using namespace convmat::test;

namespace {

using Solver = LeastSquaresSolver<double>;

// Separable, and mirrored on both axes.
Tensor<double> product_kernel() { return {{1, 1, 3, 3}, {1, 9, 1, 9, 81, 9, 1, 9, 1}}; }

Tensor<double> plain_kernel() { return {{1, 1, 3, 3}, {1, 2, -1, 0, 40, 2, 3, 1, 1}}; }

ConvGeometry image(Boundary boundary, Index extent = 12) {
    return ConvGeometry({.input = {extent, extent}, .kernel = {3, 3}, .padding = {{1, 1}}, .boundary = {boundary}});
}

Tensor<double> ones(const Shape& shape) {
    Tensor<double> y(shape);
    for (double& value : y.values()) value = 1;
    return y;
}

const SolveCandidate& candidate(const SolvePlan& plan, SolveMethod method) {
    return *std::ranges::find(plan.candidates, method, &SolveCandidate::method);
}

void solve_with(const ConvGeometry& geometry, const Tensor<double>& kernel, const LeastSquaresOptions& options) {
    Solver solver(geometry, kernel, options);
    solver.factorize();
    BOOST_TEST(solver.solve(ones(geometry.output_shape())).converged);
}

} // namespace

BOOST_AUTO_TEST_SUITE(plans)

BOOST_AUTO_TEST_CASE(every_method_is_a_candidate_once_and_the_chosen_one_is_first) {
    for (const Boundary boundary : all_boundaries)
        for (const double lambda : {0.0, 0.5})
            for (const SolveMethod asked : {SolveMethod::automatic, SolveMethod::spqr, SolveMethod::cg}) {
                const Solver solver(image(boundary), plain_kernel(), {.lambda = lambda, .method = asked});
                const SolvePlan& plan = solver.plan();
                std::set<SolveMethod> all;
                for (const SolveCandidate& one : plan.candidates) all.insert(one.method);
                BOOST_TEST(plan.candidates.size() == 11u);
                BOOST_TEST(all.size() == 11u);
                BOOST_TEST((all.count(SolveMethod::automatic) == 0));
                const SolveCandidate& chosen = plan.candidates.front();
                BOOST_TEST((chosen.method == plan.method));
                BOOST_TEST(chosen.bytes == plan.bytes);
                BOOST_TEST(chosen.seconds == plan.seconds);
                BOOST_TEST(chosen.refusal.empty());
            }
}

BOOST_AUTO_TEST_CASE(a_candidate_has_a_price_or_a_refusal) {
    for (const Boundary boundary : all_boundaries)
        for (const auto& kernel : {plain_kernel(), product_kernel()}) {
            const Solver solver(image(boundary), kernel, {.lambda = 0.5});
            for (const SolveCandidate& one : solver.plan().candidates) {
                BOOST_TEST_CONTEXT(to_string(one.method)) {
                    BOOST_TEST((one.bytes > 0) == one.refusal.empty());
                    BOOST_TEST((one.seconds > 0) == one.refusal.empty());
                }
            }
        }
}

BOOST_AUTO_TEST_CASE(what_is_not_refused_solves_and_what_is_refused_does_not) {
    for (const Boundary boundary : all_boundaries)
        for (const auto& kernel : {plain_kernel(), product_kernel()})
            for (const double lambda : {0.0, 0.5}) {
                const ConvGeometry geometry = image(boundary);
                const Solver automatic(geometry, kernel, {.lambda = lambda});
                for (const SolveCandidate& one : automatic.plan().candidates) {
                    const LeastSquaresOptions options{.lambda = lambda, .method = one.method};
                    BOOST_TEST_CONTEXT(to_string(one.method) << ": " << one.refusal) {
                        if (one.refusal.empty())
                            BOOST_CHECK_NO_THROW(solve_with(geometry, kernel, options));
                        else
                            BOOST_CHECK_THROW(Solver(geometry, kernel, options), ArgumentError);
                    }
                }
            }
}

// The second channel is not read: a column of A^H A is 0.
BOOST_AUTO_TEST_CASE(what_found_the_system_singular_is_refused_for_this_lambda) {
    const ConvGeometry geometry({.input = {12, 12},
                                 .kernel = {3, 3},
                                 .in_channels = 2,
                                 .out_channels = 2,
                                 .padding = {{1, 1}},
                                 .boundary = {Boundary::zero}});
    Tensor<double> kernel(geometry.kernel_shape());
    for (Index out = 0; out < 2; ++out) std::ranges::copy(plain_kernel().values(), kernel.data() + out * 18);
    Solver solver(geometry, kernel);
    BOOST_REQUIRE((solver.plan().method == SolveMethod::cholmod));
    BOOST_TEST(solver.plan().candidates.front().refusal.empty());
    BOOST_TEST(solver.solve(ones(geometry.output_shape())).converged);
    BOOST_TEST((solver.plan().method == SolveMethod::spqr));
    BOOST_TEST(solver.plan().candidates.front().refusal.empty());
    BOOST_TEST(candidate(solver.plan(), SolveMethod::cholmod).refusal.find("singular") != std::string::npos);
    BOOST_CHECK_THROW(solve_with(geometry, kernel, {.method = SolveMethod::cholmod}), SingularError);
    BOOST_TEST(candidate(solver.plan(), SolveMethod::lsmr).refusal.empty());
    BOOST_CHECK_NO_THROW(solve_with(geometry, kernel, {.method = SolveMethod::lsmr}));
    solver.set_lambda(0.5);
    BOOST_TEST(candidate(solver.plan(), SolveMethod::cholmod).refusal.empty());
}

BOOST_AUTO_TEST_CASE(what_takes_no_preconditioner_is_refused_where_one_is_asked_for) {
    for (const Preconditioner preconditioner : {Preconditioner::diagonal, Preconditioner::circulant})
        for (const SolveMethod asked : {SolveMethod::cg, SolveMethod::lsqr}) {
            const ConvGeometry geometry = image(Boundary::zero);
            LeastSquaresOptions options{.lambda = 0.5, .method = asked, .preconditioner = preconditioner};
            const Solver solver(geometry, product_kernel(), options);
            for (const SolveCandidate& one : solver.plan().candidates) {
                const bool iterates =
                    one.method == SolveMethod::lsqr || one.method == SolveMethod::lsmr || one.method == SolveMethod::cg;
                options.method = one.method;
                BOOST_TEST_CONTEXT(to_string(one.method) << ": " << one.refusal) {
                    BOOST_TEST(one.refusal.empty() == iterates);
                    if (iterates)
                        BOOST_CHECK_NO_THROW(solve_with(geometry, product_kernel(), options));
                    else
                        throws_fault<ArgumentError>([&] { Solver(geometry, product_kernel(), options); },
                                                    {.parameter = "preconditioner",
                                                     .value = std::string(to_string(preconditioner)),
                                                     .expected = "lsqr, lsmr or cg"});
                }
            }
        }
}

BOOST_AUTO_TEST_CASE(a_solution_has_the_memory_of_its_plan) {
    const ConvGeometry geometry = image(Boundary::zero);
    for (const SolveMethod method : {SolveMethod::automatic, SolveMethod::spqr, SolveMethod::umfpack}) {
        Solver solver(geometry, plain_kernel(), {.method = method});
        const auto found = solver.solve(ones(geometry.output_shape()));
        BOOST_TEST(found.bytes > 0);
        BOOST_TEST(found.bytes == solver.plan().bytes);
    }
}

BOOST_AUTO_TEST_CASE(refusals_say_why) {
    const Solver solver(image(Boundary::zero), plain_kernel(), {.lambda = 0.5});
    const SolvePlan& plan = solver.plan();
    BOOST_TEST(candidate(plan, SolveMethod::kronecker).refusal.find("does not separate") != std::string::npos);
    BOOST_TEST(candidate(plan, SolveMethod::umfpack).refusal.find("lambda 0") != std::string::npos);
    BOOST_TEST(candidate(plan, SolveMethod::triangular).refusal.find("lambda 0") != std::string::npos);
    const Solver small(image(Boundary::zero, 200), plain_kernel(),
                       {.lambda = 0.5, .method = SolveMethod::cg, .most_memory = 8'000'000});
    BOOST_TEST(candidate(small.plan(), SolveMethod::spqr).refusal.empty()); // a guess refuses nothing
    BOOST_TEST(candidate(small.plan(), SolveMethod::spqr).bytes > 8e6);
    BOOST_CHECK_THROW(Solver(image(Boundary::zero, 200), plain_kernel(),
                             {.lambda = 0.5, .method = SolveMethod::spqr, .most_memory = 8'000'000}),
                      SizeError);
}

BOOST_AUTO_TEST_CASE(a_rough_price_is_that_of_the_analysis_to_a_factor_of_10) {
    for (const Index extent : {40, 100, 200})
        for (const SolveMethod method : {SolveMethod::cholmod, SolveMethod::spqr, SolveMethod::umfpack}) {
            const ConvGeometry geometry = image(Boundary::zero, extent);
            const Solver other(geometry, plain_kernel(), {.method = SolveMethod::cg});
            const Solver analysed(geometry, plain_kernel(), {.method = method});
            const SolveCandidate& rough = candidate(other.plan(), method);
            BOOST_TEST_CONTEXT(to_string(method) << " " << extent << ": " << rough.bytes << " " << rough.seconds << ", "
                                                 << analysed.plan().bytes << " " << analysed.plan().seconds) {
                BOOST_TEST(rough.bytes < 10 * analysed.plan().bytes);
                BOOST_TEST(analysed.plan().bytes < 10 * rough.bytes);
                if (method == SolveMethod::umfpack) continue; // it knows no more than a bound of its operations
                BOOST_TEST(rough.seconds < 10 * analysed.plan().seconds);
                BOOST_TEST(analysed.plan().seconds < 10 * rough.seconds);
            }
        }
}

BOOST_AUTO_TEST_CASE(the_candidates_follow_lambda) {
    Solver solver(image(Boundary::zero), plain_kernel(), {.lambda = 0.5});
    const double before = candidate(solver.plan(), SolveMethod::lsmr).seconds;
    solver.set_lambda(50);
    BOOST_TEST(candidate(solver.plan(), SolveMethod::lsmr).seconds < before);
    solver.set_lambda(0);
    BOOST_TEST(candidate(solver.plan(), SolveMethod::umfpack).refusal.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace plan_test
