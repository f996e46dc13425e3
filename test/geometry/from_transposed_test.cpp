#include <algorithm>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>
#include <convmat/geometry/conv_geometry.hpp>

namespace from_transposed_test {

namespace {

using namespace convmat;

// Every small transposed layer of one axis, each output padding it may have included.
template <class Check>
void for_each_layer(const Check& check) {
    for (Index m = 1; m <= 4; ++m)
        for (Index k = 1; k <= 4; ++k)
            for (Index s = 1; s <= 4; ++s)
                for (Index d = 1; d <= 5; ++d)
                    for (Index begin = -2; begin <= 3; ++begin)
                        for (Index end = -1; end <= 3; ++end)
                            for (Index a = 0; a < std::max(s, d); ++a)
                                check(TransposedSpec{.input = {m},
                                                     .kernel = {k},
                                                     .stride = {s},
                                                     .dilation = {d},
                                                     .padding = {{begin, end}},
                                                     .output_padding = {a}});
}

// Where the last stamp ends, less what is cropped, and the output padding.
Index written_extent(const TransposedSpec& spec) {
    const Index end_of_last_stamp = (spec.input[0] - 1) * spec.stride[0] + (spec.kernel[0] - 1) * spec.dilation[0] + 1;
    return end_of_last_stamp - spec.padding[0].begin - spec.padding[0].end + spec.output_padding[0];
}

ConvSpec forward_spec(const TransposedSpec& spec, Index n) {
    return {
        .input = {n}, .kernel = spec.kernel, .stride = spec.stride, .dilation = spec.dilation, .padding = spec.padding};
}

} // namespace

BOOST_AUTO_TEST_CASE(the_layer_writes_what_its_stamps_cover_less_the_crop_plus_output_padding) {
    for_each_layer([](const TransposedSpec& spec) {
        const Index n = written_extent(spec);
        if (n < 1) {
            BOOST_CHECK_THROW(ConvGeometry::from_transposed(spec), GeometryError);
            return;
        }
        const ConvGeometry geometry = ConvGeometry::from_transposed(spec);
        BOOST_TEST(geometry.axis(0).input == n);
        BOOST_TEST(geometry.axis(0).output == spec.input[0]);
        BOOST_TEST(geometry.axis(0).remainder() == spec.output_padding[0]);
    });
}

BOOST_AUTO_TEST_CASE(output_size_is_another_way_to_say_output_padding) {
    for_each_layer([](const TransposedSpec& spec) {
        const Index n = written_extent(spec);
        if (n < 1) return;
        TransposedSpec sized = spec;
        sized.output_padding = {};
        sized.output_size = {n};
        BOOST_TEST((ConvGeometry::from_transposed(sized) == ConvGeometry::from_transposed(spec)));
    });
}

BOOST_AUTO_TEST_CASE(with_output_padding_below_the_stride_it_is_the_convolution_of_its_output) {
    for_each_layer([](const TransposedSpec& spec) {
        const Index n = written_extent(spec);
        if (n < 1) return;
        const ConvGeometry there = ConvGeometry::from_transposed(spec);
        const ConvGeometry back(forward_spec(spec, n));
        BOOST_TEST((there == back) == (spec.output_padding[0] < spec.stride[0]));
        BOOST_TEST(back.axis(0).output == spec.input[0] + spec.output_padding[0] / spec.stride[0]);
    });
}

BOOST_AUTO_TEST_CASE(a_convolutions_remainder_is_the_output_padding_of_its_transposed_layer) {
    for (Index n = 1; n <= 12; ++n)
        for (Index k = 1; k <= 4; ++k)
            for (Index s = 1; s <= 5; ++s)
                for (Index d = 1; d <= 3; ++d)
                    for (Index end = 0; end <= 2; ++end) {
                        if (n + 1 + end < d * (k - 1) + 1) continue;
                        const ConvGeometry geometry(
                            {.input = {n}, .kernel = {k}, .stride = {s}, .dilation = {d}, .padding = {{1, end}}});
                        const Axis& axis = geometry.axis(0);
                        BOOST_TEST((geometry == ConvGeometry::from_transposed({.input = {axis.output},
                                                                               .kernel = {k},
                                                                               .stride = {s},
                                                                               .dilation = {d},
                                                                               .padding = {{1, end}},
                                                                               .output_padding = {axis.remainder()}})));
                    }
}

// torch.nn.ConvTranspose1d(1, 1, kernel_size=2, stride=1, dilation=3, output_padding=2): 5 -> 10.
BOOST_AUTO_TEST_CASE(output_padding_may_reach_the_dilation_when_that_is_more_than_the_stride) {
    const ConvGeometry geometry =
        ConvGeometry::from_transposed({.input = {5}, .kernel = {2}, .dilation = {3}, .output_padding = {2}});
    BOOST_TEST(geometry.axis(0).input == 10);
    BOOST_TEST(geometry.axis(0).output == 5);
    BOOST_TEST(geometry.axis(0).formula_output() == 7);
    BOOST_TEST(geometry.axis(0).remainder() == 2);
    BOOST_TEST((geometry.preimages() == std::vector<ConvGeometry::Extents>{{8, 8}}));
}

BOOST_AUTO_TEST_CASE(the_layers_channels_are_swapped_and_its_kernel_keeps_its_shape) {
    // A ConvTranspose2d(8, 6, (3, 4), groups=2, stride=2): its weight has shape (in, out/groups, 3, 4).
    const ConvGeometry geometry = ConvGeometry::from_transposed(
        {.input = {5, 4}, .kernel = {3, 4}, .in_channels = 8, .out_channels = 6, .groups = 2, .stride = {2}});
    BOOST_TEST(geometry.in_channels() == 6);
    BOOST_TEST(geometry.out_channels() == 8);
    BOOST_TEST((geometry.kernel_shape() == Shape{8, 3, 3, 4}));
    BOOST_TEST((geometry.output_shape() == Shape{8, 5, 4}));  // what the layer reads
    BOOST_TEST((geometry.input_shape() == Shape{6, 11, 10})); // what it writes
    BOOST_TEST(geometry.rows() == 160);
    BOOST_TEST(geometry.cols() == 660);
}

BOOST_AUTO_TEST_CASE(output_padding_and_output_size_are_given_for_each_axis_or_for_all) {
    const TransposedSpec base = {.input = {4, 3}, .kernel = {3, 3}, .stride = {2, 3}};
    const auto written = [&](Shape output_padding, Shape output_size) {
        TransposedSpec spec = base;
        spec.output_padding = std::move(output_padding);
        spec.output_size = std::move(output_size);
        return ConvGeometry::from_transposed(spec).input_shape();
    };
    BOOST_TEST((written({}, {}) == Shape{1, 9, 9}));
    BOOST_TEST((written({1}, {}) == Shape{1, 10, 10}));
    BOOST_TEST((written({0, 2}, {}) == Shape{1, 9, 11}));
    BOOST_TEST((written({}, {10}) == Shape{1, 10, 10}));
    BOOST_TEST((written({}, {9, 11}) == Shape{1, 9, 11}));
}

} // namespace from_transposed_test
