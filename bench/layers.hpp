#pragma once

#include <string>
#include <vector>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>

namespace convmat::bench {

struct Layer {
    std::string name;
    ConvSpec spec;
};

/// The layers that building W is measured on. All are zero-padded to 'same'.
inline std::vector<Layer> layers() {
    return {
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
    };
}

/// Layers of networks in use, as their convolution W; the transposed layers among them (named T) are its transpose.
inline std::vector<Layer> real_layers() {
    const auto square = [](std::string name, Index n, Index k, Index in, Index out, Index stride, Index padding,
                           Index groups = 1) {
        return Layer{std::move(name),
                     {.input = {n, n},
                      .kernel = {k, k},
                      .in_channels = in,
                      .out_channels = out,
                      .groups = groups,
                      .stride = {stride},
                      .padding = {{padding, padding}}}};
    };
    return {
        square("resnet50_conv1_7x7s2", 224, 7, 3, 64, 2, 3),
        square("resnet50_3x3_56", 56, 3, 64, 64, 1, 1),
        square("resnet50_3x3s2_56", 56, 3, 128, 128, 2, 1),
        square("resnet50_3x3_28", 28, 3, 128, 128, 1, 1),
        square("resnet50_3x3_14", 14, 3, 256, 256, 1, 1),
        square("resnet50_3x3_7", 7, 3, 512, 512, 1, 1),
        square("resnet50_1x1_64to256_56", 56, 1, 64, 256, 1, 0),
        square("resnet50_1x1_256to64_56", 56, 1, 256, 64, 1, 0),
        square("resnet50_1x1_512to128_28", 28, 1, 512, 128, 1, 0),
        square("resnet50_1x1_256to1024_14", 14, 1, 256, 1024, 1, 0),
        square("resnet50_1x1_2048to512_7", 7, 1, 2048, 512, 1, 0),
        square("resnet50_1x1s2_256to512_56", 56, 1, 256, 512, 2, 0),
        square("mobilenet_dw_112", 112, 3, 32, 32, 1, 1, 32),
        square("mobilenet_dws2_112", 112, 3, 64, 64, 2, 1, 64),
        square("mobilenet_dw_14", 14, 3, 512, 512, 1, 1, 512),
        square("mobilenet_dw_7", 7, 3, 1024, 1024, 1, 1, 1024),
        square("vgg_3x3_112", 112, 3, 64, 128, 1, 1),
        square("resnext_g32_28", 28, 3, 256, 256, 1, 1, 32),
        square("unet_T_2x2s2_64", 128, 2, 64, 128, 2, 0),
        square("unet_T_2x2s2_256", 32, 2, 256, 512, 2, 0),
        square("dcgan_T_4x4s2_512to256_8", 16, 4, 256, 512, 2, 1),
        square("dcgan_T_4x4s2_128to64_32", 64, 4, 64, 128, 2, 1),
        square("dcgan_T_4x4s2_64to3_64", 64, 4, 3, 64, 2, 1),
        {"unet3d_3x3x3_32",
         {.input = {32, 32, 32}, .kernel = {3, 3, 3}, .in_channels = 32, .out_channels = 32, .padding = {{1, 1}}}},
        {"wavenet_1d_d8",
         {.input = {16000},
          .kernel = {3},
          .in_channels = 64,
          .out_channels = 64,
          .dilation = {8},
          .padding = {{8, 8}}}},
    };
}

/// One channel of growing images, and growing channels of one image.
inline std::vector<Layer> growing_layers() {
    std::vector<Layer> layers;
    for (Index n = 64; n <= 4096; n *= 2)
        layers.push_back({"image_" + std::to_string(n), {.input = {n, n}, .kernel = {3, 3}, .padding = {{1, 1}}}});
    for (Index c = 1; c <= 256; c *= 4)
        layers.push_back(
            {"channels_" + std::to_string(c),
             {.input = {28, 28}, .kernel = {3, 3}, .in_channels = c, .out_channels = c, .padding = {{1, 1}}}});
    return layers;
}

/// Weights 1, 2, 3, ...: no value is special.
inline Tensor<double> weights(const ConvGeometry& geometry) {
    Tensor<double> kernel(geometry.kernel_shape());
    for (Index i = 0; i < kernel.size(); ++i) kernel[i] = static_cast<double>(i + 1);
    return kernel;
}

} // namespace convmat::bench
