#include "matrix_pictures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace convmat::cli {
namespace {

using Matrix = Eigen::SparseMatrix<std::int64_t, Eigen::RowMajor>;

Tensor<double> white(Index height, Index width) {
    Tensor<double> image({height, width});
    std::ranges::fill(image.values(), 255.0);
    return image;
}

double largest_magnitude(const Matrix& matrix) {
    std::int64_t most = 1;
    for (Index i = 0; i < matrix.nonZeros(); ++i) most = std::max(most, std::abs(matrix.valuePtr()[i]));
    return static_cast<double>(most);
}

} // namespace

Tensor<double> entries_picture(const Matrix& matrix, Index most, Index zoom) {
    const Index height = std::min(matrix.rows(), most);
    const Index width = std::min(matrix.cols(), most);
    const double largest = largest_magnitude(matrix);
    Tensor<double> image = white(height * zoom, width * zoom);
    for (Index row = 0; row < height; ++row)
        for (Matrix::InnerIterator entry(matrix, row); entry; ++entry) {
            if (entry.col() >= width) continue;
            const double grey = 200 * (1 - static_cast<double>(std::abs(entry.value())) / largest);
            for (Index i = 0; i < zoom; ++i)
                std::fill_n(image.data() + (row * zoom + i) * width * zoom + entry.col() * zoom, zoom, grey);
        }
    return image;
}

Tensor<double> overview_picture(const Matrix& matrix, Index size) {
    const auto pixel = [size](Index at, Index extent) { return std::min(at * size / extent, size - 1); };
    Tensor<double> counts({size, size});
    for (Index row = 0; row < matrix.rows(); ++row)
        for (Matrix::InnerIterator entry(matrix, row); entry; ++entry)
            counts[pixel(row, matrix.rows()) * size + pixel(entry.col(), matrix.cols())] += 1;
    const double most = std::max(1.0, std::ranges::max(counts.values()));
    for (double& count : counts.values()) count = count == 0 ? 255 : 180 * (1 - count / most);
    return counts;
}

} // namespace convmat::cli
