#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include <convmat/io/image.hpp>
#include <convmat/matrix_free/conv_operator.hpp>
#include <convmat/solve/lambda.hpp>

#include "demo.hpp"
#include "named_kernels.hpp"
#include "noise.hpp"
#include "output.hpp"
#include "picture_file.hpp"

namespace convmat::cli {
namespace {

namespace fs = std::filesystem;
using Image = Tensor<double>; // (1, H, W), 0 to 255

constexpr double noise = 2; // standard deviation, in grey levels

Image grey_of(const fs::path& path) {
    const Image image = read_png(path);
    const Index channels = image.shape()[0];
    Image grey({1, image.shape()[1], image.shape()[2]});
    for (Index c = 0; c < channels; ++c)
        for (Index i = 0; i < grey.size(); ++i) grey[i] += image[c * grey.size() + i] / static_cast<double>(channels);
    return grey;
}

Image motion_kernel() {
    Image blur = motion(9, std::numbers::pi / 4);
    const Shape shape = blur.shape();
    return std::move(blur).reshaped({1, 1, shape[0], shape[1]});
}

ConvGeometry blur_of(const Image& image, const Image& kernel) {
    const Index rows = kernel.shape()[2], cols = kernel.shape()[3];
    return ConvGeometry({.input = {image.shape()[1], image.shape()[2]},
                         .kernel = {rows, cols},
                         .padding = {{rows / 2, rows - 1 - rows / 2}, {cols / 2, cols - 1 - cols / 2}},
                         .boundary = {Boundary::half_symmetric}});
}

Image blurred_with_noise(const ConvGeometry& geometry, const Image& kernel, const Image& image) {
    Image y(geometry.output_shape());
    ConvOperator<double>(geometry, kernel).apply(image.data(), y.data());
    add_noise(y.values(), noise, 1);
    return y;
}

// Peak signal to noise ratio, in decibels.
double psnr(const Image& image, const Image& truth) {
    const double squares = (image.vec() - truth.vec()).squaredNorm() / static_cast<double>(truth.size());
    return 10 * std::log10(255 * 255 / squares);
}

struct Restored {
    LambdaChoice choice;
    LeastSquares<double> found;
};

Restored restored(const ConvGeometry& geometry, const Image& kernel, const Image& y) {
    Progress progress("restoring");
    const auto show = [&](Index step, double left) {
        progress.update(fmt::format("restoring, step {}: the normal equations hold to {:.2g}", step, left));
    };
    LeastSquaresSolver<double> solver(
        geometry, kernel, {.lambda = 0.1, .penalty = Penalty::gradient, .tolerance = 1e-5, .progress = show});
    LambdaChoice choice = gcv_lambda(solver, y, {.least = 1e-2, .most = 1, .points = 5});
    solver.set_lambda(choice.lambda);
    return {std::move(choice), solver.solve(y)};
}

} // namespace

bool demo_restoration(const fs::path& path, Gallery& gallery) {
    const Image truth = grey_of(path), kernel = motion_kernel();
    const ConvGeometry geometry = blur_of(truth, kernel);
    print(fmt::format("\n3. The blurred photograph, with noise of {} grey levels (seed 1), restored: "
                      "min ||W x - y||^2 + lambda^2 ||gradient of x||^2\n",
                      noise));
    const Image y = blurred_with_noise(geometry, kernel, truth);
    const auto [choice, found] = restored(geometry, kernel, y);
    const double before = psnr(y, truth), after = psnr(found.x, truth);
    print(fmt::format("  lambda = {:.3g} by {}\n  method {}: {}\n", choice.lambda, choice.method,
                      to_string(found.method), found.reason));
    print(fmt::format("  {} steps, normal residual {:.1e} of the right-hand side, {:.2g} s\n", found.iterations,
                      found.relative_normal_residual, found.seconds));
    print(fmt::format("  PSNR: blurred {:.2f} dB, restored {:.2f} dB\n", before, after));
    const fs::path picture = gallery.folder / "restoration.png";
    const Figure photographs = {
        .title = fmt::format("A motion blur of 9 pixels and its undoing, lambda = {:.3g}", choice.lambda),
        .rows = {{ImagePanel{.title = "x, the photograph", .png = encode_png(truth)},
                  ImagePanel{.title = fmt::format("y = W x + noise: {:.2f} dB", before), .png = encode_png(y)},
                  ImagePanel{.title = fmt::format("restored from y: {:.2f} dB", after), .png = encode_png(found.x)}}}};
    write_figure(gallery.files, picture, photographs);
    write_image(gallery.files, gallery.folder / "restored.png", found.x);
    print(fmt::format("  {}: the photograph, blurred with noise, restored\n  {}: the restored one alone\n",
                      picture.string(), (gallery.folder / "restored.png").string()));
    const bool right = found.converged && found.relative_normal_residual <= 1e-5;
    if (!right) print("  NOT restored: the normal equations do not hold\n");
    return right;
}

} // namespace convmat::cli
