#include "named_kernels.hpp"

#include <cmath>
#include <numeric>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>

namespace convmat::cli {
namespace {

void normalise(std::span<double> values) {
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    for (double& value : values) value /= sum;
}

template <class F>
std::vector<double> profile_of(Index k, const F& f) {
    std::vector<double> profile;
    for (Index i = 0; i < k; ++i) profile.push_back(f(static_cast<double>(i)));
    return profile;
}

Index reach(double half_length) { return static_cast<Index>(std::ceil(half_length - 1e-9)); }

// Shares `weight` among the four pixels around (row, column), by their distance.
void deposit(Tensor<double>& image, double row, double column, double weight) {
    const double top = std::floor(row);
    const double left = std::floor(column);
    const Index height = image.shape()[0];
    const Index width = image.shape()[1];
    for (const Index i : {Index{0}, Index{1}})
        for (const Index j : {Index{0}, Index{1}}) {
            const Index r = static_cast<Index>(top) + i;
            const Index c = static_cast<Index>(left) + j;
            const double share =
                (1 - std::abs(row - static_cast<double>(r))) * (1 - std::abs(column - static_cast<double>(c)));
            if (r >= 0 && r < height && c >= 0 && c < width) image[r * width + c] += weight * share;
        }
}

} // namespace

std::vector<double> box_profile(Index k) {
    return std::vector<double>(static_cast<std::size_t>(k), 1 / static_cast<double>(k));
}

std::vector<double> binomial_profile(Index k) {
    std::vector<double> row = {1};
    for (Index i = 1; i < k; ++i) { // Pascal's triangle, each row halved: halving is exact
        row.push_back(0);
        for (std::size_t j = row.size() - 1; j > 0; --j) row[j] = (row[j] + row[j - 1]) / 2;
        row[0] /= 2;
    }
    return row;
}

std::vector<double> bilinear_profile(Index k) {
    const auto factor = static_cast<double>((k + 1) / 2);
    const double middle = static_cast<double>(k - 1) / 2;
    return profile_of(k, [&](double i) { return 1 - std::abs(i - middle) / factor; });
}

std::vector<double> gaussian_profile(Index k, double sigma) {
    const double middle = static_cast<double>(k - 1) / 2;
    const double nearest = k % 2 == 0 ? 0.5 : 0; // its exponent is taken from all: the largest value is 1 for any sigma
    auto profile = profile_of(k, [&](double i) {
        const double distance = (i - middle) * (i - middle) - nearest * nearest;
        return std::exp(-distance / sigma / sigma / 2);
    });
    normalise(profile);
    return profile;
}

Tensor<double> separable(const Shape& extents, const std::function<std::vector<double>(Index)>& profile) {
    const Index size = checked_product(extents, "kernel");
    require_memory(checked_mul(size, 2 * Index{sizeof(double)}, "kernel"), "kernel");
    std::vector<double> product = {1};
    for (const Index k : extents) {
        const std::vector<double> line = profile(k);
        std::vector<double> next;
        next.reserve(product.size() * line.size());
        for (const double slower : product)
            for (const double faster : line) next.push_back(slower * faster);
        product = std::move(next);
    }
    return Tensor<double>(extents, std::move(product));
}

Tensor<std::int64_t> delta(const Shape& extents) {
    Tensor<std::int64_t> kernel(extents);
    Index middle = 0;
    for (const Index k : extents) middle = middle * k + (k - 1) / 2;
    kernel[middle] = 1;
    return kernel;
}

Tensor<double> motion(double length, double angle) {
    const double half = (length - 1) / 2;
    const Index up = reach(half * std::abs(std::sin(angle)));
    const Index right = reach(half * std::abs(std::cos(angle)));
    Tensor<double> kernel({2 * up + 1, 2 * right + 1});
    const auto steps = static_cast<Index>(std::ceil(8 * half));
    for (Index i = -steps; i <= steps; ++i) {
        const double t = steps == 0 ? 0 : half * static_cast<double>(i) / static_cast<double>(steps);
        deposit(kernel, static_cast<double>(up) - t * std::sin(angle), static_cast<double>(right) + t * std::cos(angle),
                1);
    }
    normalise(kernel.values());
    return kernel;
}

} // namespace convmat::cli
