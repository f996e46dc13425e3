// Every geometry that describes no convolution, and what the refusal says.
#include <limits>
#include <string>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>
#include <convmat/geometry/conv_geometry.hpp>

#include "support/throws_saying.hpp"

namespace refusals_test {

namespace {

using namespace convmat;
using test::throws_saying;

constexpr Index most = std::numeric_limits<Index>::max();

struct BadConvolution {
    ConvSpec spec;
    std::string says;
};

struct BadTransposed {
    TransposedSpec spec;
    std::string says;
};

template <class Error>
void refused(const BadConvolution& bad) {
    throws_saying<Error>([&] { ConvGeometry geometry(bad.spec); }, bad.says);
}

template <class Error>
void refused(const BadTransposed& bad) {
    throws_saying<Error>([&] { ConvGeometry::from_transposed(bad.spec); }, bad.says);
}

} // namespace

BOOST_AUTO_TEST_CASE(extents_and_ranks_must_make_sense) {
    const BadConvolution table[] = {
        {{.input = {}, .kernel = {}}, "input has no spatial axis, expected at least 1"},
        {{.input = {}, .kernel = {3}}, "input has no spatial axis"},
        {{.input = {5, 5, 5}, .kernel = {3, 3}}, "input 5x5x5 has 3 spatial axes but kernel 3x3 has 2"},
        {{.input = {5}, .kernel = {}}, "input 5 has 1 spatial axes but kernel () has 0"},
        {{.input = {5}, .kernel = {3, 3}}, "input 5 has 1 spatial axes but kernel 3x3 has 2"},
        {{.input = {5, 0}, .kernel = {1, 1}}, "input extent is 0 on axis 1, expected at least 1"},
        {{.input = {-5}, .kernel = {1}}, "input extent is -5 on axis 0, expected at least 1"},
        {{.input = {5}, .kernel = {0}}, "kernel extent is 0 on axis 0, expected at least 1"},
        {{.input = {5, 5, 5}, .kernel = {3, 3, -3}}, "kernel extent is -3 on axis 2, expected at least 1"},
    };
    for (const BadConvolution& bad : table) refused<GeometryError>(bad);
}

BOOST_AUTO_TEST_CASE(stride_and_dilation_are_at_least_one) {
    const BadConvolution table[] = {
        {{.input = {5}, .kernel = {3}, .stride = {0}}, "stride is 0 on axis 0, expected at least 1"},
        {{.input = {5, 5}, .kernel = {3, 3}, .stride = {1, -2}}, "stride is -2 on axis 1, expected at least 1"},
        {{.input = {5}, .kernel = {3}, .dilation = {0}}, "dilation is 0 on axis 0, expected at least 1"},
        {{.input = {5, 5}, .kernel = {1, 1}, .dilation = {2, -1}}, "dilation is -1 on axis 1, expected at least 1"},
    };
    for (const BadConvolution& bad : table) refused<GeometryError>(bad);
}

BOOST_AUTO_TEST_CASE(lists_have_one_value_or_one_an_axis) {
    const Shape three = {5, 5, 5};
    const BadConvolution table[] = {
        {{.input = three, .kernel = three, .stride = {1, 2}}, "stride has 2 values, expected 1 or 3"},
        {{.input = three, .kernel = three, .dilation = {1, 1, 1, 1}}, "dilation has 4 values, expected 1 or 3"},
        {{.input = three, .kernel = three, .padding = {{0, 0}, {0, 0}}}, "padding has 2 values, expected 1 or 3"},
        {{.input = three, .kernel = three, .boundary = {Boundary::zero, Boundary::zero}},
         "boundary has 2 values, expected 1 or 3"},
    };
    for (const BadConvolution& bad : table) refused<GeometryError>(bad);
    refused<GeometryError>(BadTransposed{{.input = three, .kernel = three, .output_padding = {0, 0}},
                                         "output padding has 2 values, expected 1 or 3"});
    refused<GeometryError>(BadTransposed{{.input = {5}, .kernel = {3}, .output_size = {7, 7}},
                                         "output size has 2 values, expected 1 or 1"});
}

BOOST_AUTO_TEST_CASE(a_boundary_must_be_an_enumerator) {
    refused<GeometryError>(BadConvolution{{.input = {5}, .kernel = {3}, .boundary = {static_cast<Boundary>(-1)}},
                                          "no enumerator has the value -1"});
}

BOOST_AUTO_TEST_CASE(groups_divide_both_numbers_of_channels) {
    const auto spec = [](Index in, Index out, Index groups) {
        return ConvSpec{.input = {5}, .kernel = {3}, .in_channels = in, .out_channels = out, .groups = groups};
    };
    const BadConvolution table[] = {
        {spec(0, 1, 1), "input channels is 0, expected at least 1"},
        {spec(-3, 1, 1), "input channels is -3, expected at least 1"},
        {spec(1, 0, 1), "output channels is 0, expected at least 1"},
        {spec(4, 4, 0), "groups is 0, expected at least 1"},
        {spec(4, 4, -2), "groups is -2, expected at least 1"},
        {spec(3, 4, 2), "groups is 2, expected a divisor of 3 input channels and 4 output channels"},
        {spec(4, 3, 2), "groups is 2, expected a divisor of 4 input channels and 3 output channels"},
        {spec(2, 2, 4), "groups is 4, expected a divisor of 2 input channels and 2 output channels"},
    };
    for (const BadConvolution& bad : table) refused<GeometryError>(bad);
    BOOST_CHECK_NO_THROW(ConvGeometry(spec(4, 6, 2)));
}

BOOST_AUTO_TEST_CASE(the_kernel_fits_the_padded_input) {
    const BadConvolution table[] = {
        {{.input = {2}, .kernel = {3}},
         "axis 0: the kernel does not fit: effective kernel extent 3 = dilation 1 * "
         "(kernel 3 - 1) + 1 is more than 2 = input 2 + padding 0 + 0"},
        {{.input = {9, 9}, .kernel = {3, 3}, .dilation = {1, 5}},
         "axis 1: the kernel does not fit: effective kernel extent 11 = dilation 5 * (kernel 3 - 1) + 1 is more than "
         "9"},
        {{.input = {4}, .kernel = {3}, .padding = {{-1, -1}}}, "is more than 2 = input 4 + padding -1 + -1"},
        {{.input = {4}, .kernel = {1}, .padding = {{-4, 0}}}, "is more than 0 = input 4 + padding -4 + 0"},
        {{.input = {4}, .kernel = {1}, .padding = {{-3, -3}}}, "is more than -2 = input 4 + padding -3 + -3"},
    };
    for (const BadConvolution& bad : table) refused<GeometryError>(bad);
    BOOST_CHECK_NO_THROW(ConvGeometry({.input = {2}, .kernel = {3}, .padding = {{0, 1}}}));
    BOOST_CHECK_NO_THROW(ConvGeometry({.input = {4}, .kernel = {1}, .padding = {{-3, 0}}}));
}

BOOST_AUTO_TEST_CASE(a_transposed_layers_output_padding_stays_below_stride_or_dilation) {
    const BadTransposed table[] = {
        {{.input = {5}, .kernel = {3}, .output_padding = {1}},
         "output padding is 1 on axis 0, expected 0 to 0 = max(stride 1, dilation 1) - 1"},
        {{.input = {5}, .kernel = {3}, .stride = {3}, .dilation = {2}, .output_padding = {3}},
         "output padding is 3 on axis 0, expected 0 to 2 = max(stride 3, dilation 2) - 1"},
        {{.input = {5, 5}, .kernel = {3, 3}, .stride = {2, 1}, .dilation = {1, 4}, .output_padding = {1, 4}},
         "output padding is 4 on axis 1, expected 0 to 3 = max(stride 1, dilation 4) - 1"},
        {{.input = {5}, .kernel = {3}, .stride = {2}, .output_padding = {-1}},
         "output padding is -1 on axis 0, expected 0 to 1"},
    };
    for (const BadTransposed& bad : table) refused<GeometryError>(bad);
}

BOOST_AUTO_TEST_CASE(a_transposed_layers_output_size_is_one_it_can_have) {
    const TransposedSpec layer = {.input = {4}, .kernel = {3}, .stride = {2}, .padding = {{1, 1}}}; // writes 7 or 8
    const auto sized = [&](Shape size) {
        TransposedSpec spec = layer;
        spec.output_size = std::move(size);
        return spec;
    };
    const std::string range = ", expected 7 to 8 for input 4, stride 2, effective kernel 3, padding 1 + 1";
    refused<GeometryError>(BadTransposed{sized({6}), "output size is 6 on axis 0" + range});
    refused<GeometryError>(BadTransposed{sized({9}), "output size is 9 on axis 0" + range});
    refused<GeometryError>(BadTransposed{sized({-7}), "output size is -7 on axis 0" + range});
    BOOST_TEST(ConvGeometry::from_transposed(sized({7})).axis(0).input == 7);
    BOOST_TEST(ConvGeometry::from_transposed(sized({8})).axis(0).input == 8);

    TransposedSpec both = sized({7});
    both.output_padding = {0};
    refused<GeometryError>(BadTransposed{both, "output padding and output size are both given"});
}

BOOST_AUTO_TEST_CASE(a_transposed_layer_must_write_something) {
    const BadTransposed table[] = {
        {{.input = {1}, .kernel = {3}, .padding = {{2, 1}}},
         "axis 0: the transposed layer has no output: stride 1 * (input 1 - 1) + effective kernel 3 - padding 2 - 1 + "
         "output padding 0 = 0, expected at least 1"},
        {{.input = {2}, .kernel = {2}, .stride = {2}, .padding = {{3, 3}}, .output_padding = {1}},
         "stride 2 * (input 2 - 1) + effective kernel 2 - padding 3 - 3 + output padding 1 = -1"},
        {{.input = {1}, .kernel = {1}, .padding = {{1, 1}}, .output_size = {0}}, "output size is 0 on axis 0"},
        {{.input = {1}, .kernel = {1}, .stride = {4}, .padding = {{1, 1}}, .output_size = {0}},
         "output size is 0 on axis 0, expected 1 to 2"}, // the formula alone says -1 to 2
        {{.input = {0}, .kernel = {3}}, "input extent is 0 on axis 0, expected at least 1"},
        {{.input = {}, .kernel = {}}, "input has no spatial axis"},
        {{.input = {4}, .kernel = {3}, .stride = {0}}, "stride is 0 on axis 0"},
        {{.input = {4}, .kernel = {3}, .in_channels = 4, .out_channels = 3, .groups = 2}, "groups is 2"},
        {{.input = {4}, .kernel = {3}, .in_channels = 0}, "output channels is 0"}, // W's
        {{.input = {4}, .kernel = {3}, .out_channels = 0}, "input channels is 0"},
    };
    for (const BadTransposed& bad : table) refused<GeometryError>(bad);
}

BOOST_AUTO_TEST_CASE(sizes_beyond_64_bits_are_refused) {
    constexpr Index giga = Index{1} << 31;
    const BadConvolution table[] = {
        {{.input = {5}, .kernel = {17}, .dilation = {Index{1} << 60}}, "effective kernel extent"},
        {{.input = {giga, giga, giga}, .kernel = {1, 1, 1}}, "number of input positions"},
        {{.input = {5, 5, 5}, .kernel = {1, 1, 1}, .padding = {{giga, 0}}}, "number of output positions"},
        {{.input = {giga, giga, 5},
          .kernel = {giga, giga, 5},
          .in_channels = giga,
          .out_channels = giga,
          .padding = {{0, 0}}},
         "number of input positions"},
        {{.input = {giga, giga}, .kernel = {1, 1}, .in_channels = 2}, "columns of W"},
        {{.input = {giga, giga}, .kernel = {1, 1}, .out_channels = 2}, "rows of W"},
        {{.input = {1, 1}, .kernel = {giga, giga}, .out_channels = 3, .padding = {{giga, 0}}}, "number of weights"},
        {{.input = {1}, .kernel = {1}, .in_channels = giga * 2, .out_channels = giga}, "number of weights"},
        {{.input = {5}, .kernel = {5}, .in_channels = giga, .out_channels = giga}, "number of weights"},
    };
    for (const BadConvolution& bad : table) refused<SizeError>(bad);

    const BadTransposed transposed[] = {
        {{.input = {giga * 2 + 1}, .kernel = {1}, .stride = {giga}}, "transposed output extent"}, // 2^63 + 1
        {{.input = {giga, giga}, .kernel = {1, 1}, .stride = {2}}, "number of input positions"},
    };
    for (const BadTransposed& bad : transposed) refused<SizeError>(bad);
}

BOOST_AUTO_TEST_CASE(numbers_too_large_to_be_added_are_refused_by_name) {
    const BadConvolution table[] = {
        {{.input = {most}, .kernel = {3}}, "input extent is 9223372036854775807 on axis 0, expected at most 2^60"},
        {{.input = {5}, .kernel = {3}, .stride = {most}}, "stride is 9223372036854775807 on axis 0"},
        {{.input = {5}, .kernel = {1}, .dilation = {most}}, "dilation is 9223372036854775807 on axis 0"},
        {{.input = {5}, .kernel = {3}, .padding = {{-most, most}}}, "padding is -9223372036854775807 on axis 0"},
    };
    for (const BadConvolution& bad : table) refused<GeometryError>(bad);
    refused<GeometryError>(BadTransposed{{.input = {3}, .kernel = {3}, .stride = {Index{1} << 60}},
                                         "input extent is 2305843009213693955"});
}

BOOST_AUTO_TEST_CASE(antireflective_coefficients_that_overflow_are_refused) {
    constexpr Index wide = 4'000'000'000'000;
    throws_saying<SizeError>(
        [] {
            ConvGeometry({.input = {2, 2},
                          .kernel = {1, 1},
                          .stride = {wide},
                          .padding = {{wide, 0}},
                          .boundary = {Boundary::antireflective}});
        },
        "antireflective coefficients");
}

} // namespace refusals_test
