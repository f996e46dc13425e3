// Every matrix against the oracle, exactly, on seeded random layers: the suite the rest of the library leans on.
#include <boost/test/unit_test.hpp>

#include <convmat/matrix/input2matrix.hpp>
#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/matrix/matrix2kernel.hpp>
#include <convmat/reference/loops.hpp>

#include "support/random_layer.hpp"

namespace random_layers_test {

namespace {

using namespace convmat;
using test::describe;
using test::RandomLayers;

constexpr int layers_a_rank = 1500;

template <ScalarType Scalar>
using Vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;

// Runs `check(layers, geometry)` on as many random layers of every rank from 1 to 4, each from a seed of its own.
template <class Check>
void on_random_layers(int count, const Check& check) {
    for (Index rank = 1; rank <= 4; ++rank)
        for (int i = 0; i < test::share(count); ++i) {
            RandomLayers layers(static_cast<unsigned>(1000000 * rank + i));
            const ConvGeometry geometry = layers.geometry(rank);
            BOOST_TEST_CONTEXT("rank " << rank << " layer " << i << ": " << describe(geometry)) {
                check(layers, geometry);
            }
        }
}

template <class Matrix>
bool well_formed(const Matrix& matrix) {
    for (Index outer = 0; outer < matrix.outerSize(); ++outer)
        for (auto e = matrix.outerIndexPtr()[outer]; e < matrix.outerIndexPtr()[outer + 1]; ++e) {
            if (matrix.innerIndexPtr()[e] < 0 || matrix.innerIndexPtr()[e] >= matrix.innerSize()) return false;
            if (e > matrix.outerIndexPtr()[outer] && matrix.innerIndexPtr()[e] <= matrix.innerIndexPtr()[e - 1])
                return false;
        }
    return matrix.outerIndexPtr()[0] == 0 && matrix.isCompressed();
}

// Same size, same stored places, same values.
template <class A, class B>
bool identical(const A& a, const B& b) {
    if (a.rows() != b.rows() || a.cols() != b.cols() || a.nonZeros() != b.nonZeros()) return false;
    const Eigen::SparseMatrix<typename A::Scalar, A::IsRowMajor ? Eigen::RowMajor : Eigen::ColMajor,
                              typename A::StorageIndex>
        other = b;
    return std::equal(a.outerIndexPtr(), a.outerIndexPtr() + a.outerSize() + 1, other.outerIndexPtr()) &&
           std::equal(a.innerIndexPtr(), a.innerIndexPtr() + a.nonZeros(), other.innerIndexPtr()) &&
           std::equal(a.valuePtr(), a.valuePtr() + a.nonZeros(), other.valuePtr());
}

} // namespace

BOOST_AUTO_TEST_CASE(forward_and_transposed_products_equal_the_loops) {
    on_random_layers(layers_a_rank, [](RandomLayers& layers, const ConvGeometry& geometry) {
        const auto kernel = layers.integers<std::int64_t>(geometry.kernel_shape());
        const auto x = layers.integers<std::int64_t>(geometry.input_shape());
        const auto y = layers.integers<std::int64_t>(geometry.output_shape());

        const auto w = kernel2matrix(geometry, kernel);
        const Vector<std::int64_t> wx = w * x.vec();
        const Vector<std::int64_t> wty = w.transpose() * y.vec();

        BOOST_TEST(w.rows() == geometry.rows());
        BOOST_TEST(w.cols() == geometry.cols());
        BOOST_TEST(well_formed(w));
        BOOST_TEST((wx == reference::convolve(geometry, kernel, x).vec()));
        BOOST_TEST((wty == reference::transpose(geometry, kernel, y).vec()));
        BOOST_TEST(wx.dot(y.vec()) == x.vec().dot(wty)); // <Wx, y> = <x, W'y>
    });
}

BOOST_AUTO_TEST_CASE(the_direct_transpose_and_both_storage_orders_are_the_same_matrix) {
    on_random_layers(layers_a_rank, [](RandomLayers& layers, const ConvGeometry& geometry) {
        const auto kernel = layers.integers<std::int64_t>(geometry.kernel_shape());

        const auto w = kernel2matrix(geometry, kernel);
        const auto w_columns = kernel2matrix<Eigen::ColMajor, std::int64_t>(geometry, kernel);
        const auto wt = kernel2matrix_transpose<Eigen::RowMajor, std::int64_t>(geometry, kernel);
        const auto wt_columns = kernel2matrix_transpose<Eigen::ColMajor>(geometry, kernel);

        BOOST_TEST(well_formed(wt));
        BOOST_TEST(well_formed(w_columns));
        BOOST_TEST(identical(w, w_columns));
        BOOST_TEST(identical(w, wt.transpose()));
        BOOST_TEST(identical(wt_columns, w.transpose()));
    });
}

BOOST_AUTO_TEST_CASE(the_input_matrix_applied_to_the_kernel_is_the_convolution) {
    on_random_layers(layers_a_rank, [](RandomLayers& layers, const ConvGeometry& geometry) {
        const auto kernel = layers.integers<std::int64_t>(geometry.kernel_shape());
        const auto x = layers.integers<std::int64_t>(geometry.input_shape());

        const auto m = input2matrix(geometry, x);
        const Vector<std::int64_t> mk = m * kernel.vec();

        BOOST_TEST(well_formed(m));
        BOOST_TEST((mk == reference::convolve(geometry, kernel, x).vec()));
    });
}

BOOST_AUTO_TEST_CASE(a_refilled_matrix_is_the_matrix_of_the_new_kernel) {
    on_random_layers(300, [](RandomLayers& layers, const ConvGeometry& geometry) {
        const auto kernel = layers.integers<double>(geometry.kernel_shape());
        const auto other = layers.integers<double>(geometry.kernel_shape());
        for (const Form form : {Form::matrix, Form::transpose}) {
            const ConvPattern<Eigen::RowMajor> pattern(geometry, form);
            auto w = pattern.matrix(kernel);
            pattern.refill(w, other);
            BOOST_TEST(identical(w, pattern.matrix(other)));
            BOOST_TEST(w.nonZeros() == pattern.nnz());
        }
    });
}

BOOST_AUTO_TEST_CASE(dropping_zeros_leaves_the_same_matrix_without_them) {
    on_random_layers(300, [](RandomLayers& layers, const ConvGeometry& geometry) {
        auto kernel = layers.integers<std::int64_t>(geometry.kernel_shape());
        for (std::int64_t& weight : kernel.values()) weight = weight % 3 == 0 ? 0 : weight;

        const auto dropped = kernel2matrix(geometry, kernel, ExplicitZeros::drop);
        auto kept = kernel2matrix(geometry, kernel);
        kept.prune([](Index, Index, std::int64_t value) { return value != 0; });

        BOOST_TEST(well_formed(dropped));
        BOOST_TEST(identical(dropped, kept));
    });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(every_scalar_gives_the_loops_result, Scalar,
                              decltype(std::tuple<float, double, std::complex<float>, std::complex<double>>())) {
    on_random_layers(200, [](RandomLayers& layers, const ConvGeometry& geometry) {
        const auto kernel = layers.integers<Scalar>(geometry.kernel_shape());
        const auto x = layers.integers<Scalar>(geometry.input_shape());
        const auto y = layers.integers<Scalar>(geometry.output_shape());

        const Vector<Scalar> wx = kernel2matrix(geometry, kernel) * x.vec();
        const Vector<Scalar> wty = kernel2matrix_transpose(geometry, kernel) * y.vec();
        const Vector<Scalar> mk = input2matrix<std::int64_t>(geometry, x) * kernel.vec();

        BOOST_TEST((wx == reference::convolve(geometry, kernel, x).vec()));
        BOOST_TEST((wty == reference::transpose(geometry, kernel, y).vec()));
        BOOST_TEST((mk == wx));
    });
}

BOOST_AUTO_TEST_CASE(the_kernel_is_recovered_from_its_matrix) {
    on_random_layers(500, [](RandomLayers& layers, const ConvGeometry& geometry) {
        const auto kernel = layers.integers<std::int64_t>(geometry.kernel_shape());

        const auto w = kernel2matrix(geometry, kernel);
        const auto nearest = matrix2kernel(geometry, w);
        const auto from_columns = matrix2kernel(geometry, kernel2matrix<Eigen::ColMajor>(geometry, kernel));

        BOOST_TEST(nearest.is_convolution());
        if (nearest.undetermined == 0) {
            BOOST_TEST(nearest.exact());
            BOOST_TEST((nearest.kernel == kernel));
            BOOST_TEST((from_columns.kernel == kernel));
        }
    });
}

// Large enough that rows are filled in many chunks, and values refilled past the caches.
template <ScalarType Scalar>
void large_refills_equal_a_new_matrix() {
    const ConvGeometry geometry({.input = {301, 311}, .kernel = {5, 5}, .padding = {{2, 2}}});
    RandomLayers layers(31);
    const auto kernel = layers.integers<Scalar>(geometry.kernel_shape());
    const auto other = layers.integers<Scalar>(geometry.kernel_shape());
    const auto x = layers.integers<Scalar>(geometry.input_shape());
    for (const Form form : {Form::matrix, Form::transpose}) {
        const ConvPattern pattern(geometry, form);
        auto matrix = pattern.matrix(kernel);
        pattern.refill(matrix, other);
        BOOST_TEST(identical(matrix, pattern.matrix(other)));
        if (form == Form::matrix)
            BOOST_TEST((Vector<Scalar>(matrix * x.vec()) == reference::convolve(geometry, other, x).vec()));
    }
}

BOOST_AUTO_TEST_CASE(large_matrices_are_refilled_exactly) {
    large_refills_equal_a_new_matrix<std::int64_t>();
    large_refills_equal_a_new_matrix<std::complex<double>>();
    large_refills_equal_a_new_matrix<float>();
}

BOOST_AUTO_TEST_CASE(a_long_line_is_filled_exactly) {
    const ConvGeometry geometry({.input = {40000}, .kernel = {7}, .stride = {2}, .padding = {{3, 3}}});
    RandomLayers layers(32);
    const auto kernel = layers.integers<double>(geometry.kernel_shape());
    const auto x = layers.integers<double>(geometry.input_shape());
    const auto y = layers.integers<double>(geometry.output_shape());
    BOOST_TEST(
        (Vector<double>(kernel2matrix(geometry, kernel) * x.vec()) == reference::convolve(geometry, kernel, x).vec()));
    BOOST_TEST((Vector<double>(kernel2matrix_transpose(geometry, kernel) * y.vec()) ==
                reference::transpose(geometry, kernel, y).vec()));
}

} // namespace random_layers_test
