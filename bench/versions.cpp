// Times of what a caller waits for, in seconds, a line each: what versions.py compares between two installed versions.
#include <chrono>
#include <cmath>
#include <cstdio>

#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/matrix_free/conv_operator.hpp>
#include <convmat/solve/least_squares.hpp>
#include <convmat/spectrum/singular_values.hpp>

namespace {

using namespace convmat;

template <class S>
Tensor<S> waves(Shape shape) {
    Tensor<S> values(std::move(shape));
    for (Index i = 0; i < values.size(); ++i)
        values[i] = static_cast<S>(std::cos(1.7 * static_cast<double>(i * i + 1)));
    return values;
}

// The least of a few times: what disturbs only adds.
template <class Body>
void time(const char* name, int repetitions, const Body& body) {
    using Clock = std::chrono::steady_clock;
    double least = INFINITY;
    for (int i = 0; i < repetitions; ++i) {
        const auto start = Clock::now();
        body();
        least = std::min(least, std::chrono::duration<double>(Clock::now() - start).count());
    }
    std::printf("%s %.9f\n", name, least);
}

} // namespace

int main() {
    const ConvGeometry layer(
        {.input = {56, 56}, .kernel = {3, 3}, .in_channels = 64, .out_channels = 64, .padding = {{1, 1}}});
    const ConvGeometry image({.input = {256, 256}, .kernel = {5, 5}, .padding = {{2, 2}}});
    const ConvGeometry torus(
        {.input = {512, 512}, .kernel = {5, 5}, .padding = {{2, 2}}, .boundary = {Boundary::periodic}});
    const ConvGeometry channels(
        {.input = {32, 32}, .kernel = {3, 3}, .in_channels = 16, .out_channels = 16, .padding = {{1, 1}}});
    const auto weights = waves<float>(layer.kernel_shape());
    const auto kernel = waves<double>(image.kernel_shape());
    time("build_64x64_56x56_k3_float", 7, [&] { kernel2matrix(layer, weights); });
    time("build_256x256_k5_double", 15, [&] { kernel2matrix(image, kernel); });
    const ConvOperator<float> op(layer, weights);
    const auto x = waves<float>(layer.input_shape());
    Tensor<float> y(layer.output_shape());
    time("operator_64x64_56x56_k3_float", 25, [&] { op.apply(x.data(), y.data()); });
    const ConvOperator<double> blur(torus, kernel);
    const auto picture = waves<double>(torus.input_shape());
    Tensor<double> blurred(torus.output_shape());
    time("operator_512x512_k5_double", 50, [&] { blur.apply(picture.data(), blurred.data()); });
    time("solve_fft_512x512_k5", 7, [&] { solve_least_squares(torus, kernel, blurred, {.lambda = 0.1}); });
    const auto small = waves<double>(image.output_shape());
    time("solve_lsqr_256x256_k5", 3,
         [&] { solve_least_squares(image, kernel, small, {.lambda = 0.3, .method = SolveMethod::lsqr}); });
    time("solve_cholmod_256x256_k5", 2,
         [&] { solve_least_squares(image, kernel, small, {.lambda = 0.3, .method = SolveMethod::cholmod}); });
    const auto mixed = waves<double>(channels.kernel_shape());
    time("norm_16x16_32x32_k3", 3, [&] { largest_singular_triplets(channels, mixed, 1); });
    time("all_values_512x512_k5_periodic", 5, [&] { singular_values(torus, kernel); });
}
