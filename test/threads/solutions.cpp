// What several threads may do at once with solvers and spectra: each its own, of the same layers. Built with
// -fsanitize=thread by scripts/threads.
#include <algorithm>
#include <cmath>

#include <convmat/convmat.hpp>
#include <convmat/solve/least_squares.hpp>
#include <convmat/spectrum/rank.hpp>
#include <convmat/spectrum/singular_values.hpp>

#include "side_by_side.hpp"

namespace {

using namespace convmat;
using test::side_by_side;

constexpr int threads = 4;

struct Case {
    SolveMethod method;
    ConvGeometry geometry;
    Tensor<double> kernel;
};

// (1 6 1) times itself: separable, mirrored and far from singular.
Case of_image(SolveMethod method, Boundary boundary) {
    const ConvGeometry geometry(
        {.input = {12, 10}, .kernel = {3, 3}, .padding = {{1, 1}, {1, 1}}, .boundary = {boundary, boundary}});
    return {method, geometry, Tensor<double>(geometry.kernel_shape(), {1, 6, 1, 6, 36, 6, 1, 6, 1})};
}

Case causal() {
    const ConvGeometry geometry({.input = {60}, .kernel = {3}, .padding = {{2, 0}}});
    return {SolveMethod::triangular, geometry, Tensor<double>(geometry.kernel_shape(), {1, -2, 9})};
}

std::vector<Case> cases() {
    using enum SolveMethod;
    std::vector<Case> all = {of_image(fft, Boundary::periodic), of_image(dct, Boundary::half_symmetric),
                             of_image(kronecker, Boundary::zero), causal()};
    for (const SolveMethod method : {automatic, cholmod, spqr, umfpack, klu, lsqr, lsmr, cg})
        all.push_back(of_image(method, Boundary::replicate));
    return all;
}

double far_from(const Tensor<double>& a, const Tensor<double>& b) {
    return (a.vec() - b.vec()).norm() / std::max(1.0, b.vec().norm());
}

bool solved(const Case& one) {
    Tensor<double> x(one.geometry.input_shape());
    for (Index j = 0; j < x.size(); ++j) x[j] = static_cast<double>(j % 7);
    Tensor<double> y(one.geometry.output_shape());
    y.vec() = kernel2matrix(one.geometry, one.kernel) * x.vec();
    LeastSquaresSolver<double> solver(one.geometry, one.kernel, {.method = one.method, .tolerance = 1e-12});
    return far_from(solver.solve(y).x, x) < 1e-8 && far_from(solver.solve(y).x, x) < 1e-8;
}

// Each thread begins with another method, so that different ones run at once too.
bool solvers() {
    const std::vector<Case> all = cases();
    return side_by_side(threads, [&](int i) {
        bool right = true;
        for (std::size_t j = 0; j < all.size(); ++j)
            right = solved(all[(j + static_cast<std::size_t>(i)) % all.size()]) && right;
        return right;
    });
}

bool spectra() {
    const std::vector<Case> all = cases();
    std::vector<std::vector<double>> expected;
    for (const Case& one : all) expected.push_back(singular_values(one.geometry, one.kernel).values);
    return side_by_side(threads, [&](int i) {
        bool right = true;
        for (std::size_t j = static_cast<std::size_t>(i); j < all.size(); ++j) {
            const auto& [method, geometry, kernel] = all[j];
            const double largest = expected[j].front();
            const auto near = [largest](double a, double b) { return std::abs(a - b) <= 1e-9 * largest; };
            right = right && std::ranges::equal(singular_values(geometry, kernel).values, expected[j], near) &&
                    near(largest_singular_triplets(geometry, kernel).values.front(), largest) &&
                    near(smallest_singular_triplets(geometry, kernel).values.front(), expected[j].back()) &&
                    numerical_rank(geometry, kernel).rank == geometry.rows() &&
                    null_space(geometry, kernel).cols() == 0;
        }
        return right;
    });
}

} // namespace

int main() {
    const bool first = test::told("solvers", solvers());
    return test::told("spectra", spectra()) && first ? 0 : 1;
}
