#pragma once

#include <functional>

#include <convmat/base/types.hpp>

#include "../numerics/dense_svd.hpp"
#include "../numerics/linear_map.hpp"
#include "vector.hpp"

/// Iterations for min ||A x - b||, of which products with A and A^H are all that is known.
namespace convmat::solve {

using numerics::Complex;

using numerics::LinearMap;

/// A Hermitian M on the right: the iteration sees A M^{-1}. Empty: M = I.
template <class S>
struct RightPreconditioner {
    std::function<void(const S* x, S* z)> apply = {};       ///< z = M^{-1} x
    std::function<void(const S* x, S* z)> apply_twice = {}; ///< z = M^{-2} x; empty with the other
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
KrylovEnd lsqr(const LinearMap<S>& a, const RightPreconditioner<S>& m, const Vector<S>& b, Vector<S>& x,
               const KrylovOptions& options);
template <class S>
KrylovEnd lsmr(const LinearMap<S>& a, const RightPreconditioner<S>& m, const Vector<S>& b, Vector<S>& x,
               const KrylovOptions& options);

/// A Hermitian P >= 0 that is added to A^H A: nothing, a number, or a map.
template <class S>
struct Added {
    double shift = 0;
    std::function<void(const S* x, S* z)> apply = {}; ///< z = P x; empty: P = shift I
};

/// (A^H A + P) x = A^H b, from the given x on; stops at ||A^H (b - A x) - P x|| <= target.
template <class S>
KrylovEnd cgls(const LinearMap<S>& a, const RightPreconditioner<S>& m, const Added<S>& added,
               const Eigen::Ref<const Vector<S>>& b, Eigen::Ref<Vector<S>> x, const KrylovOptions& options);

} // namespace convmat::solve
