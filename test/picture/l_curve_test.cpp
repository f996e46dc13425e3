#include <convmat/picture/l_curve.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "xml.hpp"

namespace l_curve_test {

using namespace convmat;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

// Where the panel of the picture begins and ends.
constexpr double left = 72;
constexpr double right = 848;
constexpr double top = 56;
constexpr double bottom = 440;

// Both norms vary by a decade with each decade of λ, so that the curve is a straight line.
std::vector<LCurvePoint> straight(int first, int last, int a_decade) {
    std::vector<LCurvePoint> points;
    for (int i = first * a_decade; i <= last * a_decade; ++i) {
        const double lambda = std::pow(10, static_cast<double>(i) / a_decade);
        points.push_back({lambda, lambda, 1 / lambda});
    }
    return points;
}

// The numbers that `name` has in the elements of a class, in the order of the picture.
std::vector<double> attributes(const std::string& svg, const std::string& style, const std::string& name) {
    std::vector<double> values;
    for (auto at = svg.find("class=\"" + style + "\""); at != std::string::npos;
         at = svg.find("class=\"" + style + "\"", at + 1)) {
        const auto begin = svg.rfind('<', at);
        values.push_back(std::stod(svg.substr(svg.find(name + "=\"", begin) + name.size() + 2)));
    }
    return values;
}

bool has(const std::string& svg, const std::string& part) { return svg.find(part) != std::string::npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(l_curve)

BOOST_AUTO_TEST_CASE(a_picture_is_balanced_and_the_same_every_time) {
    const LCurve curve = {.points = straight(-3, 1, 5),
                          .title = "noise of 1 %",
                          .penalty = "||gradient of x||",
                          .chosen = 0.03,
                          .chosen_label = "generalised cross-validation"};
    const std::string svg = l_curve_svg(curve);
    BOOST_TEST(balanced(svg));
    BOOST_TEST((svg == l_curve_svg(curve)));
    for (const char* part :
         {">noise of 1 %<", ">||gradient of x||<", ">||A x - y||<", ">λ = 0.01<", ">λ = 1e-3<", ">λ = 10<",
          ">generalised cross-validation<", ">λ = 0.0251<", "prefers-color-scheme: dark"})
        BOOST_TEST(has(svg, part), part);
    BOOST_TEST(count_of(svg, "<polyline") == 1u);
    BOOST_TEST(count_of(svg, "class=\"dot\"") == 5u);
    BOOST_TEST(count_of(svg, "class=\"mark\"") == 1u);
}

BOOST_AUTO_TEST_CASE(dots_lie_at_powers_of_ten_between_the_points_around_them) {
    // λ from 10^-1.5 to 10^1.5 in steps of a whole decade: 0.1, 1 and 10 lie half way between two points.
    std::vector<LCurvePoint> points;
    for (const double exponent : {-1.5, -0.5, 0.5, 1.5})
        points.push_back({std::pow(10, exponent), std::pow(10, exponent), std::pow(10, -exponent)});
    const std::string svg = l_curve_svg({.points = points});
    const std::vector<double> x = attributes(svg, "dot", "cx");
    const std::vector<double> y = attributes(svg, "dot", "cy");
    BOOST_REQUIRE(x.size() == 3u);
    const double decade = (right - left) / 3.3; // three decades, and a twentieth of them on either side
    const double rounding = 0.051;
    for (std::size_t i = 0; i < 3; ++i) {
        const double exponent = static_cast<double>(i) - 1;
        BOOST_TEST(std::abs(x[i] - ((left + right) / 2 + exponent * decade)) < rounding);
        BOOST_TEST(std::abs(y[i] - ((top + bottom) / 2 + exponent * (bottom - top) / 3.3)) < rounding);
    }
    for (const char* label : {">λ = 0.1<", ">λ = 1<", ">λ = 10<"}) BOOST_TEST(has(svg, label), label);
}

BOOST_AUTO_TEST_CASE(the_mark_lies_on_the_point_with_the_nearest_lambda_by_ratio) {
    const std::vector<LCurvePoint> points = {{0, 1, 1000}, {0.1, 10, 100}, {10, 100, 10}, {1000, 1000, 1}};
    const auto mark_of = [&](double chosen) {
        const std::string svg = l_curve_svg({.points = points, .chosen = chosen});
        return attributes(svg, "mark", "cx").at(0);
    };
    const double decade = (right - left) / 3.3;
    const double first = (left + right) / 2 - 1.5 * decade;
    const double rounding = 0.051;
    BOOST_TEST(std::abs(mark_of(0) - first) < rounding);
    BOOST_TEST(std::abs(mark_of(1e-9) - (first + decade)) < rounding);
    BOOST_TEST(std::abs(mark_of(0.9) - (first + decade)) < rounding);
    BOOST_TEST(std::abs(mark_of(1.1) - (first + 2 * decade)) < rounding);
    BOOST_TEST(std::abs(mark_of(1e300) - (first + 3 * decade)) < rounding);
    BOOST_TEST(has(l_curve_svg({.points = points, .chosen = 1.1}), "strong\">λ = 10<"));
    BOOST_TEST(!has(l_curve_svg({.points = points}), "class=\"mark\""));
}

BOOST_AUTO_TEST_CASE(points_without_a_logarithm_are_left_out) {
    std::vector<LCurvePoint> points = straight(-1, 1, 1);
    const std::string without = l_curve_svg({.points = points});
    points.insert(points.begin(), {0, 0, 5});
    points.push_back({1e3, 5, 0});
    points.push_back({1e4, infinity, 5});
    points.push_back({1e5, 5, infinity});
    BOOST_TEST((l_curve_svg({.points = points}) == without));
}

BOOST_AUTO_TEST_CASE(every_curve_has_a_picture_with_its_labels_inside) {
    const double most = std::numeric_limits<double>::max();
    const double least = std::numeric_limits<double>::denorm_min();
    const std::string wide(40, 'W');
    for (const std::vector<LCurvePoint>& points : {std::vector<LCurvePoint>{{0, 2, 3}},
                                                   {{0.5, 2, 3}},
                                                   {{2, 1, 1}, {3, 1, 1}},
                                                   {{0, 1, 1}, {1, 1, 1}, {10, 1, 1}},
                                                   {{least, least, most}, {1, 1, 1}, {most, most, least}},
                                                   {{1, most, most}},
                                                   {{1, least, least}},
                                                   {{1, 1, 1}, {2, 1 + 1e-15, 1}},
                                                   {{1e-3, 1, 1}, {1, 3, 1}, {10, 3, 9}}}) {
        const std::string svg = l_curve_svg({.points = points, .chosen = points.back().lambda, .chosen_label = wide});
        BOOST_TEST(balanced(svg));
        BOOST_TEST(!has(svg, "nan"));
        BOOST_TEST(!has(svg, "inf"));
        BOOST_TEST(has(svg, ">" + wide + "<"));
        BOOST_TEST(attributes(svg, "grid", "x1").size() >= 2u);
        for (const double x : attributes(svg, "halo", "x")) BOOST_TEST((x >= left && x <= 880));
        for (const double y : attributes(svg, "halo", "y")) BOOST_TEST((y >= 40 && y <= bottom));
    }
}

BOOST_AUTO_TEST_CASE(what_lies_at_one_place_has_one_label) {
    std::vector<LCurvePoint> points;
    for (const double lambda : {0.0, 0.01, 0.1, 1.0}) points.push_back({lambda, 2, 3});
    const std::string svg = l_curve_svg({.points = points});
    BOOST_TEST(count_of(svg, "class=\"dot\"") == 1u);
    BOOST_TEST(has(svg, ">λ = 0 to 1<"));
    BOOST_TEST(attributes(svg, "dot", "cx").at(0) == (left + right) / 2);
    BOOST_TEST(attributes(svg, "dot", "cy").at(0) == (top + bottom) / 2);
}

BOOST_AUTO_TEST_CASE(a_range_without_two_powers_of_ten_has_its_ends_labelled) {
    const std::string svg = l_curve_svg({.points = {{2, 1, 3}, {3, 2, 2}, {5, 3, 1}}});
    BOOST_TEST(count_of(svg, "class=\"dot\"") == 2u);
    BOOST_TEST(has(svg, ">λ = 2<"));
    BOOST_TEST(has(svg, ">λ = 5<"));
}

BOOST_AUTO_TEST_CASE(axes_have_ticks_at_decades_or_nearer_ones) {
    const auto labels = [](double least, double most, const std::vector<const char*>& expected) {
        const std::string svg = l_curve_svg({.points = {{1, least, 1}, {2, most, 1}}});
        for (const char* label : expected) BOOST_TEST(has(svg, std::string("class=\"tick\">") + label + "<"), label);
    };
    labels(1e-5, 10, {"1e-5", "1e-4", "1e-3", "0.01", "0.1", "1", "10"});
    labels(1e-20, 1e20, {"1e-20", "1e-15", "1e-10", "1e-5", "1", "1e5", "1e10", "1e15", "1e20"});
    labels(0.01, 1, {"0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1"});
    labels(1e-9, 1e-7, {"1e-9", "2e-9", "5e-9", "1e-8", "2e-8", "5e-8", "1e-7"});
    labels(2, 3, {"2", "2.5", "3"});
    labels(9e7, 1.2e8, {"8e7", "1e8", "1.2e8"});
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_points_are_thinned_out_with_both_ends_kept) {
    const std::string svg = l_curve_svg({.points = straight(-5, 5, 10'000)});
    BOOST_TEST(balanced(svg));
    BOOST_TEST(svg.size() < 20'000u);
    const auto begin = svg.find("points=\"") + 8;
    const std::string points = svg.substr(begin, svg.find('"', begin) - begin);
    BOOST_TEST(count_of(points, ",") == 600u);
    BOOST_TEST(points.starts_with("107.3,73.5 "));
    BOOST_TEST(points.ends_with(" 812.7,422.5"));
}

BOOST_AUTO_TEST_CASE(labels_are_escaped_and_cut) {
    const std::string bad = "a<b>&\"c\"\x01z\xff";
    const std::string svg =
        l_curve_svg({.points = straight(-1, 1, 1), .title = bad, .penalty = bad, .chosen = 1, .chosen_label = bad});
    BOOST_TEST(balanced(svg));
    BOOST_TEST(count_of(svg, "a&lt;b&gt;&amp;&quot;c&quot;?z?<") == 4u);
    const std::string endless(1'000'000, '&');
    BOOST_TEST(
        l_curve_svg(
            {.points = straight(-1, 1, 1), .title = endless, .penalty = endless, .chosen = 1, .chosen_label = endless})
            .size() < 10'000u);
}

BOOST_AUTO_TEST_CASE(what_is_no_l_curve_is_refused) {
    for (const std::vector<LCurvePoint>& points : {std::vector<LCurvePoint>{},
                                                   {{1, 0, 1}},
                                                   {{1, 1, 0}, {2, infinity, 1}},
                                                   {{-1, 1, 1}},
                                                   {{no_number, 1, 1}},
                                                   {{infinity, 1, 1}},
                                                   {{2, 1, 1}, {1, 1, 1}},
                                                   {{1, 1, 1}, {1, 1, 1}},
                                                   {{1, -1, 1}},
                                                   {{1, 1, -1}},
                                                   {{1, no_number, 1}},
                                                   {{1, 1, 1}, {2, 1, no_number}}})
        BOOST_CHECK_THROW(l_curve_svg({.points = points}), std::invalid_argument);
    for (const double chosen : {-1.0, no_number, infinity})
        BOOST_CHECK_THROW(l_curve_svg({.points = {{1, 1, 1}}, .chosen = chosen}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace l_curve_test
