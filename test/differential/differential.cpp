// Random layers by every route of the library, compared with == to loops of another hand (oracle.hpp):
// differential [LAYERS [SEED [FIRST [--spoil]]]]
// 400 of seed 1 unless said. Layer i of a seed is the same in every run: FIRST starts at a later one. --spoil changes
// the weights that the oracle sees, which must be found. Exit 0: all equal; 1: some are not, which are named.
#include <complex>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <variant>

#include <unistd.h>

#include <convmat/convmat.hpp>
#include <convmat/io/matrix_market.hpp>
#include <convmat/io/npz.hpp>

#include "../support/random_layer.hpp"
#include "drawn_layer.hpp"

namespace {

using namespace convmat;
using namespace convmat::differential;

struct Count {
    long layers = 0, refused = 0, products = 0, entries = 0, files = 0;
};

class Wrong : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

void require(bool holds, const char* what) {
    if (!holds) throw Wrong(what);
}

template <class S>
constexpr bool is_complex = requires(S s) {
    s.imag();
};

// Integers whose sums every scalar holds exactly: float has 24 bits for them.
template <class S>
S draw_value(Dice& dice) {
    if constexpr (is_complex<S>)
        return {draw_value<typename S::value_type>(dice), draw_value<typename S::value_type>(dice)};
    else
        return static_cast<S>(sizeof(S) == 4 ? dice.between(-2, 2) : dice.between(-9, 9));
}

template <class S>
Array<S> draw(Dice& dice, std::vector<long> shape) {
    Array<S> array(std::move(shape));
    for (S& value : array.values) value = draw_value<S>(dice);
    return array;
}

template <class S>
Tensor<S> tensor(const Array<S>& array) {
    return {Shape(array.shape.begin(), array.shape.end()), array.values};
}

template <class S>
bool same(const Tensor<S>& mine, const Array<S>& theirs) {
    return mine == tensor(theirs);
}

template <class S>
Array<S> conjugated(Array<S> array) {
    if constexpr (is_complex<S>)
        for (S& value : array.values) value = std::conj(value);
    return array;
}

// Everything a layer is compared in.
template <class S>
class Comparison {
  public:
    Comparison(const LayerNumbers& layer, Dice& dice, bool spoil, const std::filesystem::path& folder, Count& count)
        : layer_(layer),
          geometry_(geometry_of(layer)),
          kernel_(draw_kernel(dice)),
          x_(draw<S>(dice, shape_of(layer.in, layer, &AxisNumbers::n))),
          y_(draw<S>(dice, shape_of(layer.out, layer, &AxisNumbers::m))),
          K_(tensor(kernel_)),
          folder_(folder),
          count_(count) {
        if (spoil)
            for (S& weight : kernel_.values) weight += S(1);
        forward_.emplace(differential::convolve(layer, kernel_, x_));
        transposed_.emplace(differential::transpose(layer, kernel_, y_));
    }

    void all() {
        const auto W = kernel2matrix(geometry_, K_);
        const auto T = kernel2matrix_transpose<Eigen::ColMajor, std::int64_t>(geometry_, K_);
        require(same(times(W, x_, geometry_.output_shape()), *forward_), "W x by the matrix");
        require(same(times(T, y_, geometry_.input_shape()), *transposed_), "W^T y by the matrix");
        require(same(reference::convolve(geometry_, K_, tensor(x_)), *forward_), "W x by the reference");
        require(same(reference::transpose(geometry_, K_, tensor(y_)), *transposed_), "W^T y by the reference");
        by_operator();
        count_.products += 7;
        by_entries(W);
        by_files(W, T);
    }

  private:
    Array<S> draw_kernel(Dice& dice) {
        std::vector<long> shape = {layer_.out};
        for (const long extent : shape_of(layer_.in / layer_.groups, layer_, &AxisNumbers::k)) shape.push_back(extent);
        return draw<S>(dice, shape);
    }

    template <class Map>
    static Tensor<S> times(const Map& map, const Array<S>& x, const Shape& shape) {
        Tensor<S> y(shape);
        y.vec() = map * tensor(x).vec();
        return y;
    }

    void by_operator() {
        const ConvOperator<S> W(geometry_, K_);
        require(same(times(W, x_, geometry_.output_shape()), *forward_), "W x by the operator");
        require(same(times(W.transpose(), y_, geometry_.input_shape()), *transposed_), "W^T y by the operator");
        const auto adjoint = conjugated(differential::transpose(layer_, kernel_, conjugated(y_)));
        require(same(times(W.adjoint(), y_, geometry_.input_shape()), adjoint), "W^H y by the operator");
    }

    // Column by column, where the layer is small enough.
    template <class Matrix>
    void by_entries(const Matrix& W) {
        constexpr Index most = 400'000;
        if (W.cols() * W.rows() * geometry_.kernel_size() > most) return;
        const Eigen::SparseMatrix<S> columns = W;
        for (Index j = 0; j < W.cols(); ++j) {
            Array<S> unit(x_.shape);
            unit.values[static_cast<std::size_t>(j)] = S(1);
            Tensor<S> column(geometry_.output_shape());
            for (typename Eigen::SparseMatrix<S>::InnerIterator it(columns, j); it; ++it) column[it.row()] = it.value();
            require(same(column, differential::convolve(layer_, kernel_, unit)), "a column of W");
        }
        count_.entries += W.rows() * W.cols();
    }

