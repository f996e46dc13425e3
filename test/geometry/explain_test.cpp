#include <string>

#include <boost/test/unit_test.hpp>

#include <convmat/geometry/conv_geometry.hpp>

namespace explain_test {

namespace {

using namespace convmat;

void says(const ConvGeometry& geometry, const std::string& part) {
    const std::string text = geometry.explain();
    BOOST_TEST(text.find(part) != std::string::npos, "'" << part << "' is not in:\n" << text);
}

void does_not_say(const ConvGeometry& geometry, const std::string& part) {
    const std::string text = geometry.explain();
    BOOST_TEST(text.find(part) == std::string::npos, "'" << part << "' is in:\n" << text);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_chapters_layer_is_explained_whole) {
    const ConvGeometry geometry({.input = {3, 3}, .kernel = {2, 2}});
    BOOST_TEST(geometry.explain() ==
               "W maps 1x3x3 to 1x2x2 (channels x positions): 4 rows, 9 columns.\n"
               "Axis 0: m = floor((3 + 0 + 0 - 2) / 1) + 1 = 2. The windows end exactly at the padded input's end, so "
               "the transposed layer writes 3 positions with output padding 0.\n"
               "Axis 1: m = floor((3 + 0 + 0 - 2) / 1) + 1 = 2. The windows end exactly at the padded input's end, so "
               "the transposed layer writes 3 positions with output padding 0.\n");
}

BOOST_AUTO_TEST_CASE(a_remainder_is_named_with_the_inputs_that_share_the_output) {
    const ConvGeometry geometry({.input = {224}, .kernel = {7}, .stride = {2}, .padding = {{3, 3}}});
    says(geometry, "W maps 1x224 to 1x112");
    says(geometry, "m = floor((224 + 3 + 3 - 7) / 2) + 1 = 112.");
    says(geometry, " 1 padded position after the last window is never read");
    says(geometry, "needs output padding 1 to write 224 positions");
    says(geometry, "Inputs of 223 to 224 all give 112 outputs.");
    says(geometry, "Positions outside the input are zero, and the transpose drops what lands there.");

    const ConvGeometry three({.input = {10}, .kernel = {3}, .stride = {4}}); // windows at 0 and 4
    says(three, " 3 padded positions after the last window are never read");
    says(three, "needs output padding 3 to write 10 positions");
    says(three, "Inputs of 7 to 10 all give 2 outputs.");
    does_not_say(three, "outside the input");
}

BOOST_AUTO_TEST_CASE(dilation_crop_and_boundary_are_named_where_they_matter) {
    const ConvGeometry geometry({.input = {12, 9},
                                 .kernel = {3, 2},
                                 .dilation = {4, 1},
                                 .padding = {{2, 1}, {-1, -2}},
                                 .boundary = {Boundary::whole_symmetric, Boundary::zero}});
    says(geometry,
         "m = floor((12 + 2 + 1 - 9) / 1) + 1 = 7, where the kernel of 3 reaches over 9 = 4*(3-1)+1 positions.");
    says(geometry,
         "Positions outside the input are whole_symmetric, and the transpose folds what lands there back in.");
    says(geometry, "Axis 1: m = floor((9 - 1 - 2 - 2) / 1) + 1 = 5.");
    says(geometry, "Negative padding crops the input.");
    does_not_say(geometry, "Positions outside the input are zero");
}

BOOST_AUTO_TEST_CASE(groups_and_depthwise_layers_are_named) {
    const ConvGeometry depthwise({.input = {8}, .kernel = {3}, .in_channels = 6, .out_channels = 12, .groups = 6});
    says(depthwise, "W maps 6x8 to 12x6 (channels x positions): 72 rows, 48 columns.");
    says(depthwise, "Its 6 groups read 1 and write 2 channels each (depthwise): W is block diagonal.");

    const ConvGeometry grouped({.input = {8}, .kernel = {3}, .in_channels = 6, .out_channels = 4, .groups = 2});
    says(grouped, "Its 2 groups read 3 and write 2 channels each: W is block diagonal.");
    does_not_say(ConvGeometry({.input = {8}, .kernel = {3}}), "group");
}

BOOST_AUTO_TEST_CASE(a_transposed_layer_that_drops_rows_says_so) {
    const ConvGeometry geometry =
        ConvGeometry::from_transposed({.input = {5}, .kernel = {2}, .dilation = {3}, .output_padding = {2}});
    says(geometry, "m = floor((10 + 0 + 0 - 4) / 1) + 1 = 7");
    says(geometry, "the layer keeps the first 5 of them");
    says(geometry, "needs output padding 2 to write 10 positions");
}

BOOST_AUTO_TEST_CASE(output_padding_beyond_the_crop_is_not_said_to_add_no_zeros) {
    // Windows at 0 and 4 reach to 6: the transposed layer's last three of 10 positions are zeros.
    const ConvGeometry beyond({.input = {10}, .kernel = {3}, .stride = {4}});
    does_not_say(beyond, "adds no zeros");
    // Padding 2 at the end, remainder 1: the position gained was cropped, and is not zero.
    says(ConvGeometry({.input = {8}, .kernel = {5}, .stride = {2}, .padding = {{2, 2}}}), "it adds no zeros");
}

} // namespace explain_test
