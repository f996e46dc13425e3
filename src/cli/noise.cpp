#include "noise.hpp"

#include <random>

namespace convmat::cli {

void add_noise(std::span<double> values, double deviation, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal(0, deviation);
    for (double& value : values) value += normal(random);
}

} // namespace convmat::cli
