#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include <convmat/base/types.hpp>
#include <convmat/geometry/form.hpp>

namespace convmat {

/// How a least-squares problem is solved.
///
/// | method       | what it does                                  | where it can                                 |
/// |--------------|-----------------------------------------------|----------------------------------------------|
/// | `automatic`  | another one; the result says which, and why   | everywhere                                   |
/// | `fft`        | the exact SVD: Fourier, one block a frequency | a periodic axis with s dividing n            |
/// | `dct`        | the same by cosine or sine transforms         | half-symmetric or near-zero axes, K mirrored |
/// | `kronecker`  | the exact SVD, one small dense one a factor   | a separable kernel; L none or identity       |
/// | `triangular` | substitution                                  | W triangular (causal), λ = 0                 |
/// | `cholmod`    | L L^H = A^H A + λ² L^H L, nested dissection   | full column rank, or λ > 0                   |
/// | `spqr`       | [A; λ L] E = Q R, rank-revealing; least norm  | everywhere                                   |
/// | `umfpack`    | P A Q = L U, unsymmetric multifrontal         | A square and invertible, λ = 0               |
/// | `klu`        | the same, left-looking                        | A square and invertible, λ = 0               |
/// | `lsqr`       | bidiagonalisation (Paige and Saunders, 1982)  | everywhere; nothing is stored                |
/// | `lsmr`       | ||A^H r|| falls too (Fong and Saunders, 2011) | everywhere; nothing is stored                |
/// | `cg`         | conjugate gradients, normal equations (CGLS)  | everywhere; nothing is stored                |
enum class SolveMethod { automatic, fft, dct, kronecker, triangular, cholmod, spqr, umfpack, klu, lsqr, lsmr, cg };

/// The enumerator's name; `"auto"` for automatic.
std::string_view to_string(SolveMethod method);

/// L of the penalty λ² ||L x||², the same for every channel.
///
/// | penalty     | L x                                                                                              |
/// |-------------|--------------------------------------------------------------------------------------------------|
/// | `none`      | 0: λ is not used                                                                                 |
/// | `identity`  | x                                                                                                |
/// | `gradient`  | x[i + 1] - x[i] along every axis, for the neighbours there are: nothing is assumed beyond edges  |
/// | `laplacian` | 2 x[i] - x[i - 1] - x[i + 1], summed over the axes, x mirrored at its edges: L^H L of `gradient` |
///
/// A periodic axis closes in on itself: its last and first positions are neighbours. L is a convolution, see
/// penalty_layers().
enum class Penalty { none, identity, gradient, laplacian };

std::string_view to_string(Penalty penalty);

/// Of an iteration: what stands in for A^H A + λ² L^H L. Diagonal helps where channels or outputs are of different
/// size, as in a depthwise layer of unequal kernels; circulant, the layer as if every axis were periodic, where the
/// image is larger than the kernel and λ or the kernel keeps its symbol away from 0.
enum class Preconditioner { automatic, none, diagonal, circulant };

std::string_view to_string(Preconditioner preconditioner);

/// Which of the solutions of a rank-deficient problem: any, or the one of least ||x||.
enum class Solution { any, minimum_norm };

struct LeastSquaresOptions {
    Form form = Form::matrix;            ///< A is W, or W^T: then y is what the transposed layer writes, x what it read
    double lambda = 0;                   ///< λ
    Penalty penalty = Penalty::identity; ///< L
    SolveMethod method = SolveMethod::automatic;
    Solution solution = Solution::any; ///< where several are as good: what `automatic` is to look for
    Preconditioner preconditioner = Preconditioner::automatic;
    /// An iteration stops at ||A^H (y - A x) - λ² L^H L x|| <= tolerance ||A^H y||, or where that is less than rounding
    /// may make of A^H y.
    double tolerance = 1e-8;
    Index most_steps = 5000; ///< of an iteration; then the result says that it has not converged
    std::optional<double> rank_tolerance =
        {}; ///< relative to ||A||: smaller singular values are 0; default max(rows, cols) eps
    std::optional<Index> most_memory = {};   ///< bytes; default: what the machine has
    std::optional<double> most_seconds = {}; ///< of a factorisation, as predicted: methods beyond are not chosen
    std::function<void(Index step, double relative_normal_residual)> progress = {}; ///< called in every step
};

} // namespace convmat
