#pragma once

#include <optional>
#include <vector>

#include <Eigen/SparseCore>

#include <convmat/spectrum/options.hpp>

#include "../numerics/cholmod.hpp"

namespace convmat::spectrum {

using numerics::SparseColumns;

/// W E = Q R by SPQR, R without its rows of zeros: a staircase whose rows are as many as the columns that SPQR kept.
template <class S>
struct SparseQr {
    SparseColumns<S> r;
    std::vector<Index> order; ///< column j of W E is column order[j] of W
    double dropped = 0;       ///< Frobenius norm of what was left of the columns that were not kept
};

/// Throws SizeError when the factor R of W would have more entries than the options allow, or memory.
template <class S>
void require_factor_fits(const SparseColumns<S>& w, const SpectrumOptions& options);

/// The number of singular values above the tolerance. SPQR drops a column by the norm of what is left of it, which may
/// stay above any threshold although the columns are dependent: of those that it kept, the singular values of R up to
/// the tolerance are counted and taken off (as L. Foster and T. Davis do, Algorithm 933, 2013). `norm` is ||W||_2,
/// about.
template <class S>
Index rank_by_qr(const SparseColumns<S>& w, double tolerance, double norm);

/// With a threshold, sought from the tolerance on, at which SPQR keeps as many columns as the rank says; none where
/// there is no such threshold.
template <class S>
std::optional<SparseQr<S>> of_rank(const SparseColumns<S>& w, double tolerance, double norm, Index rank);

/// E [-R1^{-1} R2; I] of W E = Q [R1 R2]: a basis of the null space of W, which has `cols` columns.
template <class S>
Eigen::SparseMatrix<S> null_space_of(const SparseQr<S>& qr, Index cols);

} // namespace convmat::spectrum
