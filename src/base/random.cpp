#include <convmat/base/random.hpp>

#include <random>

namespace convmat {

Tensor<std::int64_t> random_integers(const Shape& shape, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    Tensor<std::int64_t> integers(shape);
    for (std::int64_t& value : integers.values()) value = static_cast<std::int64_t>(random() % 19) - 9;
    return integers;
}

} // namespace convmat
