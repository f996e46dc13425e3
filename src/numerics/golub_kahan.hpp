#pragma once

#include <cstdint>

#include "dense_svd.hpp"
#include "linear_map.hpp"

namespace convmat::numerics {

/// When a triplet counts as found: when its error is small relative to the largest value, or relative to its own.
enum class Criterion { error_to_largest, error_to_own };

struct GolubKahanOptions {
    Index count = 1;         ///< triplets that are wanted
    double tolerance = 1e-8; ///< of the criterion
    Criterion criterion = Criterion::error_to_largest;
    Index most_steps = 3000; ///< products with A
    std::uint64_t seed = 1;
};

/// A v = σ u up to rounding, A^H u = σ v up to a residual.
template <class S>
struct RitzTriplets {
    std::vector<double> values; ///< the largest first
    std::vector<double> errors; ///< see below
    Dense<S> u;
    Dense<S> v;
    Index steps = 0;
};

/// The `count` largest singular triplets (fewer where A has fewer) by a block Golub-Kahan process with thick restarts
/// and full reorthogonalisation:
///
///     A V = U B,   A^H U = V B^H + V_next T E^H,   U^H U = I,  V^H V = I,  B upper triangular,
///
/// E the last columns of I. With B = P Θ Q^H, the Ritz triplet (U p, θ, V q) leaves A^H U p - θ V q = V_next T E^H p,
/// of norm r: a singular value lies within r of θ. That, and a small multiple of eps ||A|| for rounding, is the error.
/// (The sharper r²/gap is not used: a pair of values that the process has not told apart yet shows no gap, and real
/// layers have such pairs, one for the frequencies ω and -ω.) Blocks have two columns. For count > 1 the process starts
/// again once with random vectors orthogonal to those it found: it sees no more copies of a multiple value than blocks
/// have columns.
template <class S>
RitzTriplets<S> golub_kahan(const LinearMap<S>& map, const GolubKahanOptions& options);

} // namespace convmat::numerics
