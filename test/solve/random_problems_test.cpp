// Random least squares, rank-deficient and of full rank, by every method against dense decompositions: thousands of
// them by scripts/stress.
#include <convmat/solve/least_squares.hpp>

#include <map>

#include <boost/test/unit_test.hpp>

#include "../support/drawn.hpp"
#include "dense_least_squares.hpp"
#include "families.hpp"

namespace random_problems_test {

using namespace convmat;
using namespace convmat::test;

namespace {

using Complex = std::complex<double>;

constexpr Index most_unknowns = 90;
constexpr double most_condition = 1e4; // of the nonzero singular values

constexpr std::array all_methods = {SolveMethod::automatic, SolveMethod::fft,        SolveMethod::dct,
                                    SolveMethod::kronecker, SolveMethod::triangular, SolveMethod::cholmod,
                                    SolveMethod::spqr,      SolveMethod::umfpack,    SolveMethod::klu,
                                    SolveMethod::lsqr,      SolveMethod::lsmr,       SolveMethod::cg};

// Of one of the families that have methods of their own, or of none.
template <class S>
Layer<S> layer_of_any_family(RandomLayers& layers) {
    switch (layers.between(0, 6)) {
    case 0:
        return periodic_layer<S>(layers);
    case 1:
        return mirrored_layer<S>(layers);
    case 2:
        return mixed_layer<S>(layers);
    case 3:
        return separable_layer<S>(layers);
    case 4:
        return causal_layer<S>(layers);
    default:
        break;
    }
    const ConvGeometry geometry = layers.geometry(layers.between(1, 4));
    return {geometry, layers.integers<S>(geometry.kernel_shape())};
}

// Weights that are no integers, and repeat: rank is lost where what repeats meets itself.
template <class S>
void make_real(RandomLayers& layers, Tensor<S>& kernel, unsigned seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    const Index period = layers.between(0, 1) == 0 ? kernel.size() : layers.between(1, 3);
    for (Index i = 0; i < kernel.size(); ++i) kernel[i] = i < period ? S(normal(random)) : kernel[i % period];
}

struct Tally {
    int problems = 0, deficient = 0, unclear = 0; // refused by spqr
    std::map<SolveMethod, int> solved;
};

template <class S>
struct Drawing {
    Layer<S> layer;
    Tensor<S> y;
    LeastSquaresOptions options;
    DenseMatrix<S> a;
};

template <class S>
std::optional<Drawing<S>> drawing(RandomLayers& layers, unsigned seed) {
    Layer<S> layer = layer_of_any_family<S>(layers);
    if (std::max(layer.geometry.rows(), layer.geometry.cols()) > most_unknowns) return std::nullopt;
    if (layers.between(0, 2) == 0) make_real(layers, layer.kernel, seed);
    Drawing<S> d{layer, {}, {}, {}};
    d.options.form = layers.between(0, 2) == 0 ? Form::transpose : Form::matrix;
    d.options.solution = layers.between(0, 1) == 0 ? Solution::minimum_norm : Solution::any;
    d.options.tolerance = 1e-12;
    d.options.preconditioner = layers.between(0, 3) == 0 ? Preconditioner::automatic : Preconditioner::none;
    d.a = dense_a(layer.geometry, layer.kernel, d.options.form);
    d.y = layers.integers<S>(d.options.form == Form::matrix ? layer.geometry.output_shape()
                                                            : layer.geometry.input_shape());
    return d;
}

bool iterates(SolveMethod method) {
    return method == SolveMethod::lsqr || method == SolveMethod::lsmr || method == SolveMethod::cg;
}

// No singular value is neither 0 nor clearly more.
template <class S>
bool has_a_rank(const DenseMatrix<S>& a) {
    const auto values = dense_singular_values(a);
    return std::ranges::none_of(
        values, [&](double value) { return value > 2e-15 * values.front() && value < 1e-8 * values.front(); });
}

// What the perturbation of least squares by rounding, or the end of an iteration, makes of ||x - A^+ y||.
template <class S>
double allowed_error(const Drawing<S>& d, const DensePseudoInverse<S>& inverse, const DenseMatrix<S>& x,
                     SolveMethod method) {
    // Where weights cancel, their rounding is more than that of what is left.
    const double cancelled = inverse.largest > 0 ? std::max(1.0, d.layer.kernel.vec().norm() / inverse.largest) : 1;
    const double kappa = cancelled * inverse.condition(), n = static_cast<double>(d.a.rows() + d.a.cols());
    const double residual = (d.a * x - d.y.vec()).norm();
    const double scale = x.norm() + residual * kappa / (inverse.largest > 0 ? inverse.largest : 1);
    const double rounding = 20 * n * std::numeric_limits<double>::epsilon() * kappa * scale;
    if (!iterates(method) && method != SolveMethod::cholmod) return rounding;
    const double reach = inverse.smallest > 0 ? d.y.vec().norm() * inverse.largest / std::pow(inverse.smallest, 2) : 0;
    return rounding + d.options.tolerance * reach;
}

// A preconditioner leads an iteration to another one of the solutions, unless it is asked for the least.
bool finds_least_norm(const LeastSquaresOptions& options, Index rank, Index unknowns) {
    return options.solution == Solution::minimum_norm || options.preconditioner == Preconditioner::none ||
           rank == unknowns || !(iterates(options.method) || options.method == SolveMethod::automatic);
}

template <class S>
void check_method(const Drawing<S>& d, const DensePseudoInverse<S>& inverse, const DenseMatrix<S>& x,
                  SolveMethod method, Tally& tally) {
    LeastSquaresOptions options = d.options;
    options.method = method;
    if (!iterates(method) && method != SolveMethod::automatic) options.preconditioner = Preconditioner::automatic;
    LeastSquares<S> found;
    try {
        found = LeastSquaresSolver<S>(d.layer.geometry, d.layer.kernel, options).solve(d.y);
    } catch (const std::invalid_argument&) {
        return; // of another structure
    } catch (const SingularError&) {
        if (method == SolveMethod::spqr) {
            ++tally.unclear;
            return;
        }
        BOOST_TEST((method == SolveMethod::cholmod || method == SolveMethod::umfpack || method == SolveMethod::klu ||
                    method == SolveMethod::triangular));
        BOOST_TEST((inverse.rank < std::min(d.a.rows(), d.a.cols()) || inverse.condition() > 1e3));
        return;
    }
    ++tally.solved[method];
    BOOST_TEST_CONTEXT(to_string(method) << " -> " << to_string(found.method) << ": " << found.reason) {
        const bool preconditioned = iterates(found.method) && options.preconditioner == Preconditioner::automatic;
        BOOST_TEST((found.converged || preconditioned)); // which may not reach 1e-12, and says so
        const DenseMatrix<S> off = found.x.vec() - x;
        const double allowed = allowed_error(d, inverse, x, found.method);
        if (finds_least_norm(options, inverse.rank, x.rows()))
            BOOST_TEST(off.norm() <= allowed);
        else
            BOOST_TEST((d.a * off).norm() <= inverse.largest * allowed);
        BOOST_TEST(std::abs(found.residual_norm - (d.a * found.x.vec() - d.y.vec()).norm()) <=
                   1e-12 * (d.y.vec().norm() + inverse.largest * x.norm()));
        if (found.rank) BOOST_TEST(*found.rank == inverse.rank);
    }
}

template <class S>
bool check_problem(unsigned seed, Tally& tally) {
    RandomLayers layers(seed);
    for (;;) {
        const auto drawn = drawing<S>(layers, seed);
        if (!drawn) continue;
        const DensePseudoInverse<S> inverse(drawn->a);
        if (inverse.condition() > most_condition || !has_a_rank(drawn->a)) continue;
        const DenseMatrix<S> x = dense_minimum(drawn->a, DenseMatrix<S>(drawn->y.vec()), 1e-9).x;
        ++tally.problems;
        BOOST_TEST_CONTEXT("seed " << seed << ": " << describe(drawn->layer.geometry) << " form "
                                   << (drawn->options.form == Form::matrix ? "matrix" : "transpose") << " rank "
                                   << inverse.rank << " condition " << inverse.condition())
        for (const SolveMethod method : all_methods) check_method(*drawn, inverse, x, method, tally);
        return inverse.rank < std::min(drawn->a.rows(), drawn->a.cols());
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(random_problems)

BOOST_AUTO_TEST_CASE(every_method_finds_the_least_norm_or_refuses) {
    const Drawn drawn(200);
    Tally tally;
    for (int i = 0; i < drawn.count; ++i) {
        const unsigned seed = drawn.seed + static_cast<unsigned>(i);
        tally.deficient +=
            (seed % 3 == 2 ? check_problem<Complex>(seed, tally) : check_problem<double>(seed, tally)) ? 1 : 0;
    }
    std::string counts;
    for (const auto& [method, times] : tally.solved) counts += concat(", ", to_string(method), " ", times);
    BOOST_TEST_MESSAGE(tally.problems << " problems, " << tally.deficient << " without full rank; solved by" << counts
                                      << "; refused by spqr " << tally.unclear);
    BOOST_TEST(tally.problems == drawn.count);
    BOOST_TEST(tally.unclear <= 1 + drawn.count / 200);
    if (drawn.count < 60) return; // a share of them, too few to say how many
    BOOST_TEST(tally.deficient > drawn.count / 10);
    for (const SolveMethod method : all_methods) BOOST_TEST(tally.solved[method] > 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace random_problems_test
