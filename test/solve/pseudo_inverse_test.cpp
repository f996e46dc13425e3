#include <convmat/solve/pseudo_inverse.hpp>

#include <complex>
#include <map>

#include <boost/test/unit_test.hpp>

#include "dense_least_squares.hpp"
#include "families.hpp"

namespace pseudo_inverse_test {

using namespace convmat;
using namespace convmat::test;

namespace {

using Complex = std::complex<double>;

// A^+ as a matrix: what it makes of unit vectors, all at once.
template <class S>
DenseMatrix<S> matrix_of(PseudoInverse<S>& inverse, const ConvGeometry& geometry, Form form) {
    Shape shape = form == Form::matrix ? geometry.output_shape() : geometry.input_shape();
    shape.insert(shape.begin(), inverse.cols());
    Tensor<S> units(shape);
    for (Index i = 0; i < inverse.cols(); ++i) units[i * (inverse.cols() + 1)] = S(1);
    const Tensor<S> columns = inverse.apply(units);
    return Eigen::Map<const DenseMatrix<S>>(columns.data(), inverse.rows(), inverse.cols());
}

// The four conditions of R. Penrose (1955). P = A^+: A P A = A, P A P = P, A P and P A Hermitian.
template <class S>
void check_penrose(const DenseMatrix<S>& a, const DenseMatrix<S>& p, double tolerance) {
    const double size = a.norm(), inverse = p.norm();
    BOOST_TEST((a * p * a - a).norm() <= tolerance * size);
    BOOST_TEST((p * a * p - p).norm() <= tolerance * inverse);
    BOOST_TEST((a * p - (a * p).adjoint()).norm() <= tolerance);
    BOOST_TEST((p * a - (p * a).adjoint()).norm() <= tolerance);
}

using Tally = std::map<SolveMethod, int>;

template <class S>
void check(const Layer<S>& layer, Form form, const LeastSquaresOptions& asked, Tally& tally) {
    if (std::max(layer.geometry.rows(), layer.geometry.cols()) > 60) return;
    const DenseMatrix<S> a = dense_a(layer.geometry, layer.kernel, form);
    const DensePseudoInverse<S> dense(a);
    if (dense.condition() > 1e4) return;
    LeastSquaresOptions options = asked;
    options.form = form;
    std::optional<PseudoInverse<S>> inverse;
    try {
        inverse.emplace(layer.geometry, layer.kernel, options);
    } catch (const std::invalid_argument&) {
        return; // of another structure
    }
    ++tally[inverse->plan().method];
    BOOST_TEST_CONTEXT(describe(layer.geometry)
                       << " rank " << dense.rank << " by " << to_string(inverse->plan().method)) {
        BOOST_TEST_REQUIRE(inverse->rows() == a.cols());
        BOOST_TEST_REQUIRE(inverse->cols() == a.rows());
        const DenseMatrix<S> p = matrix_of(*inverse, layer.geometry, form);
        const bool iterates = inverse->plan().method == SolveMethod::lsqr ||
                              inverse->plan().method == SolveMethod::lsmr || inverse->plan().method == SolveMethod::cg;
        const double kappa = dense.condition();
        check_penrose<S>(a, p, iterates ? 1e-9 * kappa * kappa : 1e-12 * kappa * kappa);
        BOOST_TEST((p - dense.matrix).norm() <= (iterates ? 1e-9 : 1e-12) * kappa * kappa * dense.matrix.norm());
    }
}

template <class S>
Layer<S> box(const ConvSpec& spec) {
    const ConvGeometry geometry(spec);
    return {geometry,
            Tensor<S>(geometry.kernel_shape(), std::vector<S>(static_cast<std::size_t>(geometry.weights()), S(1)))};
}

template <class S>
void check_family_of(unsigned seed, Tally& tally) {
    RandomLayers layers(seed);
    for (const Form form : {Form::matrix, Form::transpose}) {
        for (int i = 0; i < 8; ++i) {
            check(periodic_layer<S>(layers), form, {}, tally);
            check(mirrored_layer<S>(layers), form, {}, tally);
            check(mixed_layer<S>(layers), form, {}, tally);
            check(separable_layer<S>(layers), form, {}, tally);
            check(causal_layer<S>(layers), form, {}, tally);
            check(square_layer<S>(layers), form, {}, tally);
            check(square_layer<S>(layers), form, {.method = SolveMethod::lsqr}, tally);
            check(separable_layer<S>(layers), form, {.method = SolveMethod::spqr}, tally);
        }
        for (const Boundary boundary : all_boundaries) { // blurs that are blind to a wave
            check(box<S>({.input = {5, 5}, .kernel = {3, 3}, .padding = {{1, 1}}, .boundary = {boundary}}), form, {},
                  tally);
            check(box<S>({.input = {6}, .kernel = {2}, .in_channels = 2, .padding = {{1, 0}}, .boundary = {boundary}}),
                  form, {.method = SolveMethod::spqr}, tally);
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(pseudo_inverse)

BOOST_AUTO_TEST_CASE(the_four_conditions_of_penrose_hold) {
    Tally tally;
    check_family_of<double>(1, tally);
    check_family_of<Complex>(2, tally);
    for (const SolveMethod method : {SolveMethod::fft, SolveMethod::dct, SolveMethod::kronecker,
                                     SolveMethod::triangular, SolveMethod::spqr, SolveMethod::lsqr})
        BOOST_TEST(tally[method] >= 5, to_string(method) << " " << tally[method]);
}

BOOST_AUTO_TEST_CASE(options_keep_their_limits_and_lose_lambda_and_penalty) {
    const ConvGeometry geometry({.input = {6}, .kernel = {3}, .padding = {{1, 1}}});
    const Tensor<double> kernel({1, 1, 3}, {1, 5, 2}), y({1, 6}, {1, 2, 3, 4, 5, 6});
    PseudoInverse<double> plain(geometry, kernel),
        other(geometry, kernel, {.lambda = 3, .penalty = Penalty::gradient, .method = SolveMethod::spqr});
    BOOST_TEST((other.plan().method == SolveMethod::spqr));
    BOOST_TEST((plain.apply(y).vec() - other.apply(y).vec()).norm() <= 1e-13 * y.vec().norm());
    BOOST_CHECK_THROW(PseudoInverse<double>(geometry, kernel, {.most_memory = 10}), SizeError);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace pseudo_inverse_test
