#pragma once

#include <cstdint>

#include <convmat/base/tensor.hpp>

namespace convmat {

/// Integers from -9 to 9, the same for the same seed on every machine: data on which sums stay exact in every scalar.
Tensor<std::int64_t> random_integers(const Shape& shape, std::uint64_t seed);

} // namespace convmat
