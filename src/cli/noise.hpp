#pragma once

#include <cstdint>
#include <span>

namespace convmat::cli {

/// Adds normally distributed noise of the given standard deviation; the seed decides all of it.
void add_noise(std::span<double> values, double deviation, std::uint64_t seed);

} // namespace convmat::cli
