// What the refusals of this room are about, as data.
#include <cmath>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>
#include <convmat/picture/curve.hpp>
#include <convmat/picture/figure.hpp>
#include <convmat/picture/l_curve.hpp>
#include <convmat/picture/maps.hpp>
#include <convmat/picture/spy.hpp>
#include <convmat/picture/steps.hpp>

#include "support/throws_saying.hpp"

namespace faults_test {

using namespace convmat;
using test::throws_fault;

namespace {

template <class Error>
void refused(const Panel& panel, const Fault& fault) {
    throws_fault<Error>([&] { figure_svg({.rows = {{panel}}}); }, fault);
    throws_fault<Error>([&] { figure_text({.rows = {{panel}}}); }, fault);
}

} // namespace

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(curves) {
    const auto curve = [](SingularValueCurve c) { singular_value_curve_svg(c); };
    const std::string descending = "finite values, the largest first, down to 0";
    throws_fault<ArgumentError>([&] { curve({.values = {}}); }, {"values", {}, "none", "at least one"});
    throws_fault<ArgumentError>([&] { curve({.values = {1, 2}}); }, {"values", {}, "2", descending});
    throws_fault<ArgumentError>([&] { curve({.values = {1}, .other = {-1}}); }, {"other", {}, "-1", descending});
    throws_fault<ArgumentError>([&] { curve({.values = {1}, .zero = -1}); }, {"zero", {}, "-1", "0 or more"});
    const auto l_curve = [](LCurve c) { l_curve_svg(c); };
    throws_fault<ArgumentError>(
        [&] {
            l_curve({.points = {{-1, 1, 1}}});
        },
        {"lambda", {}, "-1", "0 or more, and finite"});
    throws_fault<ArgumentError>(
        [&] {
            l_curve({.points = {{1, 1, 1}, {1, 1, 1}}});
        },
        {"lambda", {}, "1", "a larger one"});
    throws_fault<ArgumentError>([&] { l_curve({.points = {{1, -1, 1}}}); }, {"residual_norm", {}, "-1", "0 or more"});
    throws_fault<ArgumentError>([&] { l_curve({.points = {{1, 1, -1}}}); }, {"penalty_norm", {}, "-1", "0 or more"});
    throws_fault<ArgumentError>(
        [&] {
            l_curve({.points = {{1, 1, 1}}, .chosen = -1});
        },
        {"chosen", {}, "-1", "0 or more, and finite"});
    throws_fault<ArgumentError>([&] { l_curve({.points = {{1, 0, 1}}}); }, {"points", {}, "1 points", "one"});
}

BOOST_AUTO_TEST_CASE(panels) {
    const auto two = [](int colour) { return Panel{.rows = 1, .cols = 2, .colours = {0, colour}}; };
    refused<ArgumentError>({}, {"panel", {}, "0 colours and 0 texts", "one for each cell (no text at all is fine)"});
    refused<ArgumentError>(two(100'000'000), {"colour", {}, "100000000", "-1 to 39"});
    Panel ticked = two(0);
    ticked.row_ticks = {{2, "x"}};
    refused<ArgumentError>(ticked, {"ticks", {}, "2", "0 to 1"});
    throws_fault<ArgumentError>(
        [] {
            figure_svg({.rows = {{ImagePanel{.title = "x", .png = {1, 2, 3}}}}});
        },
        {"png", {}, "3 bytes", "a PNG file's bytes and a zoom of at least 1"});
}

BOOST_AUTO_TEST_CASE(spies) {
    const ConvGeometry line({.input = {3}, .kernel = {2}}), wide({.input = {10'000, 10'000}, .kernel = {1, 1}});
    const ConvGeometry huge({.input = {10'000'000, 10'000'000}, .kernel = {1, 1}});
    const Eigen::SparseMatrix<double> empty(0, 3), zero(2, 3);
    const Tensor<double> one({1, 1, 1, 1}, {1});
    throws_fault<ShapeError>([&] { spy(line, Tensor<double>({1, 1, 3})); }, {"kernel", {}, "1x1x3", "1x1x2"});
    throws_fault<ArgumentError>(
        [&] {
            spy(line, Tensor<double>({1, 1, 2}, {1, std::nan("")}));
        },
        {"matrix", {}, "nan", "a finite value"});
    throws_fault<ArgumentError>([&] { spy(empty); }, {"matrix", {}, "0x3", "at least one of each"});
    throws_fault<ArgumentError>([&] { spy(zero, {.colour = SpyColour::tap}); },
                                {"colour", {}, "tap", "a layer that it belongs to"});
    throws_fault<ArgumentError>([&] { spy(zero, {.most_rows = 0}); },
                                {"most_rows", {}, "0", "at least one row and one column"});
    throws_fault<ArgumentError>([&] { spy(zero, {.most_cols = -1}); },
                                {"most_cols", {}, "-1", "at least one row and one column"});
    throws_fault<SizeError>([&] { spy(wide, one, Form::matrix, {.most_rows = 5000, .most_cols = 5000}); },
                            {"most_rows", {}, "5000x5000 cells", "at most 10000000"});
    throws_fault<SizeError>([&] { spy(huge, one); }, {"geometry", {}, "100000000000000 rows", "at most 10000000000"});
}

BOOST_AUTO_TEST_CASE(steps_and_maps) {
    const ConvGeometry small({.input = {3, 3}, .kernel = {2, 2}}), many({.input = {6, 6}, .kernel = {2, 2}});
    const ConvGeometry large({.input = {300, 3}, .kernel = {2, 2}}), square({.input = {200, 200}, .kernel = {2, 2}});
    const Tensor<double> kernel({1, 1, 2, 2}, {0, 1, 2, 3});
    throws_fault<ShapeError>([&] { row_figure(small, kernel, 4); }, {"row", {}, "4", "0 to 3"});
    throws_fault<ShapeError>([&] { column_figure(small, kernel, -1); }, {"column", {}, "-1", "0 to 8"});
    throws_fault<ShapeError>(
        [&] {
            row_figure(small, Tensor<double>({1, 1, 3, 3}), 0);
        },
        {"kernel", {}, "1x1x3x3", "1x1x2x2"});
    throws_fault<ShapeError>(
        [&] {
            stamps_figure(small, kernel, Tensor<double>({1, 3, 3}));
        },
        {"y", {}, "1x3x3", "1x2x2"});
    throws_fault<ShapeError>(
        [&] {
            stamps_figure(many, kernel, Tensor<double>({1, 5, 5}));
        },
        {"y", {}, "25", "at most 16"});
    throws_fault<ArgumentError>(
        [] {
            array_panel("x", Tensor<double>({2}, {1, std::nan("")}));
        },
        {"array", {}, "nan", "finite values"});
    throws_fault<ShapeError>([] { array_panel("x", Tensor<double>({0})); }, {"shape", {}, "0", "1x1 to 256x256"});
    throws_fault<ShapeError>([&] { pad_figure(large); }, {"geometry", 0, "300 positions", "at most 64"});
    throws_fault<ShapeError>(
        [&] {
            checkerboard_figure(square, Tensor<double>({1, 1, 3, 3}));
        },
        {"kernel", {}, "1x1x3x3", "1x1x2x2"});
    constexpr Index far = Index{1} << 40;
    const ConvGeometry long_output(
        {.input = {1}, .kernel = {1}, .padding = {{0, far}}, .boundary = {Boundary::replicate}});
    throws_fault<ShapeError>([&] { overlap_figure(long_output); },
                             {"axis", {}, "1099511627777 outputs of 1 taps", "at most 10000000 pairs of them"});
    throws_fault<SizeError>(
        [&] {
            checkerboard_figure(long_output, Tensor<double>({1, 1, 1}));
        },
        {"geometry", {}, "1099511627777 outputs", "at most 10000000"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace faults_test
