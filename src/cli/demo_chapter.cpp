#include <utility>

#include <Eigen/Core>
#include <fmt/format.h>

#include <convmat/reference/loops.hpp>

#include "demo.hpp"
#include "matrices.hpp"
#include "output.hpp"

namespace convmat::cli {
namespace {

using Integers = Tensor<std::int64_t>;

std::string matrix_text(const Integers& image) {
    const Eigen::Map<const Eigen::Matrix<std::int64_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>> matrix(
        image.data(), image.shape()[image.shape().size() - 2], image.shape().back());
    return concat(matrix.format(Eigen::IOFormat(Eigen::StreamPrecision, 0, " ", "\n", "    ", "", "", "")), '\n');
}

bool report(const std::string& title, const Integers& found, const Integers& by_loops, const Integers& printed) {
    const bool equal = found == by_loops && found == printed;
    print(fmt::format("\n{}\n{}    {}\n", title, matrix_text(found),
                      equal ? "equal to the loops, and to the numbers the chapter prints" : "FAILED: not equal"));
    return equal;
}

// The chapter's transposed layers: X as stated, W from the transposed layer's numbers, Z = W^T X.
bool transposed(const std::string& title, const TransposedSpec& spec, const Integers& x, const Integers& kernel,
                const Integers& printed) {
    const ConvGeometry geometry = ConvGeometry::from_transposed(spec);
    Integers z(geometry.input_shape());
    z.vec() = matrix_of(ConvPattern(geometry, Form::transpose), kernel) * x.vec();
    return report(title, z, reference::transpose(geometry, kernel, x), printed);
}

bool convolution(const Integers& kernel) {
    const ConvGeometry geometry({.input = {3, 3}, .kernel = {2, 2}});
    const Integers x({1, 3, 3}, {0, 1, 2, 3, 4, 5, 6, 7, 8});
    const auto w = matrix_of(ConvPattern(geometry), kernel);
    Integers dense({4, 9});
    for (Index row = 0; row < 4; ++row)
        for (Index col = 0; col < 9; ++col) dense[row * 9 + col] = w.coeff(row, col);
    Integers y(geometry.output_shape());
    y.vec() = w * x.vec();
    print("\nW = kernel2matrix(K): 4 x 9, a row for each output, a column for each input\n" + matrix_text(dense));
    const Integers printed_w({4, 9}, {0, 1, 0, 2, 3, 0, 0, 0, 0, 0, 0, 1, 0, 2, 3, 0, 0, 0,
                                      0, 0, 0, 0, 1, 0, 2, 3, 0, 0, 0, 0, 0, 0, 1, 0, 2, 3});
    print(dense == printed_w ? "    as the chapter prints it\n" : "    FAILED: not as the chapter prints it\n");
    const bool equal = report("Y = corr2d(X, K) = W X for X = 0 .. 8", y, reference::convolve(geometry, kernel, x),
                              Integers({1, 2, 2}, {19, 25, 37, 43}));
    return equal && dense == printed_w;
}

} // namespace

bool demo_chapter() {
    const Integers x({1, 2, 2}, {0, 1, 2, 3});
    const Integers kernel({1, 1, 2, 2}, {0, 1, 2, 3});
    print("1. The chapter's cells, with K = 0 1; 2 3\n");
    bool equal = convolution(kernel);
    equal &= transposed("Z = trans_conv(X, K) = W^T X for X = 0 1; 2 3", {.input = {2, 2}, .kernel = {2, 2}}, x, kernel,
                        Integers({1, 3, 3}, {0, 0, 1, 0, 4, 6, 4, 12, 9}));
    equal &= transposed("with padding 1, which crops", {.input = {2, 2}, .kernel = {2, 2}, .padding = {{1, 1}}}, x,
                        kernel, Integers({1, 1, 1}, {4}));
    equal &= transposed("with stride 2", {.input = {2, 2}, .kernel = {2, 2}, .stride = {2}}, x, kernel,
                        Integers({1, 4, 4}, {0, 0, 0, 1, 0, 0, 2, 3, 0, 2, 0, 3, 4, 6, 6, 9}));
    const ConvGeometry layer({.input = {16, 16},
                              .kernel = {5, 5},
                              .in_channels = 10,
                              .out_channels = 20,
                              .stride = {3},
                              .padding = {{2, 2}}});
    print(fmt::format("\n10 -> 20 channels, kernel 5, padding 2, stride 3: {} -> {}, and its transpose leads back\n",
                      to_string(layer.input_shape()), to_string(layer.output_shape())));
    return equal;
}

} // namespace convmat::cli
