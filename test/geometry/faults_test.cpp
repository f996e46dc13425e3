// What each refusal of a geometry is about, as data: the sentences are refusals_test's.
#include <limits>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/geometry/padding.hpp>

#include "support/throws_saying.hpp"

namespace faults_test {

namespace {

using namespace convmat;
using test::throws_fault;

constexpr Index giga = Index{1} << 31;
const std::string fits = "at most 9223372036854775807 in magnitude";

struct Refused {
    ConvSpec spec;
    Fault fault;
};

struct RefusedTransposed {
    TransposedSpec spec;
    Fault fault;
};

template <class Error = GeometryError>
void check(const Refused& refused) {
    throws_fault<Error>([&] { ConvGeometry geometry(refused.spec); }, refused.fault);
}

template <class Error = GeometryError>
void check(const RefusedTransposed& refused) {
    throws_fault<Error>([&] { ConvGeometry::from_transposed(refused.spec); }, refused.fault);
}

} // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(the_numbers_of_an_axis_are_named_with_it) {
    const Index most = std::numeric_limits<Index>::max();
    const std::string magnitude = "at most 2^60 in magnitude", largest = "9223372036854775807";
    const Refused table[] = {
        {{.input = {}, .kernel = {}}, {"input", {}, "()", "at least 1"}},
        {{.input = {5, 5, 5}, .kernel = {3, 3}}, {"input", {}, "5x5x5", "as many axes as the kernel 3x3"}},
        {{.input = {5, 0}, .kernel = {1, 1}}, {"input", 1, "0", "at least 1"}},
        {{.input = {5, 5, 5}, .kernel = {3, 3, -3}}, {"kernel", 2, "-3", "at least 1"}},
        {{.input = {5, 5}, .kernel = {3, 3}, .stride = {1, -2}}, {"stride", 1, "-2", "at least 1"}},
        {{.input = {5}, .kernel = {3}, .dilation = {0}}, {"dilation", 0, "0", "at least 1"}},
        {{.input = {most}, .kernel = {3}}, {"input", 0, largest, magnitude}},
        {{.input = {5}, .kernel = {3}, .stride = {most}}, {"stride", 0, largest, magnitude}},
        {{.input = {5}, .kernel = {1}, .dilation = {most}}, {"dilation", 0, largest, magnitude}},
        {{.input = {5}, .kernel = {3}, .padding = {{-most, 0}}}, {"padding", 0, "-" + largest, magnitude}},
        {{.input = {5}, .kernel = {3}, .padding = {{0, most}}}, {"padding", 0, largest, magnitude}},
        {{.input = {2}, .kernel = {3}}, {"input", 0, "2", "at least 3 with its padding"}},
        {{.input = {9, 9}, .kernel = {3, 3}, .dilation = {1, 5}}, {"input", 1, "9", "at least 11 with its padding"}},
    };
    for (const Refused& refused : table) check(refused);
}

BOOST_AUTO_TEST_CASE(lists_are_named) {
    const Shape three = {5, 5, 5};
    const std::string expected = "1 or 3, one for each spatial axis";
    const Refused table[] = {
        {{.input = three, .kernel = three, .stride = {1, 2}}, {"stride", {}, "2 values", expected}},
        {{.input = three, .kernel = three, .dilation = {1, 1}}, {"dilation", {}, "2 values", expected}},
        {{.input = three, .kernel = three, .padding = {{}, {}}}, {"padding", {}, "2 values", expected}},
        {{.input = three, .kernel = three, .boundary = {Boundary::zero, Boundary::zero}},
         {"boundary", {}, "2 values", expected}},
        {{.input = {5}, .kernel = {3}, .boundary = {static_cast<Boundary>(-1)}},
         {"boundary", {}, "-1", "an enumerator"}},
    };
    for (const Refused& refused : table) check(refused);
    check(RefusedTransposed{{.input = three, .kernel = three, .output_padding = {0, 0}},
                            {"output_padding", {}, "2 values", expected}});
    check(RefusedTransposed{{.input = three, .kernel = three, .output_size = {7, 7}},
                            {"output_size", {}, "2 values", expected}});
    throws_fault<GeometryError>([] { boundary_from_string("mirror"); },
                                {"boundary",
                                 {},
                                 "mirror",
                                 "one of zero, periodic, half_symmetric, whole_symmetric, replicate, antireflective"});
}

BOOST_AUTO_TEST_CASE(channels_are_those_of_the_spec) {
    const auto spec = [](Index in, Index out, Index groups) {
        return ConvSpec{.input = {5}, .kernel = {3}, .in_channels = in, .out_channels = out, .groups = groups};
    };
    const Refused table[] = {
        {spec(-3, 1, 1), {"in_channels", {}, "-3", "at least 1"}},
        {spec(1, 0, 1), {"out_channels", {}, "0", "at least 1"}},
        {spec(4, 4, 0), {"groups", {}, "0", "at least 1"}},
        {spec(3, 4, 2), {"groups", {}, "2", "a divisor of 3 input channels and 4 output channels"}},
    };
    for (const Refused& refused : table) check(refused);
    check(RefusedTransposed{{.input = {4}, .kernel = {3}, .in_channels = 0}, {"in_channels", {}, "0", "at least 1"}});
    check(RefusedTransposed{{.input = {4}, .kernel = {3}, .out_channels = 0}, {"out_channels", {}, "0", "at least 1"}});
}

