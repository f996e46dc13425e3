// The operator against the oracle, exactly: every instruction set, thread count, boundary, rank, and tile size.
#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <thread>

#include <convmat/geometry/padding.hpp>
#include <convmat/matrix/kernel2matrix.hpp>

#include "operator_support.hpp"
#include "support/throws_saying.hpp"

namespace conv_operator_test {

namespace {

using namespace convmat;
using namespace convmat::test;

constexpr int layers_a_rank = 150; // for each instruction set

template <ScalarType Scalar>
void random_layers_equal_the_loops() {
    with_every_instruction_set([] {
        for (Index rank = 1; rank <= 4; ++rank)
            for (int i = 0; i < share(layers_a_rank); ++i) {
                RandomLayers layers(static_cast<unsigned>(2000000 * rank + i));
                set_threads(1 + i % 4);
                equals_the_loops<Scalar>(layers, layers.geometry(rank));
            }
    });
}

// A layer large enough that it is cut into several boxes, and its work into jobs.
ConvGeometry large_layer(Index stride, Boundary boundary) {
    return ConvGeometry({.input = {61, 300},
                         .kernel = {3, 5},
                         .in_channels = 6,
                         .out_channels = 26,
                         .groups = 2,
                         .stride = {1, stride},
                         .dilation = {2, 1},
                         .padding = {{2, 3}, {1, 4}},
                         .boundary = {boundary}});
}

} // namespace

BOOST_AUTO_TEST_CASE(random_layers_in_float_equal_the_loops) { random_layers_equal_the_loops<float>(); }
BOOST_AUTO_TEST_CASE(random_layers_in_double_equal_the_loops) { random_layers_equal_the_loops<double>(); }
BOOST_AUTO_TEST_CASE(random_layers_in_int64_equal_the_loops) { random_layers_equal_the_loops<std::int64_t>(); }
BOOST_AUTO_TEST_CASE(random_layers_in_complex_float_equal_the_loops) {
    random_layers_equal_the_loops<std::complex<float>>();
}
BOOST_AUTO_TEST_CASE(random_layers_in_complex_double_equal_the_loops) {
    random_layers_equal_the_loops<std::complex<double>>();
}

BOOST_AUTO_TEST_CASE(every_extent_around_the_vector_widths) {
    with_every_instruction_set([] {
        for (Index n = 1; n <= 70; ++n) {
            RandomLayers layers(static_cast<unsigned>(n));
            set_threads(static_cast<int>(1 + n % 2));
            for (const Index stride : {1, 2}) {
                equals_the_loops<float>(layers, ConvGeometry({.input = {n},
                                                              .kernel = {3},
                                                              .in_channels = 2,
                                                              .out_channels = n % 30 + 1,
                                                              .stride = {stride},
                                                              .padding = {{1, 1}}}));
                equals_the_loops<double>(
                    layers, ConvGeometry(
                                {.input = {3, n}, .kernel = {2, 1}, .in_channels = n % 27 + 1, .stride = {1, stride}}));
                equals_the_loops<float>(layers, ConvGeometry({.input = {n, n},
                                                              .kernel = {2, 3},
                                                              .out_channels = 2,
                                                              .stride = {stride},
                                                              .padding = {{1, 0}, {2, 1}},
                                                              .boundary = {Boundary::periodic}}));
            }
        }
    });
}

BOOST_AUTO_TEST_CASE(every_number_of_output_channels_up_to_fifty) {
    with_every_instruction_set([] {
        for (Index channels = 1; channels <= 50; ++channels) {
            RandomLayers layers(static_cast<unsigned>(channels));
            equals_the_loops<float>(layers, ConvGeometry({.input = {5, 6},
                                                          .kernel = {2, 2},
                                                          .in_channels = 3,
                                                          .out_channels = channels,
                                                          .padding = {{1, 0}}}));
        }
    });
}

BOOST_AUTO_TEST_CASE(layers_of_many_boxes_equal_the_loops_with_one_to_four_threads) {
    with_every_instruction_set([] {
        for (const Boundary boundary : all_boundaries)
            for (const Index stride : {1, 2, 3}) {
                RandomLayers layers(static_cast<unsigned>(stride));
                set_threads(static_cast<int>(1 + (static_cast<Index>(boundary) + stride) % 4));
                equals_the_loops<float>(layers, large_layer(stride, boundary));
            }
    });
}

BOOST_AUTO_TEST_CASE(a_stride_beyond_the_kernel_and_the_input) {
    RandomLayers layers(1);
    equals_the_loops<double>(layers, ConvGeometry({.input = {11}, .kernel = {2}, .stride = {5}}));
    equals_the_loops<double>(layers, ConvGeometry({.input = {4}, .kernel = {1}, .stride = {9}, .padding = {{1, 7}}}));
    equals_the_loops<double>(layers, ConvGeometry({.input = {3}, .kernel = {2}, .stride = {1000000007}}));
}

BOOST_AUTO_TEST_CASE(a_kernel_larger_than_the_input) {
    RandomLayers layers(2);
    for (const Boundary boundary : all_boundaries)
        equals_the_loops<std::int64_t>(
            layers,
            ConvGeometry({.input = {2, 3}, .kernel = {7, 9}, .padding = {{4, 5}, {9, 8}}, .boundary = {boundary}}));
}

BOOST_AUTO_TEST_CASE(a_batch_is_its_images_one_by_one) {
    with_every_instruction_set([] {
        for (const Index images : {1, 2, 3, 7, 40}) {
            RandomLayers layers(static_cast<unsigned>(images));
            for (Index rank = 1; rank <= 3; ++rank) {
                set_threads(static_cast<int>(1 + images % 3));
                const ConvGeometry geometry = layers.geometry(rank);
                const auto kernel = layers.integers<float>(geometry.kernel_shape());
                const ConvOperator<float> op(geometry, kernel);
                const Index x_stride = geometry.cols() + 3;
                const Index y_stride = geometry.rows() + 2;
                const auto x = layers.integers<float>({images * x_stride});
                Tensor<float> y({images * y_stride});
                op.apply(x.data(), y.data(), images, x_stride, y_stride);
                for (Index i = 0; i < images; ++i) {
                    Tensor<float> image(geometry.input_shape());
                    image.vec() = x.vec().segment(i * x_stride, image.size());
                    const Tensor<float> expected = reference::convolve(geometry, kernel, image);
                    BOOST_TEST((y.vec().segment(i * y_stride, expected.size()) == expected.vec()),
                               "image " << i << " of " << images << ": " << describe(geometry));
                    BOOST_TEST((y.vec().segment(i * y_stride + expected.size(), 2).array() == 0).all(),
                               "nothing is written between images");
                }
            }
        }
    });
}

BOOST_AUTO_TEST_CASE(a_batch_through_the_transpose_of_a_boundary_that_folds) {
    const ConvGeometry geometry({.input = {6, 5},
                                 .kernel = {3, 3},
                                 .in_channels = 2,
                                 .out_channels = 3,
                                 .padding = {{2, 1}},
                                 .boundary = {Boundary::antireflective, Boundary::whole_symmetric}});
    RandomLayers layers(5);
    const auto kernel = layers.integers<std::complex<double>>(geometry.kernel_shape());
    const ConvOperator<std::complex<double>> transpose = ConvOperator(geometry, kernel).transpose();
    const auto y = layers.integers<std::complex<double>>({9, geometry.rows()});
    Tensor<std::complex<double>> z({9, geometry.cols()});
    transpose.apply(y.data(), z.data(), 9);
    for (Index i = 0; i < 9; ++i) {
        Tensor<std::complex<double>> image(geometry.output_shape());
        image.vec() = y.vec().segment(i * geometry.rows(), geometry.rows());
        BOOST_TEST((z.vec().segment(i * geometry.cols(), geometry.cols()) ==
                    reference::transpose(geometry, kernel, image).vec()));
    }
}

BOOST_AUTO_TEST_CASE(int64_wraps_around_like_the_matrix) {
    const ConvGeometry geometry({.input = {2}, .kernel = {2}});
    const Tensor<std::int64_t> kernel({1, 1, 2}, {std::int64_t{1} << 62, std::int64_t{1} << 62});
    const Tensor<std::int64_t> x({2}, {1, 1});
    Tensor<std::int64_t> y({1});
    ConvOperator<std::int64_t>(geometry, kernel).apply(x.data(), y.data());
    BOOST_TEST(y[0] == std::numeric_limits<std::int64_t>::min());
}

BOOST_AUTO_TEST_CASE(the_adjoint_is_adjoint_and_the_conjugate_conjugate) {
    for (Index rank = 1; rank <= 4; ++rank) {
        RandomLayers layers(static_cast<unsigned>(77 + rank));
        const ConvGeometry geometry = layers.geometry(rank);
        const auto kernel = layers.integers<std::complex<double>>(geometry.kernel_shape());
        const ConvOperator<std::complex<double>> op(geometry, kernel);
        const Eigen::VectorXcd x = layers.integers<std::complex<double>>({geometry.cols()}).vec();
        const Eigen::VectorXcd y = layers.integers<std::complex<double>>({geometry.rows()}).vec();
        const Eigen::VectorXcd wx = op * x;
        const Eigen::VectorXcd why = op.adjoint() * y;
        BOOST_TEST((y.dot(wx) == why.dot(x)), describe(geometry)); // dot conjugates its first factor
        const Eigen::VectorXcd conjugate = op.conjugate() * x;
        const Eigen::VectorXcd expected = (op * x.conjugate()).eval().conjugate();
        BOOST_TEST((conjugate == expected), describe(geometry));
    }
}

BOOST_AUTO_TEST_CASE(views_know_their_sizes) {
    const ConvGeometry geometry({.input = {5, 5}, .kernel = {3, 3}, .in_channels = 2});
    const ConvOperator<double> op(geometry, Tensor<double>(geometry.kernel_shape()));
    BOOST_TEST(op.rows() == 9);
    BOOST_TEST(op.cols() == 50);
    BOOST_TEST(op.transpose().rows() == 50);
    BOOST_TEST(op.adjoint().cols() == 9);
    BOOST_TEST(op.transpose().transpose().rows() == 9);
    BOOST_TEST((op.adjoint().geometry() == geometry));
}

BOOST_AUTO_TEST_CASE(several_threads_may_apply_one_operator) {
    const ConvGeometry geometry = large_layer(2, Boundary::half_symmetric);
    RandomLayers layers(3);
    const auto kernel = layers.integers<float>(geometry.kernel_shape());
    const ConvOperator<float> op(geometry, kernel);
    const auto x = layers.integers<float>(geometry.input_shape());
    const auto y = layers.integers<float>(geometry.output_shape());
    const Tensor<float> wx = reference::convolve(geometry, kernel, x);
    const Tensor<float> wty = reference::transpose(geometry, kernel, y);
    std::array<int, 4> wrong = {};
    std::vector<std::thread> threads;
    for (int& mine : wrong)
        threads.emplace_back([&] {
            Tensor<float> a(geometry.output_shape());
            Tensor<float> b(geometry.input_shape());
            for (int i = 0; i < 10; ++i) {
                op.apply(x.data(), a.data());
                op.transpose().apply(y.data(), b.data());
                mine += (a == wx ? 0 : 1) + (b == wty ? 0 : 1);
            }
        });
    for (std::thread& thread : threads) thread.join();
    for (const int count : wrong) BOOST_TEST(count == 0);
}

BOOST_AUTO_TEST_CASE(misuse_is_refused_with_the_numbers) {
    const ConvGeometry geometry({.input = {5}, .kernel = {3}});
    const ConvOperator<double> op(geometry, Tensor<double>({1, 1, 3}));
    std::vector<double> memory(100);
    throws_saying<ShapeError>([&] { ConvOperator<double>(geometry, Tensor<double>({3})); },
                              "ConvOperator: kernel has shape 3, expected 1x1x3");
    throws_saying<ShapeError>([&] { op.apply(memory.data(), memory.data() + 50, -1); }, "-1 images");
    throws_saying<ShapeError>([&] { op.apply(memory.data(), memory.data() + 50, 2, 4, 3); },
                              "images of 5 and 3 values are 4 and 3 apart");
    throws_saying<ShapeError>([&] { (op * Eigen::VectorXd::Zero(4)).eval(); }, "x has 4 rows, expected 5");
    const WithInstructionSet set("avx9");
    throws_saying<ArgumentError>(
        [&] {
            ConvOperator<double>(geometry, Tensor<double>({1, 1, 3}));
        },
        "CONVMAT_INSTRUCTION_SET is 'avx9', expected one that this processor runs: ");
}

BOOST_AUTO_TEST_CASE(no_images_are_no_work) {
    const ConvGeometry geometry({.input = {5}, .kernel = {3}});
    const ConvOperator<double> op(geometry, Tensor<double>({1, 1, 3}));
    op.apply(nullptr, nullptr, 0);
    BOOST_TEST((op * Eigen::MatrixXd(5, 0)).eval().cols() == 0);
}

BOOST_AUTO_TEST_CASE(dilation_and_padding_beyond_all_sizes) {
    // Legal, of few entries, and of extents whose products overflow 64 bits: computed, or refused before memory is.
    constexpr Index wide = (Index{1} << 40) - 2;
    RandomLayers layers(8);
    equals_the_loops<double>(
        layers, ConvGeometry({.input = {4, 4}, .kernel = {3, 3}, .dilation = {50}, .padding = {{50, 50}}}));
    const ConvGeometry zero({.input = {4, 4}, .kernel = {3, 3}, .dilation = {wide}, .padding = {{wide, wide}}});
    const auto kernel = layers.integers<double>(zero.kernel_shape());
    const Eigen::VectorXd x = layers.integers<double>({16}).vec();
    BOOST_TEST(
        (Eigen::VectorXd(ConvOperator<double>(zero, kernel) * x) == Eigen::VectorXd(kernel2matrix(zero, kernel) * x)));
    BOOST_TEST((Eigen::VectorXd(ConvOperator<double>(zero, kernel).transpose() * x) ==
                Eigen::VectorXd(kernel2matrix_transpose(zero, kernel) * x)));
    const ConvGeometry mirrored({.input = {4, 4},
                                 .kernel = {3, 3},
                                 .dilation = {wide},
                                 .padding = {{wide, wide}},
                                 .boundary = {Boundary::half_symmetric}});
    BOOST_CHECK_THROW((ConvOperator<double>(mirrored, kernel) * x).eval(), SizeError);
    BOOST_CHECK_THROW((ConvOperator<double>(mirrored, kernel).transpose() * x).eval(), SizeError);
}

} // namespace conv_operator_test
