#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/solve/options.hpp>
#include <convmat/spectrum/singular_values.hpp>

namespace convmat {

/// A system that the chosen method cannot solve: singular to working precision, say. Its fault has the method as value;
/// the message says what to do instead.
class SingularError : public ErrorAs<std::runtime_error> {
  public:
    using ErrorAs::ErrorAs;
};

/// A method beside its price, or why it cannot be taken.
struct SolveCandidate {
    SolveMethod method = SolveMethod::automatic; ///< never automatic
    double bytes = 0;                            ///< as in SolvePlan; 0 where no price is known
    double seconds = 0;
    /// Why it cannot solve this system, or would not fit; empty where it can and does. That a system is singular is
    /// known of the method that was chosen alone, once it has been factorised.
    std::string refusal;
};

/// How a system is going to be solved.
struct SolvePlan {
    SolveMethod method = SolveMethod::automatic; ///< never automatic
    std::string reason;                          ///< why this one, with the numbers
    double bytes = 0;                            ///< memory the factors take, as predicted
    double seconds = 0;                          ///< to factorise and to solve once, a guess to a factor of 3
    /// All methods, the chosen one first. The prices of the other sparse factors are rough, to a factor of 10: they are
    /// not analysed.
    std::vector<SolveCandidate> candidates;
};

/// x with the least ||A x - y||² + λ² ||L x||², and what is known of it. Norms are over all right-hand sides.
template <class Scalar>
struct LeastSquares {
    Tensor<Scalar> x;                    ///< (C, n...); for several right-hand sides (N, C, n...)
    double residual_norm = 0;            ///< ||A x - y||
    double normal_residual = 0;          ///< ||A^H (y - A x) - λ² L^H L x||: 0 at the minimum
    double relative_normal_residual = 0; ///< the same divided by ||A^H y||
    double penalty_norm = 0;             ///< ||L x||
    double lambda = 0;                   ///< λ
    SolveMethod method = SolveMethod::automatic;
    std::string reason;
    /// False when an iteration did not reach the tolerance, or a direct method is off by 1e-5. Substitution solves the
    /// system whatever its condition: where rounding of a large x outweighs y, the reason says so.
    bool converged = true;
    Index iterations = 0;                       ///< the most of all right-hand sides; refinements of a direct method
    std::optional<Index> rank;                  ///< of A (of [A; λ L] for spqr), where the method knows it
    std::optional<Index> factor_nnz;            ///< nonzeros of the sparse factors
    double bytes = 0;                           ///< memory the factors take, as predicted: that of SolvePlan
    std::optional<double> reciprocal_condition; ///< of what was factored, an estimate
    double seconds = 0;                         ///< all of it: analysis, factors and solution
};

/// What a λ costs, over all right-hand sides.
struct TradeOff {
    double lambda = 0;
    double residual_norm = 0; ///< ||A x - y||
    double penalty_norm = 0;  ///< ||L x||
    double freedom =
        0; ///< tr(A (A^H A + λ² L^H L)^{-1} A^H), for each right-hand side: how many numbers of y x follows
    bool exact = true; ///< from an SVD; otherwise the freedom is estimated
};

/// Of an estimated trace: the mean of z^H A x(z) over random signs z, whose error is about sqrt(2 tr / probes). For L =
/// I residual and trace of every λ come from one bidiagonalisation each (G. Golub and U. von Matt, 1997).
struct ProbeOptions {
    Index probes = 1;
    std::uint64_t seed = 1;
    Index steps = 150;       ///< of a bidiagonalisation
    double tolerance = 1e-3; ///< of the iterations that other penalties need for every λ
};

namespace solve {
template <class S>
class Problem;
} // namespace solve

/// min ||A x - y||² + λ² ||L x||², A = W or W^T, for those who solve again: analysed once for a layer, factorised once
/// for a λ, solved for any number of y.
///
///     LeastSquaresSolver<double> solver(geometry, K, {.lambda = 0.01});
///     solver.plan();                 // method, reason, predicted memory
///     auto sharp = solver.solve(y);  // factorises when that has not been done
///     solver.set_lambda(0.1);        // keeps the analysis
///
/// Scalar is double or std::complex<double>; other kernels are widened by solve_least_squares(). Not to be used by
/// several threads at once.
template <class Scalar>
class LeastSquaresSolver {
  public:
    /// Analyses: chooses the method, orders the unknowns of a factor, predicts memory. Throws ArgumentError when
    /// the options ask for a method that cannot solve this layer, or for numbers that mean nothing; SizeError when the
    /// factors would not fit; ShapeError when K does not fit the geometry; SingularError when umfpack or klu is asked
    /// for and the pattern of A, which may be empty, is that of a singular matrix already.
    LeastSquaresSolver(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                       const LeastSquaresOptions& options = {});
    ~LeastSquaresSolver();
    LeastSquaresSolver(LeastSquaresSolver&&) noexcept;
    LeastSquaresSolver& operator=(LeastSquaresSolver&&) noexcept;

