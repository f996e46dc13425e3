#include <convmat/picture/curve.hpp>

#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "xml.hpp"

namespace curve_test {

using namespace convmat;

namespace {

std::vector<double> falling(std::size_t count) {
    std::vector<double> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<double>(count - i);
    return values;
}

} // namespace

BOOST_AUTO_TEST_SUITE(curve)

BOOST_AUTO_TEST_CASE(a_picture_is_balanced_and_the_same_every_time) {
    const SingularValueCurve curve = {.values = {3, 2, 1},
                                      .title = "three",
                                      .other = {4, 1},
                                      .other_label = "the circle",
                                      .lines = {{"norm", 3}, {"bound", 4.5}}};
    const std::string svg = singular_value_curve_svg(curve);
    BOOST_TEST(balanced(svg));
    BOOST_TEST((svg == singular_value_curve_svg(curve)));
    for (const char* part : {">three<", "singular values of the circle", "norm: 3<", "bound: 4.5<",
                             "prefers-color-scheme: dark", "i, of 3 singular values"})
        BOOST_TEST(svg.find(part) != std::string::npos, part);
    BOOST_TEST(count_of(svg, "<polyline") == 2u);
    BOOST_TEST(count_of(svg, "<circle") == 5u);
}

BOOST_AUTO_TEST_CASE(a_million_values_are_thinned_out_with_both_ends_kept) {
    const std::vector<double> values = falling(1'000'000);
    const std::string svg = singular_value_curve_svg({.values = values, .other = values, .other_label = "again"});
    BOOST_TEST(svg.size() < 100'000u);
    BOOST_TEST(balanced(svg));
    const auto begin = svg.find("points=\"") + 8;
    const std::string points = svg.substr(begin, svg.find('"', begin) - begin);
    BOOST_TEST(count_of(points, ",") == 600u);
    BOOST_TEST(points.starts_with("80.0,"));
    BOOST_TEST(points.find(" 592.0,") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(one_value_and_zeros_alone_have_pictures) {
    for (const std::vector<double>& values : {std::vector<double>{2},
                                              std::vector<double>{0},
                                              std::vector<double>(9),
                                              {1e300, 1},
                                              {1e-320, 0},
                                              {std::numeric_limits<double>::max()}}) {
        const std::string svg = singular_value_curve_svg({.values = values});
        BOOST_TEST(balanced(svg));
        BOOST_TEST(svg.find("nan") == std::string::npos);
        BOOST_TEST(svg.find("inf") == std::string::npos);
    }
    BOOST_TEST(singular_value_curve_svg({.values = {2}}).find("i, of 1 singular value<") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(zeros_of_a_logarithmic_axis_lie_on_a_line_of_their_own) {
    const auto has_zero_line = [](const SingularValueCurve& curve) {
        return singular_value_curve_svg(curve).find("class=\"zero\"") != std::string::npos;
    };
    BOOST_TEST(has_zero_line({.values = {1, 1e-4, 0}}));
    BOOST_TEST(has_zero_line({.values = {1, 1e-4, 1e-17}, .zero = 1e-15}));
    BOOST_TEST(!has_zero_line({.values = {1, 1e-4}}));
    BOOST_TEST(!has_zero_line({.values = {1, 0.01, 0}}));
    BOOST_TEST(!has_zero_line({.values = {1, 0.01, 1e-17}, .zero = 1e-15}));
    const std::string svg = singular_value_curve_svg({.values = {1, 1e-4, 1e-17}, .zero = 1e-15});
    BOOST_TEST(svg.find("≤ 1e-15") != std::string::npos);
    BOOST_TEST(svg.find(">1e-4<") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(labels_are_escaped) {
    const std::string bad = "a<b>&\"c\"\x01\xff\xc3;\xed\xa0\x80";
    const std::string svg = singular_value_curve_svg(
        {.values = {2, 1}, .title = bad, .label = bad, .other = {1}, .other_label = bad, .lines = {{bad, 1}}});
    BOOST_TEST(balanced(svg));
    BOOST_TEST(count_of(svg, "a&lt;b&gt;&amp;&quot;c&quot;???;???") == 5u);
    const std::string cut = singular_value_curve_svg({.values = {1}, .title = std::string(1'000'000, '&')});
    BOOST_TEST(cut.size() < 10'000u);
    BOOST_TEST(cut.find("&amp;…<") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_no_list_of_singular_values_is_refused) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinity = std::numeric_limits<double>::infinity();
    for (const std::vector<double>& values : {std::vector<double>{}, {1, 2}, {1, -1}, {nan}, {infinity, 1}})
        BOOST_CHECK_THROW(singular_value_curve_svg({.values = values}), std::invalid_argument);
    BOOST_CHECK_THROW(singular_value_curve_svg({.values = {1}, .other = {1, 2}}), std::invalid_argument);
    BOOST_CHECK_THROW(singular_value_curve_svg({.values = {1}, .zero = nan}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(lines_that_are_not_finite_are_not_drawn) {
    const double infinity = std::numeric_limits<double>::infinity();
    const std::string svg = singular_value_curve_svg({.values = {1}, .lines = {{"none", infinity}, {"one", 1}}});
    BOOST_TEST(svg.find("none:") == std::string::npos);
    BOOST_TEST(svg.find("one: 1<") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace curve_test
