#pragma once

#include <optional>
#include <string>
#include <vector>

#include <convmat/solve/least_squares.hpp>

namespace convmat {

/// Where λ is looked for, and how.
struct LambdaOptions {
    std::optional<double> least = {}; ///< λ from here (default 1e-5, or 1e-3 where every λ is solved for) ...
    double most = 10;                 ///< ... to here, both times about ||A||, the largest sum of an output's |weights|
    Index points = 0; ///< λ's tried at first, evenly spaced in log λ, from the largest down; 0: 60, or 9 at most where
                      ///< every λ is solved for
    ProbeOptions probes = {};
};

/// A λ, and what it was chosen among.
struct LambdaChoice {
    double lambda = 0;
    TradeOff at;                 ///< what it costs
    double score = 0;            ///< the GCV function there, or the residual norm over the noise
    bool inside = true;          ///< false at an end of the range: a wider one may hold a better λ
    std::vector<TradeOff> curve; ///< all λ's that were tried, ascending: the L-curve
    std::string method;          ///< "generalised cross-validation, exact by the SVD"
};

/// λ = argmin V(λ),   V(λ) = M ||A x_λ - y||² / (M - N t(λ))²
///
/// with M values of y in N right-hand sides, and t(λ) = tr(A (A^H A + λ² L^H L)^{-1} A^H): generalised cross-validation
/// (G. Golub, M. Heath and G. Wahba, 1979), the λ whose solution predicts left-out values of y best when their noise is
/// white. Exact where the solver has an SVD, or A is small; otherwise t is estimated (D. Girard, 1989): for L = I by
/// one quadrature for all λ, otherwise by 1 + probes solutions for each. Throws ArgumentError for a range
/// without numbers, or a penalty that is `none`.
template <class Scalar>
LambdaChoice gcv_lambda(LeastSquaresSolver<Scalar>& solver, const Tensor<Scalar>& y, const LambdaOptions& options = {});

/// The largest λ with ||A x_λ - y|| <= safety * noise: V. Morozov's discrepancy principle, for noise e of known norm
/// ||e|| (sqrt(M) times its standard deviation). `inside` is false where even the least λ leaves more, or the most
/// less.
template <class Scalar>
LambdaChoice discrepancy_lambda(LeastSquaresSolver<Scalar>& solver, const Tensor<Scalar>& y, double noise,
                                double safety = 1, const LambdaOptions& options = {});

/// (log ||A x_λ - y||, log ||L x_λ||) for λ ascending: P. Hansen's L-curve.
template <class Scalar>
std::vector<TradeOff> l_curve(LeastSquaresSolver<Scalar>& solver, const Tensor<Scalar>& y,
                              const LambdaOptions& options = {});

extern template LambdaChoice gcv_lambda(LeastSquaresSolver<double>&, const Tensor<double>&, const LambdaOptions&);
extern template LambdaChoice discrepancy_lambda(LeastSquaresSolver<double>&, const Tensor<double>&, double, double,
                                                const LambdaOptions&);
extern template std::vector<TradeOff> l_curve(LeastSquaresSolver<double>&, const Tensor<double>&, const LambdaOptions&);
extern template LambdaChoice gcv_lambda(LeastSquaresSolver<std::complex<double>>&, const Tensor<std::complex<double>>&,
                                        const LambdaOptions&);
extern template LambdaChoice discrepancy_lambda(LeastSquaresSolver<std::complex<double>>&,
                                                const Tensor<std::complex<double>>&, double, double,
                                                const LambdaOptions&);
extern template std::vector<TradeOff> l_curve(LeastSquaresSolver<std::complex<double>>&,
                                              const Tensor<std::complex<double>>&, const LambdaOptions&);

} // namespace convmat