BOOST_AUTO_TEST_CASE(a_transposed_layers_own_numbers_are_named) {
    const TransposedSpec sized = {
        .input = {4}, .kernel = {3}, .stride = {2}, .padding = {{1, 1}}, .output_size = {6}}; // 7 or 8 would do
    TransposedSpec both = sized;
    both.output_padding = {0};
    const RefusedTransposed table[] = {
        {{.input = {5, 5}, .kernel = {3, 3}, .stride = {2, 1}, .output_padding = {1, 4}},
         {"output_padding", 1, "4", "0 to 0 = max(stride 1, dilation 1) - 1"}},
        {sized, {"output_size", 0, "6", "7 to 8 for input 4, stride 2, effective kernel 3, padding 1 + 1"}},
        {{.input = {1}, .kernel = {1}, .padding = {{1, 1}}, .output_size = {0}},
         {"output_size", 0, "0",
          "less padding: there is no output for input 1, stride 1, effective kernel 1, padding 1 + 1"}},
        {both, {"output_padding", {}, "0", "at most one of them"}},
        {{.input = {1}, .kernel = {3}, .padding = {{2, 1}}}, {"input", 0, "1", "at least 1"}},
        {{.input = {3}, .kernel = {3}, .stride = {Index{1} << 60}},
         {"input", 0, "2305843009213693955", "at most 2^60 in magnitude"}},
    };
    for (const RefusedTransposed& refused : table) check(refused);
}

BOOST_AUTO_TEST_CASE(a_size_names_the_parameter_that_alone_made_it_too_large) {
    const Refused table[] = {
        {{.input = {5, 5}, .kernel = {1, 17}, .dilation = {Index{1} << 60}},
         {"dilation", 1, "1152921504606846976 * 16", fits}},
        {{.input = {giga, giga, giga}, .kernel = {1, 1, 1}}, {"input", {}, "4611686018427387904 * 2147483648", fits}},
        {{.input = {giga, giga}, .kernel = {1, 1}, .in_channels = 2}, {"input", {}, "2 * 4611686018427387904", fits}},
        {{.input = {5, 5, 5}, .kernel = {1, 1, 1}, .padding = {{giga, 0}}},
         {"", {}, "4611686039902224409 * 2147483653", fits}},
        {{.input = {giga, giga}, .kernel = {1, 1}, .out_channels = 2}, {"", {}, "2 * 4611686018427387904", fits}},
        {{.input = {1}, .kernel = {1}, .in_channels = giga * 2, .out_channels = giga},
         {"kernel", {}, "2147483648 * 4294967296", fits}},
        {{.input = {1, 1}, .kernel = {giga, giga}, .out_channels = 3, .padding = {{giga, 0}}},
         {"kernel", {}, "3 * 4611686018427387904", fits}},
        {{.input = {1, 1, 1}, .kernel = {giga, giga, giga}, .padding = {{giga, 0}}},
         {"kernel", {}, "4611686018427387904 * 2147483648", fits}},
        {{.input = {2, 2},
          .kernel = {1, 1},
          .stride = {4'000'000'000'000},
          .padding = {{4'000'000'000'000, 0}},
          .boundary = {Boundary::antireflective}},
         {"padding", {}, "4000000000004 * 4000000000004", fits}},
    };
    for (const Refused& refused : table) check<SizeError>(refused);
    check<SizeError>(RefusedTransposed{{.input = {giga * 2 + 1}, .kernel = {1}, .stride = {giga}},
                                       {"input", 0, "2147483648 * 4294967296", fits}});
}

BOOST_AUTO_TEST_CASE(padding_rules_name_what_is_wrong) {
    const ConvSpec dilation = {.input = {5}, .kernel = {3}, .dilation = {0}},
                   stride = {.input = {5}, .kernel = {3}, .stride = {0}}, input = {.input = {0}, .kernel = {3}},
                   kernel = {.input = {5}, .kernel = {0}};
    throws_fault<GeometryError>([&] { full_padding(dilation); }, {"dilation", 0, "0", "at least 1"});
    throws_fault<GeometryError>([&] { full_padding(kernel); }, {"kernel", 0, "0", "at least 1"});
    throws_fault<GeometryError>([&] { same_padding(stride); }, {"stride", 0, "0", "at least 1"});
    throws_fault<GeometryError>([&] { same_padding(input); }, {"input", 0, "0", "at least 1"});
    throws_fault<GeometryError>([] { same_padding(TransposedSpec{.input = {5}, .kernel = {3}, .stride = {-1}}); },
                                {"stride", 0, "-1", "at least 1"});
    throws_fault<SizeError>([] { full_padding(ConvSpec{.input = {5}, .kernel = {17}, .dilation = {Index{1} << 60}}); },
                            {"dilation", 0, "1152921504606846976 * 16", fits});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace faults_test
