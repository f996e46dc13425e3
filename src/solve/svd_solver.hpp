#pragma once

#include <functional>

#include "fast_svd.hpp"
#include "solver.hpp"

namespace convmat::solve {

/// By A = U Σ V^H, L^H L V = V P:   x = V (Σ² + λ² P)^+ Σ U^H y, exactly, and of least norm where λ² P leaves a choice.
template <class S>
class SvdSolver final : public Solver<S> {
  public:
    using Decompose = std::function<FastSvds<S>()>;

    /// Singular values up to rank_tolerance times the largest are 0, and those up to `rounding`: where weights cancel,
    /// the largest may be no more than that.
    /// Decomposes when it is first factorised.
    SvdSolver(const System<S>& system, Decompose decompose, double rank_tolerance, double rounding);

    std::optional<Singular> factorize(double lambda) override; ///< never singular
    bool has_svd() const override { return true; }
    Steps solve(const S* y, S* x, Index count) override;
    std::optional<Index> rank() const override { return rank_; }
    std::optional<double> reciprocal_condition() const override;
    std::optional<SpectralData> spectral_data(const S* y, Index count) override;

  private:
    void decompose(); // once
    double filter(double value, double penalty) const;

    Decompose decompose_;
    double rank_tolerance_;
    double rounding_;
    FastSvds<S> groups_;
    Index rows_ = 0; // of each group
    Index cols_ = 0; // of each group
    bool penalised_ = false;
    double lambda_ = 0;
    double largest_ = 0;
    double least_ = 0; // values up to this are 0
    Index rank_ = 0;
};

} // namespace convmat::solve
