#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include <convmat/base/tensor.hpp>

namespace convmat {

/// A PNG as (C, H, W) with values from 0 to 255: C = 1 for grey, 3 for red, green, blue; transparency is dropped.
/// Palettes and 1, 2, 4 bit greys are expanded; a 16 bit sample v is v / 257, not rounded; gamma is left as it is.
/// Throws FileError for what is no sound PNG, and before allocating for extents the file cannot hold.
Tensor<double> read_png(const std::filesystem::path& path);

/// Writes an 8 bit PNG: grey for (H, W) or (1, H, W), colour for (3, H, W). Values are rounded, halves away from zero,
/// and clamped to 0..255; NaN and infinities become 0. Throws ShapeError for any other shape (also without pixels),
/// FileError when the file cannot be written.
void write_png(const std::filesystem::path& path, const Tensor<double>& image);

/// The bytes that write_png() would write. Throws ShapeError as it does.
std::vector<std::uint8_t> encode_png(const Tensor<double>& image);

} // namespace convmat
