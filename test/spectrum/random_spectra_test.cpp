// Random spectra against dense decompositions, thousands of them by scripts/stress: every number within the error that
// is stated beside it, every list as long as its number, every vector as good as its residual.
#include <convmat/spectrum/report.hpp>

#include <boost/test/unit_test.hpp>

#include <convmat/matrix/kernel2matrix.hpp>

#include "../support/drawn.hpp"
#include "support.hpp"

namespace random_spectra_test {

using namespace convmat;
using namespace convmat::test;

namespace {

using Complex = std::complex<double>;

// W's columns and rows are at most this many.
constexpr Index most_side = 90;

template <class S>
struct Drawing {
    ConvGeometry geometry;
    Tensor<S> kernel;
};

// Weights of any kind: integers, normal numbers, numbers of very different size, products that repeat.
template <class S>
Tensor<S> weights_of(RandomLayers& layers, const Shape& shape, unsigned seed) {
    if constexpr (std::same_as<S, std::int64_t>) return layers.integers<S>(shape);
    Tensor<S> kernel = layers.integers<S>(shape);
    if (layers.between(0, 4) == 0) return kernel;
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    const Index kind = layers.between(0, 3), repeat = layers.between(1, 4);
    for (Index i = 0; i < kernel.size(); ++i) {
        double value = normal(random);
        if (kind == 1) value *= std::pow(10.0, 3 * normal(random));
        if constexpr (std::same_as<S, Complex>)
            kernel[i] = {value, normal(random)};
        else
            kernel[i] = static_cast<S>(value);
        if (kind > 1 && i >= repeat)
            kernel[i] = kernel[i % repeat] * static_cast<S>(static_cast<double>(kind == 2 ? 1 : i % 3));
    }
    return kernel;
}

template <class S>
Drawing<S> drawing(unsigned seed, Index rank) {
    RandomLayers layers(seed);
    for (;;) {
        ConvGeometry geometry = layers.geometry(rank);
        if (std::max(geometry.rows(), geometry.cols()) > most_side) continue;
        Tensor<S> kernel = weights_of<S>(layers, geometry.kernel_shape(), seed);
        return {std::move(geometry), std::move(kernel)};
    }
}

// How often what was compared.
struct Tally {
    int layers = 0, deficient = 0, vectors = 0, refused = 0, by_qr = 0;
};

template <class S>
struct Truth {
    explicit Truth(const Drawing<S>& of)
        : w(dense_w(of.geometry, of.kernel)),
          values(dense_singular_values(w)),
          norm(values.front()),
          rounding(dense_rounding(w.rows(), w.cols(), norm) +
                   16 * std::numeric_limits<double>::epsilon() * detail::widened<Spectral<S>>(of.kernel).vec().norm()) {
    }

    Index above(double tolerance) const {
        return std::ranges::count_if(values, [&](double value) { return value > tolerance; });
    }

