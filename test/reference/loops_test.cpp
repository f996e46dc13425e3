// The oracle against numbers from elsewhere: the chapter, ONNX, MATLAB, threads of other libraries, and a pencil.
#include <convmat/reference/loops.hpp>

#include <numeric>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <convmat/geometry/padding.hpp>

#include "support/random_layer.hpp"
#include "support/throws_saying.hpp"

namespace loops_test {

namespace {

using namespace convmat;
using test::describe;
using test::RandomLayers;
using test::throws_saying;

using Integers = Tensor<std::int64_t>;
using Values = std::vector<std::int64_t>;

constexpr auto from_transposed = &ConvGeometry::from_transposed;

// first, first + 1, ...
Integers counting(const Shape& shape, std::int64_t first = 0) {
    Integers tensor(shape);
    std::iota(tensor.values().begin(), tensor.values().end(), first);
    return tensor;
}

Integers constant(const Shape& shape, std::int64_t value) {
    Integers tensor(shape);
    std::ranges::fill(tensor.values(), value);
    return tensor;
}

std::int64_t dot(const Integers& a, const Integers& b) { return a.vec().dot(b.vec()); }

template <class Check>
void on_random_layers(Index most_rank, int count, const Check& check) {
    for (Index rank = 1; rank <= most_rank; ++rank)
        for (int i = 0; i < test::share(count); ++i) {
            RandomLayers layers(static_cast<unsigned>(100000 * rank + i));
            const ConvGeometry geometry = layers.geometry(rank);
            BOOST_TEST_CONTEXT("rank " << rank << " layer " << i << ": " << describe(geometry))
            check(layers, geometry);
        }
}

// Channels [first, first + count) of the slowest axis.
Integers slice(const Integers& from, Index first, Index count) {
    Shape shape = from.shape();
    const Index each = from.size() / shape[0];
    shape[0] = count;
    const auto begin = from.values().begin() + first * each;
    return Integers(shape, Values(begin, begin + count * each));
}

// Calls add(y, k, x) with the flat positions of each product of a two-dimensional layer, straight from the formula.
template <class Add>
void products_2d(const ConvGeometry& g, const Add& add) {
    const Axis& a = g.axis(0);
    const Axis& b = g.axis(1);
    for (Index o = 0; o < g.out_channels(); ++o)
        for (Index c = 0; c < g.in_channels_per_group(); ++c)
            for (Index u = 0; u < a.output; ++u)
                for (Index v = 0; v < b.output; ++v)
                    for (Index s = 0; s < a.kernel; ++s)
                        for (Index t = 0; t < b.kernel; ++t) {
                            const Index i = a.stride * u + a.dilation * s - a.padding.begin;
                            const Index j = b.stride * v + b.dilation * t - b.padding.begin;
                            if (i < 0 || i >= a.input || j < 0 || j >= b.input) continue;
                            const Index channel = o / g.out_channels_per_group() * g.in_channels_per_group() + c;
                            add((o * a.output + u) * b.output + v,
                                ((o * g.in_channels_per_group() + c) * a.kernel + s) * b.kernel + t,
                                (channel * a.input + i) * b.input + j);
                        }
}

const Integers chapter_kernel({1, 1, 2, 2}, {0, 1, 2, 3});

} // namespace

BOOST_AUTO_TEST_CASE(the_chapters_correlation) {
    const ConvGeometry geometry({.input = {3, 3}, .kernel = {2, 2}});
    const Integers x = counting({1, 3, 3});
    BOOST_TEST((reference::convolve(geometry, chapter_kernel, x) == Integers({1, 2, 2}, {19, 25, 37, 43})));
    BOOST_TEST((reference::convolve(geometry, Integers({1, 1, 2, 2}, {1, 2, 3, 4}), x) ==
                Integers({1, 2, 2}, {27, 37, 57, 67})));
}

BOOST_AUTO_TEST_CASE(the_chapters_transposed_convolutions) {
    const Integers x({1, 2, 2}, {0, 1, 2, 3});
    const auto trans_conv = [&](const TransposedSpec& spec) {
        return reference::transpose(from_transposed(spec), chapter_kernel, x);
    };
    BOOST_TEST((trans_conv({.input = {2, 2}, .kernel = {2, 2}}) == Integers({1, 3, 3}, {0, 0, 1, 0, 4, 6, 4, 12, 9})));
    BOOST_TEST((trans_conv({.input = {2, 2}, .kernel = {2, 2}, .stride = {2}}) ==
                Integers({1, 4, 4}, {0, 0, 0, 1, 0, 0, 2, 3, 0, 2, 0, 3, 4, 6, 6, 9})));
    BOOST_TEST((trans_conv({.input = {2, 2}, .kernel = {2, 2}, .padding = {{1, 1}}}) == Integers({1, 1, 1}, {4})));
}

// ONNX, Operators.md, ConvTranspose: the examples by their names there.
BOOST_AUTO_TEST_CASE(onnx_convtranspose_1d) {
    const auto geometry = from_transposed({.input = {3}, .kernel = {3}, .out_channels = 2});
    BOOST_TEST((reference::transpose(geometry, constant({1, 2, 3}, 1), counting({1, 3})) ==
                Integers({2, 5}, {0, 1, 3, 3, 2, 0, 1, 3, 3, 2})));
}

BOOST_AUTO_TEST_CASE(onnx_convtranspose) {
    const auto geometry = from_transposed({.input = {3, 3}, .kernel = {3, 3}});
    BOOST_TEST((
        reference::transpose(geometry, constant({1, 1, 3, 3}, 1), counting({1, 3, 3})) ==
        Integers({1, 5, 5}, {0, 1, 3, 3, 2, 3, 8, 15, 12, 7, 9, 21, 36, 27, 15, 9, 20, 33, 24, 13, 6, 13, 21, 15, 8})));
}

BOOST_AUTO_TEST_CASE(onnx_convtranspose_pads) {
    const auto geometry =
        from_transposed({.input = {3, 3}, .kernel = {3, 3}, .stride = {3, 2}, .padding = {{1, 1}, {2, 2}}});
    BOOST_TEST((reference::transpose(geometry, constant({1, 1, 3, 3}, 1), counting({1, 3, 3})) ==
                Integers({1, 7, 3}, {1, 1, 3, 1, 1, 3, 7, 4, 9, 7, 4, 9, 7, 4, 9, 13, 7, 15, 13, 7, 15})));
}

BOOST_AUTO_TEST_CASE(onnx_convtranspose_dilations) {
    const auto geometry = from_transposed({.input = {3, 3}, .kernel = {2, 2}, .dilation = {2}});
    const Integers x({1, 3, 3}, {3, 8, 1, 9, 5, 7, 3, 2, 6});
    BOOST_TEST((reference::transpose(geometry, Integers({1, 1, 2, 2}, {7, 2, 1, 9}), x) ==
                Integers({1, 5, 5}, {21, 56, 13, 16, 2,  63, 35, 67, 10, 14, 24, 22, 76,
                                     76, 21, 9,  5,  88, 45, 63, 3,  2,  33, 18, 54})));
}

BOOST_AUTO_TEST_CASE(onnx_convtranspose_output_shape) {
    const auto geometry =
        from_transposed({.input = {3, 3}, .kernel = {3, 3}, .stride = {3, 2}, .output_size = {10, 8}});
    BOOST_TEST((reference::transpose(geometry, constant({1, 1, 3, 3}, 1), counting({1, 3, 3})) ==
                Integers({1, 10, 8}, {0, 0, 1,  1, 3,  2, 2, 0, //
                                      0, 0, 1,  1, 3,  2, 2, 0, //
                                      0, 0, 1,  1, 3,  2, 2, 0, //
                                      3, 3, 7,  4, 9,  5, 5, 0, //
                                      3, 3, 7,  4, 9,  5, 5, 0, //
                                      3, 3, 7,  4, 9,  5, 5, 0, //
                                      6, 6, 13, 7, 15, 8, 8, 0, //
                                      6, 6, 13, 7, 15, 8, 8, 0, //
                                      6, 6, 13, 7, 15, 8, 8, 0, //
                                      0, 0, 0,  0, 0,  0, 0, 0})));
}

BOOST_AUTO_TEST_CASE(onnx_convtranspose_autopad_same) {
    TransposedSpec spec = {.input = {3, 3}, .kernel = {3, 3}, .stride = {2}};
    spec.padding = same_padding(spec);
    BOOST_TEST((reference::transpose(from_transposed(spec), constant({1, 1, 3, 3}, 1), counting({1, 3, 3})) ==
                Integers({1, 6, 6}, {0, 0, 1, 1, 3, 2, 0, 0, 1,  1,  3,  2,  3, 3, 8,  5, 12, 7,
                                     3, 3, 7, 4, 9, 5, 9, 9, 20, 11, 24, 13, 6, 6, 13, 7, 15, 8})));
}

BOOST_AUTO_TEST_CASE(mxnet_13876_a_dilated_stamp_of_one_value) {
    const auto geometry =
        from_transposed({.input = {3, 3}, .kernel = {3, 3}, .stride = {2}, .dilation = {2}, .padding = {{2, 2}}});
    const Integers delta({1, 3, 3}, {0, 0, 0, 0, 1, 0, 0, 0, 0});
    BOOST_TEST((reference::transpose(geometry, counting({1, 1, 3, 3}, 1), delta) ==
                Integers({1, 5, 5}, {1, 0, 2, 0, 3, 0, 0, 0, 0, 0, 4, 0, 5, 0, 6, 0, 0, 0, 0, 0, 7, 0, 8, 0, 9})));
}

BOOST_AUTO_TEST_CASE(mxnet_11629_stride_and_dilation_together) {
    const auto geometry = from_transposed({.input = {3, 3}, .kernel = {2, 2}, .stride = {2}, .dilation = {2}});
    BOOST_TEST((reference::transpose(geometry, chapter_kernel, counting({1, 3, 3})) ==
                Integers({1, 7, 7}, {0,  0, 0,  0, 1,  0, 2,  //
                                     0,  0, 0,  0, 0,  0, 0,  //
                                     0,  0, 5,  0, 11, 0, 11, //
                                     0,  0, 0,  0, 0,  0, 0,  //
                                     6,  0, 23, 0, 29, 0, 23, //
                                     0,  0, 0,  0, 0,  0, 0,  //
                                     12, 0, 32, 0, 37, 0, 24})));
}

// Flux#2431: the pair 8x8 <-> 16x16 with an even kernel, which its 'same' padding did not make adjoint.
BOOST_AUTO_TEST_CASE(flux_2431_an_even_kernel_and_its_transpose_are_adjoint) {
    const Tensor<double> line({1, 1, 4}, {0.25, 0.75, 0.75, 0.25});
    const auto up =
        from_transposed({.input = {2}, .kernel = {4}, .stride = {2}, .padding = {{1, 2}}, .output_size = {4}});
    // Stamps at -1 and 1: y0 .75, y0 .75 + y1 .25, y0 .25 + y1 .75, y1 .75.
    BOOST_TEST(
        (reference::transpose(up, line, Tensor<double>({1, 2}, {4, 8})) == Tensor<double>({1, 4}, {3, 5, 7, 6})));

    const ConvGeometry geometry({.input = {16, 16}, .kernel = {4, 4}, .stride = {2}, .padding = {{1, 2}}});
    BOOST_TEST((geometry.output_shape() == Shape{1, 8, 8}));
    Tensor<double> kernel({1, 1, 4, 4});
    for (Index i = 0; i < 4; ++i)
        for (Index j = 0; j < 4; ++j) kernel[4 * i + j] = line[i] * line[j];
    RandomLayers random(2431);
    const auto x = random.integers<double>(geometry.input_shape());
    const auto y = random.integers<double>(geometry.output_shape());
    // Multiples of 1/16: exact.
    BOOST_TEST(reference::convolve(geometry, kernel, x).vec().dot(y.vec()) ==
               x.vec().dot(reference::transpose(geometry, kernel, y).vec()));
}

// MATLAB, convmtx2: conv2(magic(5), ones(3)), the page's table times 9.
BOOST_AUTO_TEST_CASE(matlab_box_sums_of_the_magic_square) {
    const Integers magic({1, 5, 5},
                         {17, 24, 1, 8, 15, 23, 5, 7, 14, 16, 4, 6, 13, 20, 22, 10, 12, 19, 21, 3, 11, 18, 25, 2, 9});
    ConvSpec spec = {.input = {5, 5}, .kernel = {3, 3}};
    spec.padding = full_padding(spec);
    const Integers box_sums({1, 7, 7}, {17, 41, 42,  33,  24,  23, 15, //
                                        40, 69, 77,  59,  61,  53, 31, //
                                        44, 79, 100, 98,  116, 95, 53, //
                                        37, 60, 99,  117, 135, 96, 41, //
                                        25, 61, 118, 136, 134, 77, 34, //
                                        21, 51, 95,  97,  79,  35, 12, //
                                        11, 29, 54,  45,  36,  11, 9});
    BOOST_TEST((reference::convolve(ConvGeometry(spec), constant({1, 1, 3, 3}, 1), magic) == box_sums));
    // The true convolution is also the transpose of the valid correlation.
    BOOST_TEST((reference::transpose(from_transposed({.input = {5, 5}, .kernel = {3, 3}}), constant({1, 1, 3, 3}, 1),
                                     magic) == box_sums));
}

BOOST_AUTO_TEST_CASE(every_axis_has_its_own_stride_dilation_and_padding) {
    const ConvGeometry geometry(
        {.input = {5, 7}, .kernel = {2, 3}, .stride = {2, 1}, .dilation = {1, 2}, .padding = {{1, 0}, {0, 2}}});
    BOOST_TEST((reference::convolve(geometry, Integers({1, 1, 2, 3}, {1, -2, 3, 4, 0, -5}), counting({1, 5, 7}, 1)) ==
                Integers({1, 3, 5}, {-21, -22, -23, 16, 20, -11, -10, -9, 57, 60, 3, 4, 5, 99, 102})));
}

BOOST_AUTO_TEST_CASE(three_dimensions_by_hand) {
    // The window at b = x[window's first] reads b + (0 1 3 4 9 10 12 13): 36 b + 320 with the weights 1..8.
    const ConvGeometry geometry({.input = {3, 3, 3}, .kernel = {2, 2, 2}});
    BOOST_TEST((reference::convolve(geometry, counting({1, 1, 2, 2, 2}, 1), counting({1, 3, 3, 3})) ==
                Integers({1, 2, 2, 2}, {320, 356, 428, 464, 644, 680, 752, 788})));
    // With stride 1 x 1 x 2 only every second of the last axis.
    const ConvGeometry strided({.input = {3, 3, 3}, .kernel = {2, 2, 2}, .stride = {1, 1, 2}});
    BOOST_TEST((reference::convolve(strided, counting({1, 1, 2, 2, 2}, 1), counting({1, 3, 3, 3})) ==
                Integers({1, 2, 2, 1}, {320, 428, 644, 752})));
}

BOOST_AUTO_TEST_CASE(channels_are_mixed_by_their_weights) {
    const ConvGeometry geometry({.input = {3}, .kernel = {2}, .in_channels = 2, .out_channels = 2});
    const Integers x({2, 3}, {1, 2, 3, 10, 20, 30});
    const Integers kernel({2, 2, 2}, {1, 0, 0, 1, 0, 2, 3, 0}); // x0[i] + x1[i+1], 2 x0[i+1] + 3 x1[i]
    BOOST_TEST((reference::convolve(geometry, kernel, x) == Integers({2, 2}, {21, 32, 34, 66})));
    BOOST_TEST((reference::transpose(geometry, kernel, Integers({2, 2}, {1, 2, 10, 20})) ==
                Integers({2, 3}, {1, 22, 40, 30, 61, 2})));
}

BOOST_AUTO_TEST_CASE(a_depthwise_layer_keeps_channels_apart) {
    // Two channels, two outputs of each: outputs 0, 1 read channel 0 and outputs 2, 3 channel 1.
    const ConvGeometry geometry({.input = {3}, .kernel = {2}, .in_channels = 2, .out_channels = 4, .groups = 2});
    const Integers x({2, 3}, {1, 2, 3, 10, 20, 30});
    const Integers kernel({4, 1, 2}, {1, 1, 0, 1, 1, 0, -1, 1});
    BOOST_TEST((reference::convolve(geometry, kernel, x) == Integers({4, 2}, {3, 5, 2, 3, 10, 20, 10, 10})));
    BOOST_TEST((reference::transpose(geometry, kernel, constant({4, 2}, 1)) == Integers({2, 3}, {1, 3, 2, 0, 1, 1})));
}

BOOST_AUTO_TEST_CASE(a_grouped_layer_is_its_groups_side_by_side) {
    on_random_layers(3, 200, [](RandomLayers& layers, const ConvGeometry& geometry) {
        if (geometry.groups() == 1) return;
        const Index in = geometry.in_channels_per_group();
        const Index out = geometry.out_channels_per_group();
        ConvSpec spec = {.input = {}, .kernel = {}, .in_channels = in, .out_channels = out};
        for (const Axis& axis : geometry.axes()) {
            if (axis.output != axis.formula_output()) return;
            spec.input.push_back(axis.input);
            spec.kernel.push_back(axis.kernel);
            spec.stride.push_back(axis.stride);
            spec.dilation.push_back(axis.dilation);
            spec.padding.push_back(axis.padding);
            spec.boundary.push_back(axis.boundary);
        }
        const ConvGeometry one(spec);
        const auto x = layers.integers<std::int64_t>(geometry.input_shape());
        const auto kernel = layers.integers<std::int64_t>(geometry.kernel_shape());
        const auto y = reference::convolve(geometry, kernel, x);
        const auto z = reference::transpose(geometry, kernel, y);

        for (Index g = 0; g < geometry.groups(); ++g) {
            const Integers weights = slice(kernel, g * out, out);
            BOOST_TEST((slice(y, g * out, out) == reference::convolve(one, weights, slice(x, g * in, in))));
            BOOST_TEST((slice(z, g * in, in) == reference::transpose(one, weights, slice(y, g * out, out))));
        }
    });
}

BOOST_AUTO_TEST_CASE(layers_with_a_zero_boundary_follow_the_formula) {
    int layers_tested = 0;
    for (int seed = 0; seed < test::share(4000); ++seed) {
        RandomLayers layers(static_cast<unsigned>(seed));
        const ConvGeometry geometry = layers.geometry(2);
        if (!std::ranges::all_of(geometry.axes(), [](const Axis& a) { return a.boundary == Boundary::zero; })) continue;
        ++layers_tested;
        const auto x = layers.integers<std::int64_t>(geometry.input_shape());
        const auto kernel = layers.integers<std::int64_t>(geometry.kernel_shape());
        const auto dy = layers.integers<std::int64_t>(geometry.output_shape());
        Integers y(geometry.output_shape());
        Integers z(geometry.input_shape());
        products_2d(geometry, [&](Index at_y, Index at_k, Index at_x) {
            y[at_y] += kernel[at_k] * x[at_x];
            z[at_x] += kernel[at_k] * dy[at_y];
        });
        BOOST_TEST((reference::convolve(geometry, kernel, x) == y), describe(geometry));
        BOOST_TEST((reference::transpose(geometry, kernel, dy) == z), describe(geometry));
    }
    BOOST_TEST(layers_tested > test::share_of_found(50));
}

BOOST_AUTO_TEST_CASE(convolve_and_transpose_are_adjoint) {
    on_random_layers(4, 300, [](RandomLayers& layers, const ConvGeometry& geometry) {
        const auto x = layers.integers<std::int64_t>(geometry.input_shape());
        const auto y = layers.integers<std::int64_t>(geometry.output_shape());
        const auto kernel = layers.integers<std::int64_t>(geometry.kernel_shape());
        BOOST_TEST(dot(reference::convolve(geometry, kernel, x), y) ==
                   dot(x, reference::transpose(geometry, kernel, y)));
    });
}

BOOST_AUTO_TEST_CASE(both_are_linear_in_both_arguments) {
    on_random_layers(3, 100, [](RandomLayers& layers, const ConvGeometry& geometry) {
        const auto drawn = [&](const Shape& shape) { return layers.integers<std::int64_t>(shape); };
        const auto combined = [](const Integers& a, const Integers& b) {
            Integers sum(a.shape());
            sum.vec() = 3 * a.vec() - 5 * b.vec();
            return sum;
        };
        const auto linear = [&](auto map, const Shape& argument) {
            const Integers a = drawn(argument), b = drawn(argument);
            const Integers k = drawn(geometry.kernel_shape()), l = drawn(geometry.kernel_shape());
            BOOST_TEST((map(geometry, k, combined(a, b)) == combined(map(geometry, k, a), map(geometry, k, b))));
            BOOST_TEST((map(geometry, combined(k, l), a) == combined(map(geometry, k, a), map(geometry, l, a))));
        };
        linear(reference::convolve<std::int64_t>, geometry.input_shape());
        linear(reference::transpose<std::int64_t>, geometry.output_shape());
    });
}

BOOST_AUTO_TEST_CASE(a_delta_kernel_is_the_identity_under_every_boundary) {
    RandomLayers layers(1);
    for (const Boundary boundary : all_boundaries)
        for (Index d = 1; d <= 3; ++d) {
            ConvSpec spec = {.input = {5, 4},
                             .kernel = {3, 5},
                             .in_channels = 2,
                             .out_channels = 2,
                             .groups = 2,
                             .dilation = {d},
                             .boundary = {boundary}};
            spec.padding = same_padding(spec);
            const ConvGeometry geometry(spec);
            Integers delta(geometry.kernel_shape());
            delta[7] = delta[15 + 7] = 1; // the centre of 3 x 5, for each channel
            const auto x = layers.integers<std::int64_t>(geometry.input_shape());
            BOOST_TEST_CONTEXT(describe(geometry)) {
                BOOST_TEST((reference::convolve(geometry, delta, x) == x));
                BOOST_TEST((reference::transpose(geometry, delta, x) == x));
            }
        }
}

BOOST_AUTO_TEST_CASE(a_kernel_of_one_reads_off_the_extended_input) {
    RandomLayers layers(2);
    for (const Boundary boundary : all_boundaries) {
        const ConvGeometry geometry(
            {.input = {3, 2}, .kernel = {1, 1}, .padding = {{7, 5}, {-1, 6}}, .boundary = {boundary}});
        const auto x = layers.integers<std::int64_t>(geometry.input_shape());
        BOOST_TEST((reference::convolve(geometry, Integers({1, 1, 1, 1}, {1}), x) == reference::extend(geometry, x)));
    }
}

BOOST_AUTO_TEST_CASE(complex_weights_are_not_conjugated) {
    using Complex = std::complex<double>;
    const ConvGeometry geometry({.input = {2}, .kernel = {2}});
    const Tensor<Complex> kernel({1, 1, 2}, {Complex(0, 1), Complex(2, 3)});
    const Tensor<Complex> x({1, 2}, {Complex(1, 1), Complex(0, 1)});
    // i (1 + i) + (2 + 3i) i = -4 + 3i
    BOOST_TEST((reference::convolve(geometry, kernel, x) == Tensor<Complex>({1, 1}, {Complex(-4, 3)})));
    // (1 + i) i, (1 + i) (2 + 3i)
    BOOST_TEST((reference::transpose(geometry, kernel, Tensor<Complex>({1, 1}, {Complex(1, 1)})) ==
                Tensor<Complex>({1, 2}, {Complex(-1, 1), Complex(-1, 5)})));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(every_scalar_gives_the_same_small_integers, Scalar,
                              decltype(std::tuple<float, double, std::complex<float>, std::complex<double>>())) {
    const ConvGeometry geometry(
        {.input = {3, 3}, .kernel = {2, 2}, .padding = {{1, 0}}, .boundary = {Boundary::periodic}});
    const auto cast = [](const Integers& from) {
        Tensor<Scalar> to(from.shape());
        for (Index i = 0; i < from.size(); ++i) to[i] = static_cast<Scalar>(static_cast<float>(from[i]));
        return to;
    };
    const Integers x = counting({1, 3, 3}, -4);
    BOOST_TEST((reference::convolve(geometry, cast(chapter_kernel), cast(x)) ==
                cast(reference::convolve(geometry, chapter_kernel, x))));
    BOOST_TEST((reference::transpose(geometry, cast(chapter_kernel), cast(x)) ==
                cast(reference::transpose(geometry, chapter_kernel, x))));
}

BOOST_AUTO_TEST_CASE(arrays_of_other_shapes_are_refused) {
    const ConvGeometry geometry({.input = {3, 3}, .kernel = {2, 2}, .in_channels = 4, .out_channels = 2, .groups = 2});
    const Integers x(geometry.input_shape());
    const Integers y(geometry.output_shape());
    const Integers kernel(geometry.kernel_shape());
    throws_saying<ShapeError>([&] { reference::convolve(geometry, kernel, y); },
                              "reference::convolve: input has shape 2x2x2, expected 4x3x3");
    throws_saying<ShapeError>([&] { reference::convolve(geometry, x, x); },
                              "reference::convolve: kernel has shape 4x3x3, expected 2x2x2x2");
    throws_saying<ShapeError>([&] { reference::transpose(geometry, kernel, x); },
                              "reference::transpose: output has shape 4x3x3, expected 2x2x2");
    throws_saying<ShapeError>(
        [&] {
            reference::transpose(geometry, Integers(Shape{2, 4, 2, 2}), y);
        },
        "reference::transpose: kernel has shape 2x4x2x2, expected 2x2x2x2");
}

} // namespace loops_test
