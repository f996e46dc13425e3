#include <convmat/picture/figure.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "xml.hpp"

namespace figure_test {

using namespace convmat;

namespace {

Panel two_by_three() {
    return {.title = "A & B",
            .rows = 2,
            .cols = 3,
            .palette = Palette::categories,
            .colours = {0, 0, 1, no_colour, 1, 1},
            .texts = {"1", "2", "-3", "", "5", "6"},
            .row_axis = "output u",
            .col_axis = "input i",
            .row_ticks = {{0.5, "0"}, {1.5, "1"}},
            .col_ticks = {{0.5, "0"}, {1.5, "1"}, {2.5, "2"}}};
}

std::string lines_from(const std::string& text, const std::string& begin) {
    const auto at = text.find(begin);
    return at == std::string::npos ? "" : text.substr(at);
}

} // namespace

BOOST_AUTO_TEST_SUITE(figure)

BOOST_AUTO_TEST_CASE(a_picture_is_balanced_and_the_same_every_time) {
    const Figure figure = {.title = "one < two",
                           .rows = {{two_by_three(), "+", two_by_three()}, {two_by_three()}},
                           .key = {{Palette::categories, 1, "what one is"}},
                           .ramp = Ramp{Palette::diverging, "-2", "2", "zero"},
                           .caption = {"A sentence."}};
    const std::string svg = figure_svg(figure);
    BOOST_TEST(balanced(svg));
    BOOST_TEST((svg == figure_svg(figure)));
    for (const char* part : {"one &lt; two", "A &amp; B", ">what one is<", ">zero<", ">A sentence.<", ">-3<",
                             "prefers-color-scheme: dark", ">output u<"})
        BOOST_TEST(svg.find(part) != std::string::npos, part);
}

BOOST_AUTO_TEST_CASE(neighbours_of_one_colour_are_one_shape) {
    const Figure figure = {.rows = {{Panel{.rows = 1, .cols = 4, .colours = {2, 2, 2, 0}}}}};
    const std::string svg = figure_svg(figure);
    BOOST_TEST(svg.find("class=\"cell c2\" d=\"M0 0h66v22h-66z\"") != std::string::npos);
    BOOST_TEST(svg.find("class=\"cell c0\" d=\"M66 0h22v22h-22z\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_million_cells_make_no_giant_file) {
    Panel panel = {.rows = 1000, .cols = 1000, .palette = Palette::sequential};
    for (Index i = 0; i < panel.rows * panel.cols; ++i) panel.colours.push_back(static_cast<int>(i / 100 % 16));
    BOOST_TEST(figure_svg({.rows = {{panel}}}).size() < 1'000'000u);
}

BOOST_AUTO_TEST_CASE(what_is_stored_and_zero_is_marked) {
    const auto marks = [](int colour) {
        return count_of(
            figure_svg({.rows = {{Panel{.rows = 1, .cols = 1, .palette = Palette::diverging, .colours = {colour}}}}}),
            "class=\"nought\"");
    };
    BOOST_TEST(marks(8) == 1u);
    BOOST_TEST(marks(9) == 0u);
    BOOST_TEST(marks(no_colour) == 0u);
}

BOOST_AUTO_TEST_CASE(lists_that_do_not_fit_are_refused) {
    const auto refused = [](const Panel& panel) {
        BOOST_CHECK_THROW(figure_svg({.rows = {{panel}}}), std::invalid_argument);
        BOOST_CHECK_THROW(figure_text({.rows = {{panel}}}), std::invalid_argument);
    };
    refused({});
    refused({.rows = 1, .cols = 2, .colours = {0}});
    refused({.rows = 1, .cols = 1, .colours = {40}});
    refused({.rows = 1, .cols = 1, .colours = {-2}});
    refused({.rows = 1, .cols = 1, .palette = Palette::diverging, .colours = {17}});
    refused({.rows = 1, .cols = 2, .colours = {0, 1}, .texts = {"1"}});
    constexpr Index wraps = Index{1} << 32;
    refused({.rows = wraps, .cols = wraps});
    refused({.rows = 1, .cols = 1, .colours = {0}, .row_ticks = {{-1, "a"}}});
    refused({.rows = 1, .cols = 1, .colours = {0}, .col_ticks = {{std::nan(""), "a"}}});
    for (const int colour : {-1, 40, 100'000'000}) {
        BOOST_CHECK_THROW(figure_svg({.key = {{Palette::categories, colour, "a"}}}), std::invalid_argument);
        BOOST_CHECK_THROW(figure_text({.key = {{Palette::categories, colour, "a"}}}), std::invalid_argument);
    }
    BOOST_CHECK_THROW(figure_svg({.rows = {{ImagePanel{.title = "x", .png = {1, 2, 3}}}}}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_table_is_aligned_text) {
    const std::string text = figure_text({.title = "T", .rows = {{two_by_three()}}});
    BOOST_TEST(text == "T\n\nA & B\n    0  1  2\n0   1  2 -3\n1   ·  5  6\n");
}

BOOST_AUTO_TEST_CASE(ascii_has_no_other_bytes) {
    Panel panel = two_by_three();
    panel.title = "Wᵀ × λ é";
    const std::string text = figure_text({.rows = {{panel, "·"}}, .ramp = Ramp{Palette::sequential, "λ", "…"}},
                                         {.characters = TextOptions::Characters::ascii});
    for (const char c : text) BOOST_TEST((static_cast<unsigned char>(c) < 0x80));
    BOOST_TEST(text.find("W^T x lambda ?") != std::string::npos);
    BOOST_TEST(text.find("lambda :+*# ...") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(panels_that_do_not_fit_stand_below_each_other) {
    const Figure figure = {.rows = {{two_by_three(), two_by_three()}}};
    const std::string beside = figure_text(figure, {.columns = 80});
    const std::string below = figure_text(figure, {.columns = 20});
    BOOST_TEST(count_of(beside, "\n") < count_of(below, "\n"));
    BOOST_TEST(count_of(below, "\n0   1  2 -3\n") == 2u);
}

BOOST_AUTO_TEST_CASE(a_wide_panel_is_shrunk_to_the_columns) {
    Panel panel = {.rows = 90, .cols = 300, .palette = Palette::sequential, .row_ticks = {{0.5, "label"}}};
    panel.colours.assign(90 * 300, no_colour);
    panel.colours[0] = 15;
    panel.colours[89 * 300 + 299] = 15;
    const std::string text =
        figure_text({.rows = {{panel}}}, {.columns = 60, .characters = TextOptions::Characters::ascii});
    std::size_t longest = 0;
    for (std::size_t from = 0; from < text.size(); from = text.find('\n', from) + 1)
        longest = std::max(longest, text.find('\n', from) - from);
    BOOST_TEST(longest <= 60u);
    BOOST_TEST(count_of(text, "#") == 2u);
    BOOST_TEST(text.find("(a character stands for 6 x 6 cells)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_character_for_several_cells_shows_the_strongest_or_that_they_differ) {
    const auto shown = [](Palette palette, std::vector<int> colours) {
        colours.resize(60, no_colour);
        const std::string text = figure_text(
            {.rows = {{Panel{.rows = 2, .cols = 30, .palette = palette, .colours = colours}}}}, {.columns = 20});
        return text.substr(1, 1);
    };
    BOOST_TEST(shown(Palette::diverging, {0, 9}) == "-");
    BOOST_TEST(shown(Palette::diverging, {8, 7}) == "-");
    BOOST_TEST(shown(Palette::diverging, {9, 0}) == "-");
    BOOST_TEST(shown(Palette::categories, {1, 1}) == "a");
    BOOST_TEST(shown(Palette::categories, {1, 2}) == "x");
    BOOST_TEST(shown(Palette::categories, {15, 2}) == "a");
    BOOST_TEST(shown(Palette::categories, {2, 15}) == "a");
    BOOST_TEST(shown(Palette::categories, {15, 15}) == "0");
}

BOOST_AUTO_TEST_CASE(n18_letters_run_in_the_order_of_what_shows_most_in_the_fewest_cells) {
    const Panel matrix = {.rows = 2, .cols = 4, .colours = {16, 8, 0, no_colour, 7, 16, 8, 15}};
    const Panel kernel = {.rows = 1, .cols = 4, .colours = {0, 8, 16, 15}, .texts = {"5", "6", "7", "0"}};
    BOOST_TEST(figure_text({.rows = {{matrix}, {kernel}}}) == "\n c b a ·\n x c b 0\n\n a=5 b=6 c=7   0\n");
    const Figure keyed = {.rows = {{matrix}}, .key = {{Palette::categories, 8, "first"}}};
    BOOST_TEST(figure_text(keyed) == "a first\n\n b a c ·\n x b a 0\n");
    BOOST_TEST(figure_text({.rows = {{kernel}}}) == "\n 5 6 7 0\n"); // no letter stands for them
}

BOOST_AUTO_TEST_CASE(every_category_has_a_sign_of_its_own) {
    Panel panel = {.rows = 1, .cols = 40};
    for (int colour = 0; colour < 40; ++colour) panel.colours.push_back(colour);
    const std::string text = figure_text({.rows = {{panel}}}, {.columns = 100});
    for (const char sign : std::string("abcdefghijklmnopqrstuvwyzABCDEFGHIJKLMx0"))
        BOOST_TEST(std::ranges::count(text, sign) == 1, sign);
}

BOOST_AUTO_TEST_CASE(n18_labels_of_ticks_do_not_touch_and_keep_one_distance) {
    Panel panel = {.rows = 1, .cols = 40, .colours = std::vector<int>(40, 0)};
    for (Index i = 0; i < 40; ++i)
        panel.col_ticks.push_back({static_cast<double>(i) + 0.5, "127," + std::to_string(i)});
    const std::string svg = figure_svg({.rows = {{panel}}});
    std::vector<double> places;
    for (auto at = svg.find("<text x="); at != std::string::npos; at = svg.find("<text x=", at + 1))
        if (svg.substr(svg.find('>', at) + 1, 4) == "127,") places.push_back(std::stod(svg.substr(at + 9)));
    BOOST_TEST(places.size() > 5u);
    constexpr double widest = 6 * 7 + 3.5; // "127,39" at 11 pixels in DejaVu Sans, where a digit has 7
    for (std::size_t i = 1; i < places.size(); ++i) {
        BOOST_TEST(places[i] - places[i - 1] > widest);
        BOOST_TEST(places[i] - places[i - 1] == places[1] - places[0]);
    }
}

BOOST_AUTO_TEST_CASE(no_control_character_reaches_a_terminal) {
    const std::string text = figure_text({.title = "a\x1b[31mb\nc\xff", .caption = {"\x1b"}});
    BOOST_TEST(text.find('\x1b') == std::string::npos);
    BOOST_TEST(text.find("a?[31mb?c?\n") == 0u);
}

BOOST_AUTO_TEST_CASE(colours_of_a_terminal_end_where_the_cell_ends) {
    const Panel panel = {.rows = 1, .cols = 2, .colours = {0, no_colour}};
    const std::string text = figure_text({.rows = {{panel}}}, {.colours = TextOptions::Colours::ansi});
    BOOST_TEST(lines_from(text, "\x1b") == "\x1b[48;5;25m\x1b[38;5;231m a\x1b[0m ·\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace figure_test
