#pragma once

#include <functional>
#include <vector>

#include <convmat/base/tensor.hpp>

namespace convmat::cli {

// One axis of a separable kernel, k values each.
std::vector<double> box_profile(Index k);                    ///< 1/k
std::vector<double> binomial_profile(Index k);               ///< (k-1 over i) / 2^(k-1)
std::vector<double> bilinear_profile(Index k);               ///< 1 - |i - middle| / ceil(k/2): interpolates by k/2
std::vector<double> gaussian_profile(Index k, double sigma); ///< exp(-(i - (k-1)/2)^2 / (2 sigma^2)), sum 1

/// The product of one profile an axis: K[t] = p(t_1) ... p(t_D). Throws SizeError before allocating what cannot fit.
Tensor<double> separable(const Shape& extents, const std::function<std::vector<double>(Index)>& profile);

/// 1 at position (k-1)/2 of every axis.
Tensor<std::int64_t> delta(const Shape& extents);

/// A line of the given length through the middle, `angle` counter-clockwise from horizontal in radians, sum 1; the
/// smallest odd extents that hold it.
Tensor<double> motion(double length, double angle);

} // namespace convmat::cli
