// NaN and infinity: an output is finite by one route exactly where it is by all of them.
#include <complex>
#include <limits>

#include <boost/test/unit_test.hpp>

#include <convmat/base/scalars.hpp>
#include <convmat/geometry/padding.hpp>
#include <convmat/matrix/input2matrix.hpp>
#include <convmat/matrix/kernel2matrix.hpp>

#include "operator_support.hpp"

namespace not_finite_test {

namespace {

using namespace convmat;
using namespace convmat::test;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

template <class S>
bool finite(const S& value) {
    return std::isfinite(std::real(value)) && std::isfinite(std::imag(value));
}

// `.` for a number, N for NaN, + and - for infinities, or x for whatever is not finite.
enum class Tell { kinds, finiteness };
template <ScalarType S>
std::string pattern(std::span<const S> values, Tell tell) {
    std::string text;
    for (const S& value : values) {
        const double real = std::real(value);
        text += finite(value)                               ? '.'
                : tell == Tell::finiteness || is_complex<S> ? 'x'
                : std::isnan(real)                          ? 'N'
                : real > 0                                  ? '+'
                                                            : '-';
    }
    return text;
}

template <ScalarType S>
void spoil(RandomLayers& layers, Tensor<S>& array) {
    const S values[] = {S(nan), S(infinity), S(-infinity)};
    for (Index i = layers.between(1, 2); i > 0; --i)
        array[layers.between(0, array.size() - 1)] = values[layers.between(0, 2)];
}

template <ScalarType S>
struct Routes {
    Routes(const ConvGeometry& g, const Tensor<S>& kernel, const Tensor<S>& x, const Tensor<S>& y, Tell how)
        : geometry(g),
          tell(how),
          op(g, kernel) {
        const auto w = kernel2matrix(g, kernel);
        const auto wt = kernel2matrix_transpose(g, kernel);
        forward = of(Tensor<S>({g.rows()}, w * x.vec()));
        backward = of(Tensor<S>({g.cols()}, wt * y.vec()));
        agree("W^T by Eigen", of(Tensor<S>({g.cols()}, w.transpose() * y.vec())), backward);
        agree("M(x) k", of(Tensor<S>({g.rows()}, input2matrix(g, x) * kernel.vec())), forward);
        agree("W x by the loops", of(reference::convolve(g, kernel, x)), forward);
        agree("W^T y by the loops", of(reference::transpose(g, kernel, y)), backward);
        by_operator(x, y);
        const auto adjoint = of(Tensor<S>({g.cols()}, w.adjoint() * y.vec()));
        agree("W^H y", of(Tensor<S>({g.cols()}, op.adjoint() * y.vec())), adjoint);
    }

    // One image and a batch of two.
    void by_operator(const Tensor<S>& x, const Tensor<S>& y) const {
        Eigen::Matrix<S, Eigen::Dynamic, 2> xs(x.size(), 2), ys(y.size(), 2);
        xs << x.vec(), x.vec();
        ys << y.vec(), y.vec();
        const Eigen::Matrix<S, Eigen::Dynamic, 2> wx = op * xs, wty = op.transpose() * ys;
        for (Index image = 0; image < 2; ++image) {
            agree("W x by the operator", of(Tensor<S>({wx.rows()}, wx.col(image))), forward);
            agree("W^T y by the operator", of(Tensor<S>({wty.rows()}, wty.col(image))), backward);
        }
    }

    std::string of(const Tensor<S>& values) const { return pattern(values.values(), tell); }
    void agree(const char* what, const std::string& found, const std::string& expected) const {
        BOOST_TEST(found == expected, what << " of " << describe(geometry) << ": " << found << ", W: " << expected);
    }

    const ConvGeometry& geometry;
    Tell tell;
    ConvOperator<S> op;
    std::string forward = {}, backward = {};
};

template <ScalarType S>
void routes_agree(unsigned seed, int layers_drawn) {
    RandomLayers layers(seed);
    for (int i = 0; i < share(layers_drawn); ++i) {
        const ConvGeometry g = layers.geometry(1 + i % 4);
        auto kernel = layers.integers<S>(g.kernel_shape());
        auto x = layers.integers<S>(g.input_shape());
        auto y = layers.integers<S>(g.output_shape());
        if (i % 3 != 1) spoil(layers, kernel);
        if (i % 3 != 0) spoil(layers, x), spoil(layers, y);
        Routes<S>(g, kernel, x, y, Tell::finiteness);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(not_finite)

BOOST_AUTO_TEST_CASE(w5_an_output_is_finite_by_one_route_where_it_is_by_all) {
    with_every_instruction_set([] { routes_agree<double>(51, 240); });
    routes_agree<float>(52, 120);
    routes_agree<std::complex<double>>(53, 120);
}

BOOST_AUTO_TEST_CASE(w5_where_no_taps_meet_the_routes_agree_on_nan_and_both_infinities) {
    RandomLayers layers(54);
    for (int i = 0; i < share(200); ++i) {
        ConvSpec spec = {.input = {layers.between(1, 9), layers.between(1, 9)},
                         .kernel = {layers.between(1, 4), layers.between(1, 4)},
                         .in_channels = 2,
                         .out_channels = 3,
                         .stride = layers.between(1, 3),
                         .dilation = layers.between(1, 2)};
        spec.padding = full_padding(spec);
        const ConvGeometry g(spec);
        auto kernel = layers.integers<double>(g.kernel_shape());
        auto x = layers.integers<double>(g.input_shape());
        auto y = layers.integers<double>(g.output_shape());
        spoil(layers, i % 2 == 0 ? kernel : x);
        if (i % 2 == 1) spoil(layers, y);
        Routes<double>(g, kernel, x, y, Tell::kinds);
    }
}

BOOST_AUTO_TEST_CASE(w5_weights_that_are_not_numbers_do_not_reach_an_output_through_padding) {
    const ConvGeometry g({.input = 3, .kernel = 3, .padding = 1});
    const Tensor<double> kernel({1, 1, 3}, {nan, 1, 1}), x({1, 3}, {1, 2, 3});
    const Routes<double> routes(g, kernel, x, x, Tell::kinds);
    BOOST_TEST(routes.forward == ".NN");
    BOOST_TEST(routes.backward == "NN.");
}

BOOST_AUTO_TEST_CASE(w5_taps_that_meet_are_summed_and_then_multiplied) {
    const ConvGeometry g({.input = 1, .kernel = 2, .padding = {{1, 0}}, .boundary = Boundary::replicate});
    const Tensor<double> kernel({1, 1, 2}, {2, -1}), x({1, 1}, {infinity});
    BOOST_TEST((kernel2matrix(g, kernel) * x.vec())[0] == infinity); // (2 - 1) inf
    BOOST_TEST(std::isnan(reference::convolve(g, kernel, x)[0]));    // 2 inf - inf
    BOOST_TEST(std::isnan((ConvOperator<double>(g, kernel) * x.vec())[0]));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace not_finite_test
