#pragma once

#include <functional>

#include <convmat/base/types.hpp>

#include "../numerics/dense_svd.hpp"

/// Iterations for min ||A x - b||, of which products with A and A^H are all that is known.
namespace convmat::solve {

using numerics::Complex;

template <class S>
using Vector = Eigen::Matrix<S, Eigen::Dynamic, 1>;

/// A of rows x cols, and a Hermitian right preconditioner M: the iteration sees A M^{-1}.
template <class S>
struct KrylovSystem {
    Index rows = 0;
    Index cols = 0;
    std::function<void(const S* x, S* y)> apply;
    std::function<void(const S* y, S* x)> apply_adjoint;
    std::function<void(const S* x, S* z)> precondition = {};       ///< z = M^{-1} x; empty: M = I
    std::function<void(const S* x, S* z)> precondition_twice = {}; ///< z = M^{-2} x; empty with the other
};

struct KrylovOptions {
    double target = 0;    ///< ||A^H (b - A x)|| at which to stop
    Index most_steps = 0; ///< products with A and A^H
    std::function<void(Index step, double normal_residual)> progress = {};
};

struct KrylovEnd {
    Index steps = 0;
    bool converged = false;
};

/// x = M^{-1} z of least ||z||, from x = 0. The stopping test is exact without M, else of M^{-1} A^H r: the caller
/// measures again.
template <class S>
KrylovEnd lsqr(const KrylovSystem<S>& system, const Vector<S>& b, Vector<S>& x, const KrylovOptions& options);
template <class S>
KrylovEnd lsmr(const KrylovSystem<S>& system, const Vector<S>& b, Vector<S>& x, const KrylovOptions& options);

/// A Hermitian P >= 0 that is added to A^H A: nothing, a number, or a map.
template <class S>
struct Added {
    double shift = 0;
    std::function<void(const S* x, S* z)> apply = {}; ///< z = P x; empty: P = shift I
};

/// (A^H A + P) x = A^H b, from the given x on; stops at ||A^H (b - A x) - P x|| <= target.
template <class S>
KrylovEnd cgls(const KrylovSystem<S>& system, const Added<S>& added, const Eigen::Ref<const Vector<S>>& b,
               Eigen::Ref<Vector<S>> x, const KrylovOptions& options);

} // namespace convmat::solve
