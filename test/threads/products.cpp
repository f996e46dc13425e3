// What several threads may do at once with layers and files: one operator and one pattern shared by all of them, and
// files written and read side by side. Built with -fsanitize=thread by scripts/threads.
#include <filesystem>
#include <string>

#include <unistd.h>

#include <convmat/convmat.hpp>
#include <convmat/io/image.hpp>
#include <convmat/io/matrix_market.hpp>
#include <convmat/io/npy.hpp>
#include <convmat/io/npz.hpp>

#include "../support/random_layer.hpp"
#include "side_by_side.hpp"

namespace {

using namespace convmat;
using test::side_by_side;
using Matrix = Eigen::SparseMatrix<double, Eigen::RowMajor>;

constexpr int threads = 6;

// Each map is packed when it is first used: by whichever thread comes first.
bool one_operator(const ConvGeometry& geometry, const Tensor<double>& kernel, const Tensor<double>& x,
                  const Tensor<double>& y) {
    const ConvOperator<double> shared(geometry, kernel);
    const Matrix matrix = kernel2matrix(geometry, kernel);
    const Eigen::VectorXd forward = matrix * x.vec(), back = matrix.transpose() * y.vec();
    return side_by_side(threads, [&](int i) {
        const ConvOperator<double> W = i % 3 == 0 ? shared : i % 3 == 1 ? shared.transpose() : shared.adjoint();
        bool right = true;
        for (int again = 0; again < 2; ++again) {
            const Eigen::VectorXd own = i % 3 == 0 ? W * x.vec() : W * y.vec();
            const Eigen::VectorXd other = i % 3 == 0 ? W.transpose() * y.vec() : W.transpose() * x.vec();
            right = right && own == (i % 3 == 0 ? forward : back) && other == (i % 3 == 0 ? back : forward);
        }
        return right;
    });
}

bool one_pattern(const ConvGeometry& geometry, const Tensor<double>& kernel) {
    const ConvPattern<Eigen::RowMajor, int> pattern(geometry);
    const Matrix expected = kernel2matrix(geometry, kernel);
    return side_by_side(threads, [&](int) { return (pattern.matrix(kernel) - expected).norm() == 0; });
}

bool products() {
    test::RandomLayers random(1);
    bool right = true;
    for (int layer = 0; layer < test::share(48); ++layer) {
        const ConvGeometry geometry = random.geometry(layer % 4 + 1);
        const auto kernel = random.integers<double>(geometry.kernel_shape());
        const auto x = random.integers<double>(geometry.input_shape());
        const auto y = random.integers<double>(geometry.output_shape());
        right = one_operator(geometry, kernel, x, y) && one_pattern(geometry, kernel) && right;
    }
    return right;
}

bool files_of_one(const std::filesystem::path& folder, int i) {
    const auto name = [&](const char* end) { return folder / (std::to_string(i) + end); };
    Tensor<double> x({1, 4, 5});
    for (Index j = 0; j < x.size(); ++j) x[j] = static_cast<double>(10 * i + j);
    const ConvGeometry geometry({.input = {4, 5}, .kernel = {4, 5}, .padding = {{1, 1}, {1, 1}}});
    const StoredSparse<double> W =
        kernel2matrix<Eigen::RowMajor, std::int64_t>(geometry, Tensor<double>(x).reshaped({1, 1, 4, 5}));
    write_npy(name(".npy"), x);
    write_npy(folder / "all.npy", x);
    write_png(name(".png"), x);
    write_matrix_market(name(".mtx"), W);
    write_scipy_npz(name(".npz"), W);
    const auto same = [&](const AnySparse& read) { return (std::get<StoredSparse<double>>(read) - W).norm() == 0; };
    return std::get<Tensor<double>>(read_npy(name(".npy"))) == x && read_png(name(".png")) == x &&
           same(read_matrix_market(name(".mtx"))) && same(read_scipy_npz(name(".npz"))) &&
           std::get<Tensor<double>>(read_npy(folder / "all.npy")).shape() == x.shape();
}

bool files() {
    const auto folder = std::filesystem::temp_directory_path() / concat("convmat_threads_", getpid());
    std::filesystem::create_directory(folder);
    const bool right = side_by_side(threads, [&](int i) { return files_of_one(folder, i); });
    const auto count = std::distance(std::filesystem::directory_iterator(folder), {});
    std::filesystem::remove_all(folder);
    return right && count == 4 * threads + 1;
}

} // namespace

int main() {
    const bool first = test::told("products", products());
    return test::told("files", files()) && first ? 0 : 1;
}