    DenseMatrix<Spectral<S>> w;
    std::vector<double> values;
    double norm, rounding;
};

void check(const Measured& found, double truth, double rounding) {
    if (!found.value || !std::isfinite(*found.value)) return;
    BOOST_TEST(std::abs(*found.value - truth) <= found.error + rounding);
    BOOST_TEST(found.converged);
}

template <class S>
void check_report(const Drawing<S>& of, const Truth<S>& truth, Tally& tally) {
    const SpectrumReport found = spectrum_report(of.geometry, of.kernel);
    const auto& values = truth.values;
    check(found.norm2, truth.norm, truth.rounding);
    check(found.sigma_min, values.back(), truth.rounding);
    check(found.frobenius, truth.w.norm(), truth.rounding);
    if (values.back() > 1e-6 * truth.norm)
        check(found.condition, truth.norm / values.back(), 1e-6 * truth.norm / values.back());
    BOOST_TEST_REQUIRE(found.singular_values.size() == values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        BOOST_TEST(std::abs(found.singular_values[i] - values[i]) <= found.singular_values_error + truth.rounding);
    for (const NormBound& bound : found.bounds)
        if (bound.applies) BOOST_TEST(bound.value >= truth.norm - truth.rounding);
    BOOST_TEST_REQUIRE(found.rank.has_value());
    const NumericalRank& rank = *found.rank;
    BOOST_TEST(rank.rank <= rank.most);
    const double off = found.singular_values_error + truth.rounding;
    BOOST_TEST(rank.rank >= truth.above(rank.tolerance + off));
    if (!rank.exact) BOOST_TEST(rank.rank <= truth.above(rank.tolerance - off));
    if (rank.rank < rank.most) BOOST_TEST(values[static_cast<std::size_t>(rank.rank)] <= rank.tolerance + off);
    tally.deficient += rank.rank < rank.most ? 1 : 0;
}

template <class S>
void check_null_space(const Drawing<S>& of, const Truth<S>& truth, const RankOptions& options, Tally& tally) {
    const Index cols = of.geometry.cols();
    Eigen::SparseMatrix<Spectral<S>> basis;
    NumericalRank rank;
    try {
        rank = numerical_rank(of.geometry, of.kernel, options);
        basis = null_space(of.geometry, of.kernel, options);
    } catch (const std::runtime_error&) {
        BOOST_TEST((options.spectrum.most_dense == 0)); // by SPQR alone; a dense SVD always finds one
        ++tally.refused;
        return;
    }
    BOOST_TEST_REQUIRE(basis.cols() == cols - rank.rank);
    if (basis.cols() == 0) return;
    DenseMatrix<Spectral<S>> dense(basis);
    const double eps = std::numeric_limits<double>::epsilon();
    const double tolerance =
        std::max(rank.tolerance, static_cast<double>(truth.w.rows() + cols) * 4 * eps * truth.norm);
    for (Index j = 0; j < dense.cols(); ++j) {
        dense.col(j) /= dense.col(j).norm();
        BOOST_TEST((truth.w * dense.col(j)).norm() <= 1.01 * tolerance);
    }
    BOOST_TEST(dense_singular_values(dense).back() > 1e-9);
    tally.vectors += static_cast<int>(basis.cols());
}

template <class S>
void check_triplets(const Drawing<S>& of, const Truth<S>& truth, Index count, bool largest,
                    const SpectrumOptions& options, Tally& tally) {
    SingularTriplets<Spectral<S>> found;
    try {
        found = largest ? largest_singular_triplets(of.geometry, of.kernel, count, options)
                        : smallest_singular_triplets(of.geometry, of.kernel, count, options);
    } catch (const SizeError&) { // channels alone are not iterated on
        BOOST_TEST((options.most_dense == 0));
        ++tally.refused;
        return;
    }
    const Index most = std::min<Index>(count, std::ssize(truth.values));
    BOOST_TEST_CONTEXT(found.method << (largest ? " largest " : " smallest ") << count) {
        BOOST_TEST_REQUIRE(std::ssize(found.values) == most);
        BOOST_TEST(found.converged);
        const Index rows = of.geometry.rows(), cols = of.geometry.cols();
        const Eigen::Map<const DenseMatrix<Spectral<S>>> u(found.left.data(), rows, most);
        const Eigen::Map<const DenseMatrix<Spectral<S>>> v(found.right.data(), cols, most);
        for (Index i = 0; i < most; ++i) {
            const auto at = static_cast<std::size_t>(i);
            const double value = found.values[at];
            const double expected = largest ? truth.values[at] : truth.values[truth.values.size() - 1 - at];
            BOOST_TEST(std::abs(value - expected) <= found.errors[at] + truth.rounding);
            const double left = (truth.w * v.col(i) - value * u.col(i)).norm();
            const double right = (truth.w.adjoint() * u.col(i) - value * v.col(i)).norm();
            BOOST_TEST(std::hypot(left, right) / std::sqrt(2) <= found.residuals[at] + truth.rounding);
            BOOST_TEST(found.residuals[at] <= 1e-6 * truth.norm + truth.rounding);
        }
        const auto identity = DenseMatrix<Spectral<S>>::Identity(most, most);
        BOOST_TEST((u.adjoint() * u - identity).norm() <= 1e-8);
        BOOST_TEST((v.adjoint() * v - identity).norm() <= 1e-8);
    }
    tally.vectors += 2 * static_cast<int>(most);
}

// By SPQR alone, without the singular values.
template <class S>
void check_rank_by_qr(const Drawing<S>& of, const Truth<S>& truth, Tally& tally) {
    const RankOptions by_qr = {.tolerance = {}, .spectrum = {.separability = -1, .most_dense = 0}};
    NumericalRank found;
    try {
        found = numerical_rank(of.geometry, detail::widened<Spectral<S>>(of.kernel), by_qr);
    } catch (const SizeError&) { // channels alone are not iterated on
        ++tally.refused;
        return;
    }
    // Near the tolerance it may count a value as it likes.
    BOOST_TEST(found.rank >= truth.above(4 * found.tolerance + truth.rounding));
    BOOST_TEST(found.rank <= truth.above(found.tolerance / 4 - truth.rounding));
    check_null_space(of, truth, by_qr, tally);
    ++tally.by_qr;
}

template <class S>
void check_spectrum(unsigned seed, Index rank, Tally& tally) {
    const Drawing<S> of = drawing<S>(seed, rank);
    BOOST_TEST_CONTEXT("seed " << seed << ": " << describe(of.geometry)) {
        const Truth<S> truth(of);
        const SpectrumOptions iterate = {.separability = -1, .most_dense = 0};
        const Index count = 1 + static_cast<Index>(seed % 6);
        check_report(of, truth, tally);
        check_null_space(of, truth, {}, tally);
        for (const bool largest : {true, false}) {
            check_triplets(of, truth, count, largest, {}, tally);
            check_triplets(of, truth, count, largest, iterate, tally);
        }
        check_rank_by_qr(of, truth, tally);
        ++tally.layers;
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(random_spectra)

BOOST_AUTO_TEST_CASE(every_number_is_within_its_error_and_every_list_as_long_as_its_number) {
    const Drawn drawn(160);
    Tally tally;
    for (int i = 0; i < drawn.count; ++i) {
        const unsigned seed = drawn.seed + static_cast<unsigned>(i);
        const Index rank = 1 + seed / 3 % 4;
        if (seed % 3 == 0) check_spectrum<std::int64_t>(seed, rank, tally);
        if (seed % 3 == 1) check_spectrum<double>(seed, rank, tally);
        if (seed % 3 == 2) check_spectrum<Complex>(seed, rank, tally);
    }
    BOOST_TEST_MESSAGE(tally.layers << " spectra, " << tally.deficient << " without full rank, " << tally.vectors
                                    << " vectors; by SPQR alone " << tally.by_qr << "; null spaces refused "
                                    << tally.refused);
    BOOST_TEST(tally.layers == drawn.count);
    if (drawn.count < 16) return; // too few to say how many
    BOOST_TEST(tally.deficient > drawn.count / 10);
    BOOST_TEST(tally.refused <= drawn.count / 20);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace random_spectra_test
