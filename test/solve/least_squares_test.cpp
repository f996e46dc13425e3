#include <array>
#include <complex>

#include <boost/test/unit_test.hpp>

#include "dense_least_squares.hpp"
#include "support/random_layer.hpp"

namespace convmat {
namespace {

using test::DenseSolution;
using test::RandomLayers;

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
        BOOST_TEST((found.converged || c.options.lambda == 0));
        const auto top = dense.stacked.topRows(c.y.size());
        const double residual = (top * x - c.y.vec()).norm();
        BOOST_TEST(std::abs(found.residual_norm - residual) <= 1e-9 * std::sqrt(scale));
        if (dense.rank == x.rows()) BOOST_TEST((x - dense.x).norm() <= 1e-6 * (1 + dense.x.norm()));
    }
    return true;
}

template <class S>
void check_all_methods(unsigned seed, int cases, Counts& counts) {
    RandomLayers layers(seed);
    for (int i = 0; i < cases; ++i) {
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

} // namespace

BOOST_AUTO_TEST_SUITE(least_squares)

BOOST_AUTO_TEST_CASE(every_method_finds_the_minimum_of_random_layers) {
    Counts counts{};
    check_all_methods<double>(1, 400, counts);
    check_all_methods<std::complex<double>>(2, 120, counts);
    for (std::size_t m = 0; m < all_methods.size(); ++m)
        BOOST_TEST_MESSAGE(to_string(all_methods[m]) << " " << counts[m]);
    BOOST_TEST(counts[0] == 520);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace convmat
