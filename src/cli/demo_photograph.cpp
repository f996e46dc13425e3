#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <numeric>

#include <fmt/format.h>

#include <convmat/io/image.hpp>
#include <convmat/picture/spy.hpp>
#include <convmat/picture/steps.hpp>
#include <convmat/reference/loops.hpp>

#include "compare.hpp"
#include "demo.hpp"
#include "matrices.hpp"
#include "named_kernels.hpp"
#include "output.hpp"
#include "picture_file.hpp"

namespace convmat::cli {
namespace {

namespace fs = std::filesystem;
using Integers = Tensor<std::int64_t>;
using Matrix = Eigen::SparseMatrix<std::int64_t, Eigen::RowMajor>;

// Grey pixels as integers, so that every comparison is exact; of colours, their mean.
Integers grey_image(const fs::path& path) {
    const Tensor<double> image = read_png(path);
    const Index channels = image.shape()[0];
    Integers grey({1, image.shape()[1], image.shape()[2]});
    for (Index i = 0; i < grey.size(); ++i) {
        double sum = 0;
        for (Index c = 0; c < channels; ++c) sum += image[c * grey.size() + i];
        grey[i] = std::llround(sum / static_cast<double>(channels));
    }
    return grey;
}

// The motion blur in 256ths.
Integers blur_kernel() {
    const Tensor<double> blur = motion(9, std::numbers::pi / 4);
    Integers kernel({1, 1, blur.shape()[0], blur.shape()[1]});
    for (Index i = 0; i < kernel.size(); ++i) kernel[i] = std::llround(256 * blur[i]);
    return kernel;
}

ConvGeometry same_size(const Integers& image, const Integers& kernel) {
    ConvSpec spec = {.input = {image.shape()[1], image.shape()[2]}, .kernel = {kernel.shape()[2], kernel.shape()[3]}};
    for (const Index k : spec.kernel) spec.padding.push_back({k / 2, k / 2});
    spec.boundary = {Boundary::half_symmetric};
    return ConvGeometry(spec);
}

// Brought back to grey levels: every weight is a multiple of 1 / sum.
Tensor<double> scaled(const Integers& image, std::int64_t sum) {
    Tensor<double> result({image.shape()[1], image.shape()[2]});
    for (Index i = 0; i < image.size(); ++i) result[i] = static_cast<double>(image[i]) / static_cast<double>(sum);
    return result;
}

struct Timed {
    Matrix matrix;
    double milliseconds = 0;
};

Timed timed_matrix(const ConvGeometry& geometry, const Integers& kernel) {
    const auto start = std::chrono::steady_clock::now();
    Timed timed = {matrix_of(ConvPattern(geometry), kernel), 0};
    timed.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    return timed;
}

bool compared(const char* what, const Integers& found, const Integers& by_loops) {
    const auto result = compare<std::int64_t>(what, ScalarKind::int64, found.values(), by_loops.values());
    print("  " + line_of(result) + "\n");
    return result.ok();
}

void save(Gallery& gallery, const char* name, const Tensor<double>& image, const char* about) {
    const fs::path path = gallery.folder / name;
    write_image(gallery.files, path, image);
    print(fmt::format("  {}: {}\n", path.string(), about));
}

void save_figure(Gallery& gallery, const char* name, const Figure& figure, const char* about) {
    const fs::path path = gallery.folder / name;
    write_figure(gallery.files, path, figure);
    print(fmt::format("  {}: {}\n", path.string(), about));
}

void save_matrix_pictures(const ConvGeometry& geometry, const Integers& kernel, Gallery& gallery) {
    save_figure(gallery, "matrix.png", spy(geometry, kernel), "all of W, then closer and closer to its middle");
    const ConvGeometry small = same_size(Integers({1, 10, 10}), kernel);
    save_figure(gallery, "matrix-small.svg", spy(small, kernel),
                "all of W for an image of 10 x 10: bands within bands");
    save_figure(gallery, "row.svg", row_figure(small, kernel, 44), "one row of that W, and the window it reads");
}

} // namespace

bool demo_photograph(const fs::path& path, Gallery& gallery) {
    const Integers image = grey_image(path);
    const Integers kernel = blur_kernel();
    const std::int64_t sum = std::accumulate(kernel.values().begin(), kernel.values().end(), std::int64_t{0});
    const ConvGeometry geometry = same_size(image, kernel);
    print(fmt::format("\n2. A photograph, {}: {}, through a motion blur of 9 pixels at 45 degrees, half_symmetric\n",
                      path.string(), to_string(image.shape())));
    const Timed w = timed_matrix(geometry, kernel);
    print(fmt::format("  W: {} x {}, {} nonzeros, {} bytes, built in {:.3g} ms\n", w.matrix.rows(), w.matrix.cols(),
                      w.matrix.nonZeros(), w.matrix.nonZeros() * 12 + (w.matrix.rows() + 1) * 4, w.milliseconds));
    Integers y(geometry.output_shape());
    Integers z(geometry.input_shape());
    y.vec() = w.matrix * image.vec();
    z.vec() = w.matrix.transpose() * y.vec();
    bool equal = compared("W x = loops", y, reference::convolve(geometry, kernel, image));
    equal &= compared("W^T y = loops", z, reference::transpose(geometry, kernel, y));
    save(gallery, "input.png", scaled(image, 1), "the photograph x");
    save(gallery, "output.png", scaled(y, sum), "W x, blurred");
    save(gallery, "adjoint.png", scaled(z, sum * sum), "W^T W x, blurred once more, the other way round");
    save_matrix_pictures(geometry, kernel, gallery);
    return equal;
}

} // namespace convmat::cli
