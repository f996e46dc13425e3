#include <convmat/picture/maps.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <convmat/reference/loops.hpp>

#include "panels.hpp"
#include "xml.hpp"

namespace maps_test {

using namespace convmat;
using namespace convmat::test;

BOOST_AUTO_TEST_SUITE(maps)

BOOST_AUTO_TEST_CASE(the_pad_matrix_is_what_the_boundary_says) {
    const ConvGeometry geometry(
        {.input = {3}, .kernel = {3}, .padding = {{1, 1}}, .boundary = {Boundary::antireflective}});
    const Figure figure = pad_figure(geometry);
    const Panel& p = panel_of(figure, 0, 0);
    BOOST_TEST(
        (p.texts == std::vector<std::string>{"2", "-1", "", "1", "", "", "", "1", "", "", "", "1", "", "-1", "2"}));
    BOOST_TEST(p.row_ticks.front().label == "-1");
    BOOST_TEST((p.row_lines == std::vector<Index>{1, 4}));
}

BOOST_AUTO_TEST_CASE(overlap_counts_the_stamps_and_the_checkerboard_weighs_them) {
    for (const Boundary boundary : all_boundaries) {
        const ConvGeometry geometry(
            {.input = {7, 6}, .kernel = {3, 3}, .stride = {2, 1}, .padding = {{1, 1}}, .boundary = {boundary}});
        Tensor<double> ones(geometry.kernel_shape()), y(geometry.output_shape());
        std::ranges::fill(ones.values(), 1.0);
        std::ranges::fill(y.values(), 1.0);
        const Tensor<double> z = reference::transpose(geometry, ones, y);
        const std::vector<std::string> expected = numbers({z.values().begin(), z.values().end()});
        if (boundary != Boundary::antireflective) // whose coefficients may be negative
            BOOST_TEST((panel_of(overlap_figure(geometry), 0, 0).texts == expected));
        BOOST_TEST((panel_of(checkerboard_figure(geometry, ones), 0, 0).texts == expected));
    }
}

BOOST_AUTO_TEST_CASE(overlap_is_even_where_the_stride_divides_the_kernel) {
    const auto caption = [](Index k, Index s, Index d) {
        const ConvGeometry layer =
            ConvGeometry::from_transposed({.input = {5}, .kernel = {k}, .stride = {s}, .dilation = {d}});
        return overlap_figure(layer).caption.front();
    };
    BOOST_TEST(caption(4, 2, 1).starts_with("Even away from the border: no"));
    BOOST_TEST(caption(4, 2, 3).starts_with("Even away from the border: no"));
    BOOST_TEST(caption(3, 2, 1).starts_with("Uneven also"));
    BOOST_TEST(caption(4, 2, 2).starts_with("Uneven also"));
    BOOST_TEST(caption(11, 2, 1).starts_with("All of this is near the border. A larger picture is uneven"));
    BOOST_TEST(caption(12, 2, 1).starts_with("All of this is near the border. A larger picture is even"));
}

BOOST_AUTO_TEST_CASE(u7_nothing_is_uneven_at_stride_1_however_small_the_picture) {
    for (const Index n : {3, 4, 9}) {
        const ConvGeometry layer({.input = {n, n}, .kernel = {3, 3}});
        BOOST_TEST(overlap_figure(layer).caption.front().starts_with("Even away from the border: at stride 1"));
    }
}

BOOST_AUTO_TEST_CASE(overlap_is_said_to_be_even_where_the_counts_of_a_long_axis_are) {
    for (const Boundary boundary : {Boundary::zero, Boundary::half_symmetric})
        for (Index k = 1; k <= 5; ++k)
            for (Index s = 1; s <= 4; ++s)
                for (Index d = 1; d <= 4; ++d) {
                    constexpr Index n = 200, padding = 30; // wider than the kernel: copies of it are counted, too
                    const ConvGeometry layer({.input = {n},
                                              .kernel = {k},
                                              .stride = {s},
                                              .dilation = {d},
                                              .padding = {{padding, padding}},
                                              .boundary = {boundary}});
                    Tensor<double> ones(layer.kernel_shape()), y(layer.output_shape());
                    std::ranges::fill(ones.values(), 1.0);
                    std::ranges::fill(y.values(), 1.0);
                    const Tensor<double> z = reference::transpose(layer, ones, y);
                    const auto [least, most] = std::minmax_element(z.data() + 60, z.data() + n - 60);
                    BOOST_TEST(overlap_figure(layer).caption.front().starts_with(*least == *most ? "Even" : "Uneven"));
                }
}

BOOST_AUTO_TEST_CASE(an_odd_reflection_of_an_odd_reflection_has_its_picture) {
    const ConvGeometry geometry(
        {.input = {3}, .kernel = {3}, .padding = {{4, 4}}, .boundary = {Boundary::antireflective}});
    const Figure figure = pad_figure(geometry);
    BOOST_TEST(balanced(figure_svg(figure)));
    BOOST_TEST(std::ranges::max(panel_of(figure, 0, 0).colours) == 16);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace maps_test
