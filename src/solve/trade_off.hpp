#pragma once

#include "problem.hpp"

namespace convmat::solve {

/// What a λ costs, as a function of λ, by the best that is known of the spectrum of A:
///
/// | known                               | residual, ||L x||, freedom                                 |
/// |-------------------------------------|------------------------------------------------------------|
/// | the SVD by structure, or A is small | exact sums                                                 |
/// | L = I                               | a quadrature in the spectrum, one for all λ                |
/// | nothing                             | of solutions, for y and for random signs; once for every λ |
///
/// The problem has to outlive it, and is left as it is.
template <class S>
std::function<TradeOff(double)> trade_off(Problem<S>& problem, const Tensor<S>& y, const ProbeOptions& options);

} // namespace convmat::solve
