#pragma once

#include <convmat/solve/least_squares.hpp>

/// Options that mean something; ArgumentError names the first that does not.
namespace convmat::solve {

void require_lambda(double lambda);
void require_valid(const LeastSquaresOptions& options);
void require_valid(const ProbeOptions& options);

} // namespace convmat::solve
