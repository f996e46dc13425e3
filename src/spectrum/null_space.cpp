#include <convmat/spectrum/rank.hpp>

#include <algorithm>
#include <limits>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/matrix/kernel2matrix.hpp>

#include "../numerics/failure.hpp"
#include "../numerics/scaled_kernel.hpp"
#include "rank_of_values.hpp"
#include "sparse_qr.hpp"

namespace convmat::detail {
namespace {

using namespace numerics;
using namespace spectrum;

constexpr double most_norm = 1e8; // of a column beside its 1: more, and the columns are as good as dependent

template <class S>
using Basis = Eigen::SparseMatrix<S>;

// max_n ||W n|| / ||n|| of its columns.
template <class S>
double worst_residual(const SparseColumns<S>& w, const Basis<S>& basis) {
    double worst = 0;
    Eigen::Matrix<S, Eigen::Dynamic, 1> product(w.rows());
    for (Index j = 0; j < basis.cols(); ++j) {
        product.setZero();
        double square = 0;
        for (typename Basis<S>::InnerIterator of(basis, j); of; ++of) {
            square += std::norm(of.value());
            for (typename SparseColumns<S>::InnerIterator at(w, of.row()); at; ++at)
                product(at.row()) += at.value() * of.value();
        }
        const double residual = product.norm() / std::sqrt(square);
        worst = residual <= worst ? worst : residual; // not a number: it is the worst
    }
    return worst;
}

// The largest norm of a column: a unit matrix stands in the basis, so that of columns of unit norm the smallest
// singular value is at least 1 over this.
template <class S>
double largest_norm(const Basis<S>& basis) {
    double largest = 0;
    for (Index j = 0; j < basis.cols(); ++j) largest = std::max(largest, basis.col(j).norm());
    return largest;
}

// The right singular vectors of a dense W behind the first `rank`, all of the cols(W) there are.
template <class S>
Basis<S> dense_basis(const SparseColumns<S>& w, Index rank) {
    Dense<S> square = Dense<S>::Zero(std::max(w.rows(), w.cols()), w.cols());
    square.topRows(w.rows()) = Dense<S>(w);
    const Dense<S> v = svd_of(std::move(square)).v;
    return v.rightCols(w.cols() - rank).sparseView(1.0, std::numeric_limits<double>::epsilon() / 4);
}

template <class S>
bool is_dense_enough(const SparseColumns<S>& w, const SpectrumOptions& options) {
    const double longer = static_cast<double>(std::max(w.rows(), w.cols()));
    constexpr double copies = 8;
    return w.cols() <= options.most_dense && longer <= 2 * static_cast<double>(options.most_dense) &&
           copies * longer * static_cast<double>(w.cols()) * sizeof(S) <= static_cast<double>(available_memory());
}

template <class S>
Index known_rank(const ConvGeometry& geometry, const Tensor<S>& kernel, const RankOptions& options, double& tolerance) {
    if (options.rank) return *options.rank;
    const NumericalRank found = numerical_rank(geometry, kernel, options);
    tolerance = std::max(tolerance, found.tolerance);
    return found.rank;
}

void require_rank(const ConvGeometry& geometry, const RankOptions& options) {
    const Index most = std::min(geometry.rows(), geometry.cols());
    if (options.rank && (*options.rank < 0 || *options.rank > most))
        throw ArgumentError({.parameter = "rank",
                             .value = concat(*options.rank),
                             .expected = concat("0 to ", most),
                             .found = concat("null_space: RankOptions::rank is ", *options.rank)});
}

} // namespace

template <class S>
Eigen::SparseMatrix<S> null_space(const ConvGeometry& geometry, const Tensor<S>& kernel, const RankOptions& options) {
    require_valid(options, "null_space");
    require_rank(geometry, options);
    const ScaledKernel<S> scaled(geometry, kernel, "null_space");
    const auto w = kernel2matrix<Eigen::ColMajor, std::int64_t>(geometry, scaled.kernel);
    require_factor_fits(w, options.spectrum);
    RankOptions of_scaled = options;
    if (options.tolerance) of_scaled.tolerance = *options.tolerance / scaled.factor;
    const double norm = rough_norm(geometry, scaled.kernel, options.spectrum);
    double tolerance = of_scaled.tolerance.value_or(default_tolerance(geometry, norm));
    const Index rank = known_rank(geometry, scaled.kernel, of_scaled, tolerance);
    if (const auto qr = of_rank(w, tolerance, norm, rank)) {
        Basis<S> basis = null_space_of(*qr, w.cols());
        if (worst_residual(w, basis) <= tolerance && largest_norm(basis) <= most_norm) return basis;
    }
    if (is_dense_enough(w, options.spectrum)) {
        Basis<S> basis = dense_basis(w, rank);
        if (worst_residual(w, basis) <= std::max(tolerance, svd_rounding(w.rows(), w.cols()) * norm)) return basis;
    }
    throw Failure({.parameter = "rank",
                   .value = concat(rank),
                   .expected = "a rank with a clear gap: another tolerance",
                   .found = concat("null_space: found no ", w.cols() - rank,
                                   " independent vectors n with ||W n|| <= ", tolerance * scaled.factor, " ||n||")});
}

template Eigen::SparseMatrix<double> null_space(const ConvGeometry&, const Tensor<double>&, const RankOptions&);
template Eigen::SparseMatrix<Complex> null_space(const ConvGeometry&, const Tensor<Complex>&, const RankOptions&);

} // namespace convmat::detail
