#include <convmat/picture/steps.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <convmat/picture/maps.hpp>
#include <convmat/reference/loops.hpp>

#include "panels.hpp"
#include "xml.hpp"

namespace steps_test {

using namespace convmat;
using namespace convmat::test;

namespace {

const Tensor<double> chapter_kernel({1, 1, 2, 2}, {0, 1, 2, 3});

} // namespace

BOOST_AUTO_TEST_SUITE(steps_and_maps)

BOOST_AUTO_TEST_CASE(a_row_is_the_window_that_its_output_reads) {
    const ConvGeometry geometry({.input = {3, 3}, .kernel = {2, 2}});
    const Figure figure = row_figure(geometry, chapter_kernel, 1);
    const Panel& x = panel_of(figure, 0, 0);
    BOOST_TEST((x.texts == std::vector<std::string>{"", "0", "1", "", "2", "3", "", "", ""}));
    const Panel& key = panel_of(figure, 0, 2);
    BOOST_TEST(x.colours[1] == key.colours[0]);
    BOOST_TEST(x.colours[5] == key.colours[3]);
    const Panel& y = panel_of(figure, 0, 1);
    BOOST_TEST(y.frames.front().row == 0);
    BOOST_TEST(y.frames.front().col == 1);
    BOOST_TEST(panel_of(figure, 1, 0).frames.front().row == 1);
    BOOST_TEST(balanced(figure_svg(figure)));
}

BOOST_AUTO_TEST_CASE(a_column_is_what_its_input_feeds) {
    const ConvGeometry geometry({.input = {3, 3}, .kernel = {2, 2}});
    const Figure figure = column_figure(geometry, chapter_kernel, 4);
    BOOST_TEST((panel_of(figure, 0, 1).texts == std::vector<std::string>{"3", "2", "1", "0"}));
    BOOST_TEST(panel_of(figure, 1, 0).frames.front().col == 4);
}

BOOST_AUTO_TEST_CASE(stamps_add_up_to_the_transposed_layer) {
    const ConvGeometry geometry = ConvGeometry::from_transposed({.input = {2, 2}, .kernel = {2, 2}, .stride = {2}});
    const Tensor<double> y({1, 2, 2}, {0, 1, 2, 3});
    const Figure figure = stamps_figure(geometry, chapter_kernel, y);
    BOOST_TEST(figure.rows.at(1).size() == 7u); // four stamps and three signs
    BOOST_TEST((panel_of(figure, 1, 6).texts ==
                std::vector<std::string>{"", "", "", "", "", "", "", "", "", "", "0", "3", "", "", "6", "9"}));
    const Tensor<double> z = reference::transpose(geometry, chapter_kernel, y);
    BOOST_TEST((panel_of(figure, 2, 1).texts == numbers({z.values().begin(), z.values().end()})));
    BOOST_TEST(balanced(figure_svg(figure)));
}

BOOST_AUTO_TEST_CASE(channels_and_slices_are_stacked) {
    Tensor<double> array({2, 3, 2});
    array[0] = -1;
    const Panel panel = array_panel("x", array);
    BOOST_TEST(panel.rows == 6);
    BOOST_TEST((panel.row_lines == std::vector<Index>{3}));
    BOOST_TEST(panel.colours[0] == 0);
    BOOST_TEST(panel.colours[1] == no_colour);
    BOOST_TEST(array_panel("x", Tensor<double>({40, 40})).texts.empty());
}

BOOST_AUTO_TEST_CASE(grey_is_explained_wherever_it_is) {
    const ConvGeometry geometry(
        {.input = {3}, .kernel = {3}, .padding = {{1, 1}}, .boundary = {Boundary::half_symmetric}});
    const Tensor<double> kernel({1, 1, 3}, {1, 2, 4});
    BOOST_TEST(row_figure(geometry, kernel, 0).key.size() == 1u);
    BOOST_TEST(row_figure(geometry, kernel, 1).key.empty());
    BOOST_TEST(column_figure(geometry, kernel, 0).key.size() == 1u);
    BOOST_TEST(stamps_figure(geometry, kernel, Tensor<double>({1, 3}, {-1, 0, 2})).key.size() == 1u);
}

BOOST_AUTO_TEST_CASE(one_row_of_a_layer_with_a_huge_matrix_is_quick) {
    const ConvGeometry geometry({.input = {256, 256}, .kernel = {61, 61}, .padding = {{30, 30}}});
    const Tensor<double> kernel(geometry.kernel_shape());
    BOOST_TEST(row_figure(geometry, kernel, 256 * 128 + 128).rows.size() == 1u);
    BOOST_TEST(column_figure(geometry, kernel, 0).rows.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_too_large_or_not_there_is_refused) {
    const ConvGeometry small({.input = {3, 3}, .kernel = {2, 2}});
    const ConvGeometry large({.input = {300, 3}, .kernel = {2, 2}});
    BOOST_CHECK_THROW(row_figure(small, chapter_kernel, 4), ShapeError);
    BOOST_CHECK_THROW(row_figure(small, chapter_kernel, -1), ShapeError);
    BOOST_CHECK_THROW(column_figure(small, chapter_kernel, 9), ShapeError);
    BOOST_CHECK_THROW(row_figure(large, chapter_kernel, 0), ShapeError);
    BOOST_CHECK_THROW(pad_figure(large), ShapeError);
    BOOST_CHECK_THROW(overlap_figure(large), ShapeError);
    BOOST_CHECK_THROW(stamps_figure(small, chapter_kernel, Tensor<double>({1, 3, 3})), ShapeError);
    const ConvGeometry many({.input = {6, 6}, .kernel = {2, 2}});
    BOOST_CHECK_THROW(stamps_figure(many, chapter_kernel, Tensor<double>({1, 5, 5})), ShapeError);
    BOOST_CHECK_THROW(array_panel("x", Tensor<double>({0})), ShapeError);
    BOOST_CHECK_THROW(array_panel("x", Tensor<double>({2}, {1, std::nan("")})), std::invalid_argument);
    BOOST_CHECK_THROW(array_panel("x", Tensor<double>({1}, {-std::numeric_limits<double>::infinity()})),
                      std::invalid_argument);
    BOOST_CHECK_THROW(row_figure(small, Tensor<double>({1, 1, 3, 3}), 0), ShapeError);
}

BOOST_AUTO_TEST_CASE(a_huge_layer_is_refused_before_it_is_looked_at) {
    constexpr Index huge = 1'000'000'000'000'000;
    const ConvGeometry long_input({.input = {huge}, .kernel = {1}});
    BOOST_CHECK_THROW(overlap_figure(long_input), ShapeError);
    BOOST_CHECK_THROW(checkerboard_figure(long_input, Tensor<double>({1, 1, 1})), ShapeError);
    BOOST_CHECK_THROW(pad_figure(long_input), ShapeError);
    BOOST_CHECK_THROW(row_figure(long_input, Tensor<double>({1, 1, 1}), 0), ShapeError);
    const ConvGeometry long_output(
        {.input = {1}, .kernel = {1}, .padding = {{0, huge}}, .boundary = {Boundary::replicate}});
    BOOST_CHECK_THROW(overlap_figure(long_output), ShapeError);
    BOOST_CHECK_THROW(checkerboard_figure(long_output, Tensor<double>({1, 1, 1})), SizeError);
    BOOST_CHECK_THROW(pad_figure(long_output), ShapeError);
    BOOST_CHECK_THROW(column_figure(long_output, Tensor<double>({1, 1, 1}), 0), ShapeError);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace steps_test
