#pragma once

#include <array>
#include <string>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>

namespace convmat::bench {

struct Layer {
    std::string name;
    ConvSpec spec;
};

/// The layers the figures are stated for. All are zero-padded to 'same'.
inline std::array<Layer, 5> layers() {
    return {{
        {"1x512x512_k5", {.input = {512, 512}, .kernel = {5, 5}, .padding = {{2, 2}}}},
        {"1x2048x2048_k5", {.input = {2048, 2048}, .kernel = {5, 5}, .padding = {{2, 2}}}},
        {"3to16_256x256_k3",
         {.input = {256, 256}, .kernel = {3, 3}, .in_channels = 3, .out_channels = 16, .padding = {{1, 1}}}},
        {"16to32_64x64_k3_s2",
         {.input = {64, 64},
          .kernel = {3, 3},
          .in_channels = 16,
          .out_channels = 32,
          .stride = {2},
          .padding = {{1, 1}}}},
        {"64to64_56x56_k3",
         {.input = {56, 56}, .kernel = {3, 3}, .in_channels = 64, .out_channels = 64, .padding = {{1, 1}}}},
    }};
}

/// Weights 1, 2, 3, ...: no value is special.
inline Tensor<double> weights(const ConvGeometry& geometry) {
    Tensor<double> kernel(geometry.kernel_shape());
    for (Index i = 0; i < kernel.size(); ++i) kernel[i] = static_cast<double>(i + 1);
    return kernel;
}

} // namespace convmat::bench
