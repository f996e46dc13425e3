#include "shift_invert.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>

#include <convmat/base/checked.hpp>
#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/structure/kernels.hpp>

#include "../numerics/cholmod.hpp"

namespace convmat::spectrum {
namespace {

constexpr Index most_side = Index{1} << 21; // of W^H W: even its analysis takes a minute
constexpr Index most_solutions = 200;       // with the Cholesky factor: each is far slower than a product with W

template <class S>
using Columns = Eigen::SparseMatrix<S, Eigen::ColMajor, std::int64_t>;

// A of A A^H: W where it is wide, otherwise W^H, so that the smaller Gram matrix is factored.
template <class S>
Columns<S> shorter_side(const Piece<S>& piece) {
    const ConvGeometry geometry = piece.geometry();
    if (geometry.rows() <= geometry.cols()) return kernel2matrix<Eigen::ColMajor, std::int64_t>(geometry, piece.kernel);
    return kernel2matrix_transpose<Eigen::ColMajor, std::int64_t>(geometry, conjugated(piece.kernel));
}

// ||A||_2 is at most this.
template <class S>
double schur_bound(const Columns<S>& a) {
    Eigen::VectorXd rows = Eigen::VectorXd::Zero(a.rows());
    double most_column = 0;
    for (Index j = 0; j < a.outerSize(); ++j) {
        double column = 0;
        for (typename Columns<S>::InnerIterator at(a, j); at; ++at) {
            column += std::abs(at.value());
            rows(at.row()) += std::abs(at.value());
        }
        most_column = std::max(most_column, column);
    }
    return std::sqrt(most_column * (rows.size() > 0 ? rows.maxCoeff() : 0));
}

// An upper bound of the nonzeros of A A^H, before A is built.
template <class S>
double most_gram_entries(const Piece<S>& piece) {
    const bool wide = piece.rows() <= piece.cols();
    double each = static_cast<double>(wide ? piece.outs : piece.ins);
    for (const Axis& axis : piece.axes) {
        const Index side = wide ? axis.output : axis.input;
        const Index reach = wide ? ceil_div(axis.effective_kernel(), axis.stride) : axis.effective_kernel();
        each *= static_cast<double>(std::min(side, 2 * std::min(reach, axis.kernel * axis.kernel) + 1));
    }
    return each * static_cast<double>(std::min(piece.rows(), piece.cols()));
}

void require_entries(double entries, Index most, const char* what) {
    if (entries > static_cast<double>(most))
        throw SizeError(concat("smallest singular values: ", what, " would have ", entries,
                               " entries, expected at most ", most, " (SpectrumOptions::most_factor_entries)"));
}

// U <- orth((A A^H + μ I)^{-2} U), for vectors that are good to the tolerance of the iteration only.
template <class S>
void polish(Dense<S>& u, const CholeskyOfGram<S>& cholesky) {
    Dense<S> lower(u.rows(), u.cols());
    for (int step = 0; step < 2; ++step) {
        cholesky.solve_lower(u.data(), lower.data(), u.cols());
        cholesky.solve_lower_adjoint(lower.data(), u.data(), u.cols());
        u = svd_of(u).u;
    }
}

// The triplets of A in the span of the given left vectors: those of the small matrix A^H U, the smallest first.
template <class S>
RitzTriplets<S> rayleigh_ritz(const Columns<S>& a, const RitzTriplets<S>& inverse) {
    const Svd<S> svd = svd_of(Dense<S>(a.adjoint() * inverse.u));
    RitzTriplets<S> result;
    result.v = svd.u.rowwise().reverse();
    result.u = (inverse.u * svd.v).rowwise().reverse();
    result.values.assign(svd.values.rbegin(), svd.values.rend());
    result.steps = inverse.steps;
    result.converged = inverse.converged;
    return result;
}

// Where σ is as good as 0, A^H u may say nothing of v: instead a random vector without what A sees of it, which is
// (I - A^H (A A^H + μ I)^{-1} A) z, orthonormal to the other v.
template <class S>
void replace_null_vectors(RitzTriplets<S>& triplets, const Columns<S>& a, const CholeskyOfGram<S>& cholesky,
                          double negligible, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    Dense<S> az(a.rows(), 1), lower(a.rows(), 1);
    std::vector<bool> sound; // which v are
    for (Index i = 0; i < triplets.v.cols(); ++i) {
        const double sigma = triplets.values[static_cast<std::size_t>(i)];
        sound.push_back(sigma > negligible || (a * triplets.v.col(i) - sigma * triplets.u.col(i)).norm() <= sigma);
    }
    for (Index i = 0; i < triplets.v.cols(); ++i) {
        if (sound[static_cast<std::size_t>(i)]) continue;
        Dense<S> z(a.cols(), 1);
        for (Index j = 0; j < z.size(); ++j) z(j) = normal(random);
        for (int pass = 0; pass < 4; ++pass) {
            az = a * z;
            cholesky.solve_lower(az.data(), lower.data(), 1);
            cholesky.solve_lower_adjoint(lower.data(), az.data(), 1);
            z -= a.adjoint() * az;
            for (Index j = 0; j < triplets.v.cols(); ++j)
                if (sound[static_cast<std::size_t>(j)]) z -= triplets.v.col(j) * (triplets.v.col(j).adjoint() * z);
            z /= z.norm();
        }
        const S along = (z.adjoint() * (a.adjoint() * triplets.u.col(i)))(0); // of A v = σ u the phase of v
        if (std::abs(along) > 0) z *= along / std::abs(along);
        triplets.v.col(i) = z;
        sound[static_cast<std::size_t>(i)] = true;
    }
}

// What the inverse's value θ = 1 / sqrt(σ² + μ), with its error, leaves between σ and the given value. Cholesky's
// factor is that of A A^H + μ I up to a small multiple of eps ||A||².
double distance_from_inverse(double value, double theta, double error, double shift, double bound) {
    if (theta <= error) return std::numeric_limits<double>::infinity();
    const double rounding = 64 * std::numeric_limits<double>::epsilon() * bound * bound;
    const double low = 1 / std::pow(theta + error, 2) - shift - rounding;
    const double high = 1 / std::pow(theta - error, 2) - shift + rounding;
    return std::max(value - std::sqrt(std::max(0.0, low)), std::sqrt(std::max(0.0, high)) - value);
}

// ||A v - σ u|| and ||A^H u - σ v|| together, or what the inverse's values say, whichever is less.
template <class S>
void measure_errors(RitzTriplets<S>& triplets, const Columns<S>& a, const RitzTriplets<S>& inverse, double shift,
                    double bound) {
    const Dense<S> av = a * triplets.v, au = a.adjoint() * triplets.u;
    for (Index i = 0; i < av.cols(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        const double sigma = triplets.values[at];
        const double left = (av.col(i) - sigma * triplets.u.col(i)).norm();
        const double right = (au.col(i) - sigma * triplets.v.col(i)).norm();
        const double rounding = svd_rounding(16 + av.cols(), 16) * bound;
        const double of_inverse = distance_from_inverse(sigma, inverse.values[at], inverse.errors[at], shift, bound);
        triplets.errors.push_back(std::min(std::hypot(left, right), of_inverse) + rounding);
    }
}

} // namespace

template <class S>
RitzTriplets<S> smallest_by_cholesky(const Piece<S>& piece, const GolubKahanOptions& options, Index most_entries) {
    const Index side = std::min(piece.rows(), piece.cols());
    if (side > most_side)
        throw SizeError(
            concat("smallest singular values: W^H W has a side of ", side, ", expected at most ", most_side));
    require_entries(most_gram_entries(piece), 4 * most_entries, "W^H W");
    const Columns<S> a = shorter_side(piece);
    CholeskyOfGram<S> cholesky(a);
    require_entries(cholesky.factor_entries(), most_entries, "the Cholesky factor of W^H W");
    const auto bytes = static_cast<Index>(cholesky.factor_entries() * 1.5) * Index{sizeof(S)};
    require_memory(bytes, "the Cholesky factor of W^H W");
    const double bound = schur_bound(a);
    double shift = 1e-13 * bound * bound;
    if (bound == 0) shift = 1;
    for (int tries = 0; !cholesky.factor(shift); shift *= 10)
        if (++tries == 6) throw std::runtime_error("smallest singular values: W^H W has no Cholesky factor");
    // Here u and v of L^{-1} P: A A^H + μ I = P^T L L^H P, so that its eigenvectors are right singular vectors.
    const LinearMap<S> inverse{a.rows(), a.rows(),
                               [&](const S* x, S* y, Index count) { cholesky.solve_lower(x, y, count); },
                               [&](const S* y, S* x, Index count) { cholesky.solve_lower_adjoint(y, x, count); }};
    GolubKahanOptions sharper = options;
    sharper.criterion = Criterion::error_to_own;
    sharper.tolerance = std::max(options.tolerance, 1e-7);
    sharper.most_steps = std::min<Index>(options.most_steps, most_solutions);
    RitzTriplets<S> found = golub_kahan(inverse, sharper);
    std::swap(found.u, found.v);
    polish(found.u, cholesky);
    RitzTriplets<S> triplets = rayleigh_ritz(a, found);
    replace_null_vectors(triplets, a, cholesky, 1e-6 * bound, options.seed);
    measure_errors(triplets, a, found, shift, bound);
    if (piece.rows() <= piece.cols()) return triplets;
    std::swap(triplets.u, triplets.v); // A was W^H
    return triplets;
}

template RitzTriplets<double> smallest_by_cholesky(const Piece<double>&, const GolubKahanOptions&, Index);
template RitzTriplets<Complex> smallest_by_cholesky(const Piece<Complex>&, const GolubKahanOptions&, Index);

} // namespace convmat::spectrum
