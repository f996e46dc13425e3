#pragma once

#include <cholmod.h>

#include <initializer_list>
#include <vector>

#include <Eigen/SparseCore>

#include "dense_svd.hpp"

/// Owners of what CHOLMOD allocates, with 64-bit integers; nothing is printed.
namespace convmat::numerics {

/// What CHOLMOD and SPQR read.
template <class S>
using SparseColumns = Eigen::SparseMatrix<S, Eigen::ColMajor, std::int64_t>;

template <class S>
inline constexpr int cholmod_kind = std::is_same_v<S, double> ? CHOLMOD_REAL : CHOLMOD_COMPLEX;

class CholmodSession {
  public:
    CholmodSession();
    ~CholmodSession();
    CholmodSession(const CholmodSession&) = delete;
    CholmodSession& operator=(const CholmodSession&) = delete;

    cholmod_common* get() { return &common_; }

    /// Throws SizeError or Failure whose sentence begins with `what` unless the last call succeeded.
    void require_success(const char* what) const;

  private:
    cholmod_common common_;
};

/// The compressed columns of a matrix as CHOLMOD sees them; the values stay where they are.
template <class S>
cholmod_sparse as_cholmod(const SparseColumns<S>& matrix);

/// L L^H = A A^H + β I of a sparse A.
template <class S>
class CholeskyOfGram {
  public:
    /// Analyses only: with the given order of A's rows, or the best that CHOLMOD finds. A must stay where it is; its
    /// values may change before a factor().
    explicit CholeskyOfGram(const SparseColumns<S>& a, const std::vector<std::int64_t>* order = nullptr);
    ~CholeskyOfGram();
    CholeskyOfGram(const CholeskyOfGram&) = delete;
    CholeskyOfGram& operator=(const CholeskyOfGram&) = delete;

    Index size() const { return static_cast<Index>(a_.nrow); }
    double factor_entries() const;       ///< predicted nonzeros of L
    double operations() const;           ///< of a factor(), as predicted
    double reciprocal_condition() const; ///< of the last factor, from the diagonal of L: not more than a hint

    /// False when A A^H + β I is not positive definite in floating point.
    bool factor(double beta);

    void solve(const S* b, S* x, Index count) const;               ///< x = (A A^H + β I)^{-1} b
    void solve_lower(const S* b, S* x, Index count) const;         ///< x = L^{-1} P b
    void solve_lower_adjoint(const S* b, S* x, Index count) const; ///< x = P^T L^{-H} b

  private:
    void solve_steps(std::initializer_list<int> systems, const S* b, S* x, Index count) const;

    mutable CholmodSession session_;
    cholmod_sparse a_;
    cholmod_factor* factor_ = nullptr;
};

} // namespace convmat::numerics
