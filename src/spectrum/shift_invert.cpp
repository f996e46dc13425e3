#include "shift_invert.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <convmat/base/checked.hpp>
#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/structure/kernels.hpp>

#include "cholmod.hpp"

namespace convmat::spectrum {
namespace {

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

// The triplets of A in the span of v: those of the small matrix A^H V.
template <class S>
RitzTriplets<S> rayleigh_ritz(const Columns<S>& a, const RitzTriplets<S>& inverse) {
    const Dense<S> av = a.adjoint() * inverse.u;
    const Svd<S> svd = svd_of(av);
    RitzTriplets<S> result;
    const Index count = std::ssize(svd.values);
    result.v = svd.u.rowwise().reverse();
    result.u = (inverse.u * svd.v).rowwise().reverse();
    result.values.assign(svd.values.rbegin(), svd.values.rend());
    const Dense<S> back = a * result.v;
    for (Index i = 0; i < count; ++i)
        result.errors.push_back((back.col(i) - result.values[static_cast<std::size_t>(i)] * result.u.col(i)).norm());
    result.steps = inverse.steps;
    result.converged = inverse.converged;
    return result;
}

} // namespace

template <class S>
RitzTriplets<S> smallest_by_cholesky(const Piece<S>& piece, const GolubKahanOptions& options, Index most_entries) {
    require_entries(most_gram_entries(piece), 4 * most_entries, "W^H W");
    const Columns<S> a = shorter_side(piece);
    CholeskyOfGram<S> cholesky(a);
    require_entries(cholesky.factor_entries(), most_entries, "the Cholesky factor of W^H W");
    const auto bytes = static_cast<Index>(cholesky.factor_entries() * 1.5) * Index{sizeof(S)};
    require_memory(bytes, "the Cholesky factor of W^H W");
    const double bound = schur_bound(a);
    double shift = 1e-13 * bound * bound;
    if (bound == 0) shift = 1;
    for (int tries = 0; !cholesky.factor(shift); shift *= 100)
        if (++tries == 6) throw std::runtime_error("smallest singular values: W^H W has no Cholesky factor");
    // Here u and v of L^{-1} P: A A^H + μ I = P^T L L^H P, so that its eigenvectors are right singular vectors.
    const LinearMap<S> inverse{a.rows(), a.rows(),
                               [&](const S* x, S* y, Index count) { cholesky.solve_lower(x, y, count); },
                               [&](const S* y, S* x, Index count) { cholesky.solve_lower_adjoint(y, x, count); }};
    GolubKahanOptions sharper = options;
    sharper.tolerance = std::min(options.tolerance, 1e-10);
    RitzTriplets<S> found = golub_kahan(inverse, sharper);
    std::swap(found.u, found.v);
    RitzTriplets<S> triplets = rayleigh_ritz(a, found);
    const double rounding = svd_rounding(options.count + 16, 16) * bound;
    for (double& error : triplets.errors) error += rounding;
    if (piece.rows() <= piece.cols()) return triplets;
    std::swap(triplets.u, triplets.v); // A was W^H
    return triplets;
}

template RitzTriplets<double> smallest_by_cholesky(const Piece<double>&, const GolubKahanOptions&, Index);
template RitzTriplets<Complex> smallest_by_cholesky(const Piece<Complex>&, const GolubKahanOptions&, Index);

} // namespace convmat::spectrum
