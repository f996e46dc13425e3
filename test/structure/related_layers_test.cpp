#include <convmat/structure/related_layers.hpp>

#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "factor_support.hpp"

namespace related_layers_test {

using namespace convmat;
using namespace convmat::test;

BOOST_AUTO_TEST_SUITE(related_layers)

BOOST_AUTO_TEST_CASE(a_layer_is_what_its_description_says) {
    test::RandomLayers layers(5);
    for (Index i = 0; i < share(100); ++i) {
        const ConvGeometry g = layers.geometry(1 + i % 4);
        const bool formula =
            std::ranges::all_of(g.axes(), [](const Axis& a) { return a.output == a.formula_output(); });
        BOOST_TEST((ConvGeometry(spec_of(g)) == g) == formula);
    }
}

BOOST_AUTO_TEST_CASE(relatives_have_the_extents_of_the_formula) {
    const ConvGeometry g({.input = {6},
                          .kernel = {2},
                          .in_channels = 2,
                          .out_channels = 4,
                          .groups = 2,
                          .stride = {2},
                          .dilation = {2},
                          .padding = {{1, 1}},
                          .boundary = {Boundary::replicate}});
    const Axis one = unit_stride(g).axis(0), valid = unpadded(g).axis(0),
               back =
                   transpose_as_convolution(
                       ConvGeometry({.input = {6}, .kernel = {2}, .stride = {2}, .dilation = {2}, .padding = {{1, 1}}}))
                       .axis(0);
    BOOST_TEST((one.stride == 1 && one.output == 6 && one.boundary == Boundary::replicate));
    BOOST_TEST((valid.input == 8 && valid.padding == Padding{} && valid.output == g.axis(0).output));
    BOOST_TEST((valid.boundary == Boundary::zero && valid.stride == 2));
    // m = 3, r = 1: five stuffed positions, padding k_eff - 1 - p = 1, and one more at the end
    BOOST_TEST((back.input == 5 && back.output == 6 && back.padding == Padding{1, 2}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace related_layers_test