    Index rows() const; ///< of A
    Index cols() const;
    Shape x_shape() const;         ///< (C, n...) for W
    Shape y_shape() const;         ///< (O, m...) for W
    const SolvePlan& plan() const; ///< the candidates are priced when it is first asked for
    double lambda() const;
    Penalty penalty() const;
    bool has_svd() const;         ///< by fft, dct and kronecker: then trade_off() is exact
    double norm_estimate() const; ///< max_o Σ |K[o]|: ||A|| to a small factor, what λ is to be compared with

    /// The factors for λ are computed anew when they are next needed.
    void set_lambda(double lambda);

    /// Throws SingularError when the method cannot: W^H W not positive definite, a zero pivot.
    void factorize();

    /// Factorises if need be. y has y_shape(), or (N, y_shape()...) for N right-hand sides; its values are finite.
    /// Throws ShapeError and ArgumentError otherwise, SizeError when x exceeds the range of double.
    LeastSquares<Scalar> solve(const Tensor<Scalar>& y);

    /// What a λ would cost in residual and penalty, as a function of λ: see lambda.hpp. y is analysed once; where that
    /// is not enough (a penalty other than the identity, without an SVD) every call solves. The solver must outlive it
    /// and keeps its own λ and factors: what solves for every call is a second one, which is analysed again and holds
    /// its own factors as long as the function lives. Each of the two fits most_memory, both together may not.
    std::function<TradeOff(double)> trade_off(const Tensor<Scalar>& y, const ProbeOptions& options = {});

    /// The same for a list.
    std::vector<TradeOff> trade_off(const Tensor<Scalar>& y, std::span<const double> lambdas,
                                    const ProbeOptions& options = {});

  private:
    std::unique_ptr<solve::Problem<Scalar>> problem_;
};

extern template class LeastSquaresSolver<double>;
extern template class LeastSquaresSolver<std::complex<double>>;

/// x = argmin ||A x - y||² + λ² ||L x||², A = W for Form::matrix, W^T for Form::transpose.
///
/// The table of SolveMethod says how; `automatic` prefers exact SVDs by structure, then whichever is predicted to be
/// quicker of a sparse factorisation and an iteration on the matrix-free operator, and falls back where a factorisation
/// finds the system singular. Real data are solved in double, complex data in complex double. A direct method's
/// solution is refined until the normal equations hold to rounding. Throws as LeastSquaresSolver.
template <ScalarType Scalar>
LeastSquares<Spectral<Scalar>> solve_least_squares(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                                                   const Tensor<Scalar>& y, const LeastSquaresOptions& options = {}) {
    LeastSquaresSolver<Spectral<Scalar>> solver(geometry, detail::widened<Spectral<Scalar>>(kernel), options);
    return solver.solve(detail::widened<Spectral<Scalar>>(y));
}

} // namespace convmat
