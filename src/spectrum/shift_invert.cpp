#include "shift_invert.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <convmat/base/checked.hpp>
#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/structure/kernels.hpp>

#include "../numerics/cholmod.hpp"
#include "../numerics/dense_product.hpp"
#include "../numerics/failure.hpp"
#include "../numerics/tall_columns.hpp"

namespace convmat::spectrum {
namespace {

using namespace numerics;

constexpr Index most_side = Index{1} << 21; // of W^H W: even its analysis takes a minute
constexpr Index most_solutions = 200;       // with the Cholesky factor: each is far slower than a product with W

// A of A A^H: W where it is wide, otherwise W^H, so that the smaller Gram matrix is factored.
template <class S>
SparseColumns<S> shorter_side(const Piece<S>& piece) {
    const ConvGeometry geometry = piece.geometry();
    if (geometry.rows() <= geometry.cols()) return kernel2matrix<Eigen::ColMajor, std::int64_t>(geometry, piece.kernel);
    return kernel2matrix_transpose<Eigen::ColMajor, std::int64_t>(geometry, conjugated(piece.kernel));
}

// ||A||_2 is at most this.
template <class S>
double schur_bound(const SparseColumns<S>& a) {
    Eigen::VectorXd rows = Eigen::VectorXd::Zero(a.rows());
    double most_column = 0;
    for (Index j = 0; j < a.outerSize(); ++j) {
        double column = 0;
        for (typename SparseColumns<S>::InnerIterator at(a, j); at; ++at) {
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

void require_gram_entries(double entries, Index most, const char* what) {
    if (entries > static_cast<double>(most))
        throw SizeError({.parameter = "most_factor_entries",
                         .value = concat(entries),
                         .expected = concat("at most ", most, " (SpectrumOptions::most_factor_entries)"),
                         .found = concat("smallest singular values: ", what, " would have ", entries, " entries")});
}

// Without its part along the columns of an orthonormal Q, of unit norm.
template <class S>
void make_orthogonal(Eigen::Ref<Dense<S>> x, const Eigen::Ref<const Dense<S>>& q) {
    for (int pass = 0; pass < 2; ++pass) {
        if (q.cols() > 0) subtract<S>(x, q, inner<S>(q, x));
        const double norm = x.norm();
        if (norm > 0) x /= norm;
    }
}

// U <- orth((A A^H + μ I)^{-2} U), for vectors that are good to the tolerance of the iteration only; column after
// column, the least value's first: what rounding adds along that is magnified more than all the others are.
template <class S>
void polish(Dense<S>& u, const CholeskyOfGram<S>& cholesky) {
    Dense<S> lower(u.rows(), 1);
    for (int step = 0; step < 2; ++step)
        for (Index i = 0; i < u.cols(); ++i) {
            make_orthogonal<S>(u.middleCols(i, 1), u.leftCols(i));
            cholesky.solve_lower(u.col(i).data(), lower.data(), 1);
            cholesky.solve_lower_adjoint(lower.data(), u.col(i).data(), 1);
            make_orthogonal<S>(u.middleCols(i, 1), u.leftCols(i));
        }
}

// A X. (Eigen's product of a sparse matrix would be compiled for a quarter of this file's time.)
template <class S>
Dense<S> times(const SparseColumns<S>& a, const Dense<S>& x) {
    Dense<S> y = Dense<S>::Zero(a.rows(), x.cols());
    for (Index i = 0; i < x.cols(); ++i)
        for (Index j = 0; j < a.cols(); ++j)
            for (typename SparseColumns<S>::InnerIterator at(a, j); at; ++at) y(at.row(), i) += at.value() * x(j, i);
    return y;
}

// A^H Y
template <class S>
Dense<S> adjoint_times(const SparseColumns<S>& a, const Dense<S>& y) {
    Dense<S> x = Dense<S>::Zero(a.cols(), y.cols());
    for (Index i = 0; i < y.cols(); ++i)
        for (Index j = 0; j < a.cols(); ++j)
            for (typename SparseColumns<S>::InnerIterator at(a, j); at; ++at)
                x(j, i) += Eigen::numext::conj(at.value()) * y(at.row(), i);
    return x;
}

// The triplets of A in the span of the given left vectors: those of the small matrix A^H U, the smallest first.
template <class S>
RitzTriplets<S> rayleigh_ritz(const SparseColumns<S>& a, const RitzTriplets<S>& inverse) {
    const Svd<S> svd = svd_of(adjoint_times(a, inverse.u));
    RitzTriplets<S> result;
    result.v = svd.u.rowwise().reverse();
    result.u = product<S>(inverse.u, svd.v).rowwise().reverse();
    result.values.assign(svd.values.rbegin(), svd.values.rend());
    result.steps = inverse.steps;
    return result;
}

// z without what A sees of it, (I - A^H (A A^H + μ I)^{-1} A) z, orthogonal to those v that are sound, of unit norm.
template <class S>
Dense<S> unseen_part(Dense<S> z, const SparseColumns<S>& a, const CholeskyOfGram<S>& cholesky, const Dense<S>& v,
                     const std::vector<bool>& sound) {
    Dense<S> lower(a.rows(), 1);
    for (int pass = 0; pass < 4; ++pass) {
        Dense<S> az = times(a, z);
        cholesky.solve_lower(az.data(), lower.data(), 1);
        cholesky.solve_lower_adjoint(lower.data(), az.data(), 1);
        z -= adjoint_times(a, az);
        for (Index j = 0; j < v.cols(); ++j)
            if (sound[static_cast<std::size_t>(j)]) z.col(0) -= v.col(j).dot(z.col(0)) * v.col(j);
        z /= z.norm();
    }
    return z;
}

// Where σ is as good as 0, A^H u may say nothing of v, which is replaced by a random vector that A does not see.
template <class S>
void replace_null_vectors(RitzTriplets<S>& triplets, const SparseColumns<S>& a, const CholeskyOfGram<S>& cholesky,
                          double negligible, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    const Dense<S> av = times(a, triplets.v), au = adjoint_times(a, triplets.u);
    std::vector<bool> sound; // which v are
    for (Index i = 0; i < triplets.v.cols(); ++i) {
        const double sigma = triplets.values[static_cast<std::size_t>(i)];
        sound.push_back(sigma > negligible || (av.col(i) - sigma * triplets.u.col(i)).norm() <= sigma);
    }
    for (Index i = 0; i < triplets.v.cols(); ++i) {
        if (sound[static_cast<std::size_t>(i)]) continue;
        Dense<S> z(a.cols(), 1);
        for (Index j = 0; j < z.size(); ++j) z(j) = normal(random);
        z = unseen_part(z, a, cholesky, triplets.v, sound);
        const S along = z.col(0).dot(au.col(i)); // of A v = σ u the phase of v
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
void measure_errors(RitzTriplets<S>& triplets, const SparseColumns<S>& a, const RitzTriplets<S>& inverse, double shift,
                    double bound) {
    const Dense<S> av = times(a, triplets.v), au = adjoint_times(a, triplets.u);
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

// Throws SizeError unless the Gram matrix of the piece is one that can be analysed.
template <class S>
void require_analysable(const Piece<S>& piece, Index most_entries) {
    const Index side = std::min(piece.rows(), piece.cols());
    if (side > most_side)
        throw SizeError({.parameter = "input",
                         .value = concat(side),
                         .expected = concat("at most ", most_side),
                         .found = concat("smallest singular values: W^H W has a side of ", side)});
    require_gram_entries(most_gram_entries(piece), 4 * most_entries, "W^H W");
}

// Factors A A^H + μ I and returns μ: the first of ε, 10 ε, ... with which it is positive definite, ε = 1e-13 bound².
template <class S>
double factored_with_shift(CholeskyOfGram<S>& cholesky, double bound, Index most_entries) {
    require_gram_entries(cholesky.factor_entries(), most_entries, "the Cholesky factor of W^H W");
    const auto bytes = static_cast<Index>(cholesky.factor_entries() * 1.5) * Index{sizeof(S)};
    require_memory(bytes, "the Cholesky factor of W^H W");
    double shift = bound == 0 ? 1 : 1e-13 * bound * bound;
    for (int tries = 0; !cholesky.factor(shift); shift *= 10)
        if (++tries == 6)
            throw Failure({.parameter = "",
                           .value = concat("shifted by ", shift),
                           .expected = "a positive definite matrix",
                           .found = "smallest singular values: W^H W has no Cholesky factor"});
    return shift;
}

// The `count` largest triplets of L^{-1} P, A A^H + μ I = P^T L L^H P; its right vectors, left ones of A, become u.
template <class S>
RitzTriplets<S> largest_of_inverse(const CholeskyOfGram<S>& cholesky, GolubKahanOptions options) {
    const LinearMap<S> inverse{cholesky.size(), cholesky.size(),
                               [&](const S* x, S* y, Index count) { cholesky.solve_lower(x, y, count); },
                               [&](const S* y, S* x, Index count) { cholesky.solve_lower_adjoint(y, x, count); }};
    options.criterion = Criterion::error_to_own;
    options.tolerance = std::max(options.tolerance, 1e-7);
    options.most_steps = std::min<Index>(options.most_steps, most_solutions);
    RitzTriplets<S> found = golub_kahan(inverse, options);
    std::swap(found.u, found.v);
    polish(found.u, cholesky);
    return found;
}

} // namespace

template <class S>
RitzTriplets<S> smallest_by_cholesky(const Piece<S>& piece, const GolubKahanOptions& options, Index most_entries) {
    require_analysable(piece, most_entries);
    const SparseColumns<S> a = shorter_side(piece);
    CholeskyOfGram<S> cholesky(a);
    const double bound = schur_bound(a), shift = factored_with_shift(cholesky, bound, most_entries);
    const RitzTriplets<S> inverse = largest_of_inverse(cholesky, options);
    RitzTriplets<S> triplets = rayleigh_ritz(a, inverse);
    replace_null_vectors(triplets, a, cholesky, 1e-6 * bound, options.seed);
    measure_errors(triplets, a, inverse, shift, bound);
    if (piece.rows() > piece.cols()) std::swap(triplets.u, triplets.v); // A was W^H
    return triplets;
}

template RitzTriplets<double> smallest_by_cholesky(const Piece<double>&, const GolubKahanOptions&, Index);
template RitzTriplets<Complex> smallest_by_cholesky(const Piece<Complex>&, const GolubKahanOptions&, Index);

} // namespace convmat::spectrum