    // What is read back is the matrix that was written, entry by entry.
    template <class Matrix, class Transposed>
    void by_files(const Matrix& W, const Transposed& T) {
        write_matrix_market(folder_ / "W.mtx", W);
        write_scipy_npz(folder_ / "W.npz", W);
        write_matrix_market(folder_ / "T.mtx", T);
        write_scipy_npz(folder_ / "T.npz", T);
        require(holds(read_matrix_market(folder_ / "W.mtx"), W), "W.mtx");
        require(holds(read_scipy_npz(folder_ / "W.npz"), W), "W.npz");
        require(holds(read_matrix_market(folder_ / "T.mtx"), T), "W^T in .mtx");
        require(holds(read_scipy_npz(folder_ / "T.npz"), T), "W^T in .npz");
        count_.files += 4;
    }

    template <class Matrix>
    static bool holds(const AnySparse& stored, const Matrix& matrix) {
        const StoredSparse<S> expected = matrix;
        return std::visit(
            [&](const auto& read) {
                if constexpr (is_complex<typename std::decay_t<decltype(read)>::Scalar> == is_complex<S>) {
                    const StoredSparse<S> found = read.template cast<S>();
                    return found.rows() == expected.rows() && found.cols() == expected.cols() &&
                           found.nonZeros() == expected.nonZeros() && (found - expected).norm() == 0;
                }
                return false;
            },
            stored);
    }

    const LayerNumbers& layer_;
    ConvGeometry geometry_;
    Array<S> kernel_, x_, y_;
    Tensor<S> K_;
    std::optional<Array<S>> forward_, transposed_;
    const std::filesystem::path& folder_;
    Count& count_;
};

// The library refuses exactly the layers that have no outputs.
bool is_refused(const LayerNumbers& layer) {
    try {
        (void)geometry_of(layer);
        return false;
    } catch (const GeometryError&) {
        return true;
    }
}

void compare_layer(const DrawnLayer& drawn, Dice& dice, std::uint64_t number, bool spoil,
                   const std::filesystem::path& folder, Count& count) {
    const LayerNumbers& layer = drawn.numbers;
    if (!drawn.possible) {
        require(is_refused(layer), "a layer without outputs that is not refused");
        ++count.refused;
        return;
    }
    const ConvGeometry geometry = geometry_of(layer);
    for (std::size_t j = 0; j < layer.axes.size(); ++j) {
        const Axis& axis = geometry.axes()[j];
        require(axis.input == layer.axes[j].n && axis.output == layer.axes[j].m, "the extents");
    }
    const auto compare = [&]<class S>(S) { Comparison<S>(layer, dice, spoil, folder, count).all(); };
    switch (number % 5) {
    case 0:
        compare(std::int64_t());
        break;
    case 1:
        compare(double());
        break;
    case 2:
        compare(std::complex<double>());
        break;
    case 3:
        compare(float());
        break;
    default:
        compare(std::complex<float>());
    }
    ++count.layers;
}

long run(long layers, std::uint64_t seed, std::uint64_t first, bool spoil, const std::filesystem::path& folder) {
    Count count;
    long wrong = 0;
    for (std::uint64_t i = first; count.layers + wrong < layers; ++i) {
        Dice dice(seed, i);
        const DrawnLayer drawn(dice);
        try {
            compare_layer(drawn, dice, i, spoil, folder, count);
        } catch (const std::exception& error) {
            ++wrong;
            if (!spoil || wrong == 1)
                std::printf("WRONG: %s: layer %s\n  again: scripts/differential 1 %llu %llu\n", error.what(),
                            describe(drawn.numbers).c_str(), static_cast<unsigned long long>(seed),
                            static_cast<unsigned long long>(i));
        }
    }
    std::printf("%ld layers of seed %llu are equal, %ld are not; %ld products, %ld entries, %ld files; %ld without "
                "outputs, refused\n",
                count.layers, static_cast<unsigned long long>(seed), wrong, count.products, count.entries, count.files,
                count.refused);
    return wrong;
}

std::uint64_t number(const char* text) {
    char* end = nullptr;
    const std::uint64_t value = std::strtoull(text, &end, 10);
    if (end == text || *end != '\0') throw std::invalid_argument(concat(text, ": expected a number"));
    return value;
}

} // namespace

int main(int argc, char** argv) {
    const bool spoil = argc > 1 && std::string_view(argv[argc - 1]) == "--spoil";
    const int numbers = argc - (spoil ? 1 : 0);
    std::string folder = (std::filesystem::temp_directory_path() / "convmat_differential_XXXXXX").string();
    try {
        const auto layers =
            static_cast<long>(numbers > 1 ? number(argv[1]) : static_cast<std::uint64_t>(test::share(400)));
        const std::uint64_t seed = numbers > 2 ? number(argv[2]) : 1;
        const std::uint64_t first = numbers > 3 ? number(argv[3]) : 0;
        if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
        const long wrong = run(layers, seed, first, spoil, folder);
        std::filesystem::remove_all(folder);
        return wrong == 0 ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "differential: %s\n", error.what());
        return 2;
    }
}
