#pragma once

#include <convmat/identities/catalogue.hpp>

namespace convmat::identities {

/// A small random layer with integer weights and data, the same for the same rank and seed on every machine.
/// Consecutive seeds go through the kinds of layer that identities speak of (valid, same, full, periodic, mirrored,
/// causal, tiling, separable, depthwise, 1x1, transposed, ... and any mixture of all parameters), so that any ten in a
/// row of each rank from 1 to 4 meet the condition of every identity. Throws ArgumentError unless 1 <= rank <=
/// 4.
IdentityCase<std::int64_t> random_case(Index rank, std::uint64_t seed);

} // namespace convmat::identities
