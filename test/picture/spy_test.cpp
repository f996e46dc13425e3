#include <convmat/picture/spy.hpp>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <convmat/base/random.hpp>
#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/structure/factors.hpp>

#include "support/random_layer.hpp"
#include "xml.hpp"

namespace spy_test {

using namespace convmat;

namespace {

const Panel& panel_of(const Figure& figure, std::size_t at = 0) { return std::get<Panel>(figure.rows.front().at(at)); }

Tensor<double> numbered(const ConvGeometry& geometry) {
    Tensor<double> kernel(geometry.kernel_shape());
    for (Index i = 0; i < kernel.size(); ++i) kernel[i] = static_cast<double>(i % 5) - 2;
    return kernel;
}

// The cells of a panel that have a colour.
std::vector<Index> coloured(const Panel& panel) {
    std::vector<Index> cells;
    for (Index i = 0; i < std::ssize(panel.colours); ++i)
        if (panel.colours[static_cast<std::size_t>(i)] != no_colour) cells.push_back(i);
    return cells;
}

// Blocks that cut an extent into so many cells; the last may be smaller.
std::vector<Index> blocks_of(Index extent, Index cells) {
    std::vector<Index> blocks;
    for (Index block = 1; block <= extent; ++block)
        if ((extent + block - 1) / block == cells) blocks.push_back(block);
    return blocks;
}

// The cells that hold an entry of the matrix.
template <class Matrix>
std::vector<Index> stored(const Matrix& matrix, Index row_block, Index col_block) {
    const Index cols = (matrix.cols() + col_block - 1) / col_block;
    std::vector<Index> cells;
    for (Index line = 0; line < matrix.outerSize(); ++line)
        for (typename Matrix::InnerIterator entry(matrix, line); entry; ++entry)
            cells.push_back(entry.row() / row_block * cols + entry.col() / col_block);
    std::ranges::sort(cells);
    cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
    return cells;
}

// Whether the coloured cells are those of blocks of the matrix that hold an entry.
template <class Matrix>
bool shows(const Panel& panel, const Matrix& matrix) {
    for (const Index row_block : blocks_of(matrix.rows(), panel.rows))
        for (const Index col_block : blocks_of(matrix.cols(), panel.cols))
            if (coloured(panel) == stored(matrix, row_block, col_block)) return true;
    return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(spy_pictures)

BOOST_AUTO_TEST_CASE(the_chapters_matrix_has_its_numbers_in_its_cells) {
    const ConvGeometry geometry({.input = {3, 3}, .kernel = {2, 2}});
    const Figure figure = spy(geometry, Tensor<std::int64_t>({1, 1, 2, 2}, {0, 1, 2, 3}));
    BOOST_TEST(figure.title == "W: 4 × 9, 16 entries stored");
    const Panel& w = panel_of(figure);
    BOOST_TEST(w.rows == 4);
    BOOST_TEST(w.cols == 9);
    std::string first;
    for (std::size_t i = 0; i < 9; ++i) first += w.texts[i].empty() ? "." : w.texts[i];
    BOOST_TEST(first == "01.23....");
    BOOST_TEST(w.col_ticks[5].label == "1,2");
    BOOST_TEST(w.row_axis == "output u₁,u₂");
    BOOST_TEST(w.col_axis == "input i₁,i₂");
    const Panel& key = panel_of(figure, 1);
    BOOST_TEST((key.texts == std::vector<std::string>{"0", "1", "2", "3"}));
    for (const std::size_t tap : {0U, 1U}) BOOST_TEST(w.colours[tap] == key.colours[tap]);
    for (const std::size_t tap : {2U, 3U}) BOOST_TEST(w.colours[tap + 1] == key.colours[tap]);
    BOOST_TEST(balanced(figure_svg(figure)));
}

BOOST_AUTO_TEST_CASE(a_tap_has_its_colour_wherever_its_factor_has_an_entry) {
    for (const Boundary boundary : all_boundaries) {
        const ConvGeometry geometry({.input = {4, 3},
                                     .kernel = {3, 2},
                                     .stride = {2, 1},
                                     .dilation = {1, 2},
                                     .padding = {{2, 1}, {1, 2}},
                                     .boundary = {boundary}});
        const Figure figure = spy(geometry, numbered(geometry));
        const Panel& w = panel_of(figure);
        const Panel& key = panel_of(figure, 1);
        std::vector<int> expected(w.colours.size(), no_colour);
        constexpr int several = 7, stored_and_zero = 15;
        BOOST_TEST(key.colours[2] == stored_and_zero);
        for (Index t = 0; t < 6; ++t) {
            const auto factor = tap_matrix(geometry, {t / 2, t % 2});
            for (Index row = 0; row < factor.rows(); ++row)
                for (Sparse<double>::InnerIterator entry(factor, row); entry; ++entry) {
                    int& colour = expected[static_cast<std::size_t>(row * w.cols + entry.col())];
                    colour = colour == no_colour ? key.colours[static_cast<std::size_t>(t)] : several;
                }
        }
        BOOST_TEST(w.colours == expected, boost::test_tools::per_element());
        const bool sums = std::ranges::count(expected, several) > 0;
        BOOST_TEST(figure.key.size() == (sums ? 1u : 0u));
    }
}

BOOST_AUTO_TEST_CASE(any_layers_picture_has_a_cell_where_its_matrix_has_entries) {
    test::RandomLayers layers(7);
    for (Index i = 0; i < test::share(80); ++i) {
        const ConvGeometry geometry = layers.geometry(1 + i % 4);
        const Tensor<double> kernel = numbered(geometry);
        for (const Form form : {Form::matrix, Form::transpose}) {
            const Eigen::SparseMatrix<double, Eigen::RowMajor> w =
                form == Form::matrix ? kernel2matrix(geometry, kernel) : kernel2matrix_transpose(geometry, kernel);
            const Figure figure = spy(geometry, kernel, form, {.most_rows = 7, .most_cols = 9});
            const Panel& panel = panel_of(figure);
            BOOST_TEST(panel.rows <= 7);
            BOOST_TEST(panel.cols <= 9);
            BOOST_TEST((panel.rows == w.rows() || 4 * panel.rows > 7));
            BOOST_TEST(shows(panel, w));
            BOOST_TEST(balanced(figure_svg(figure)));
            BOOST_TEST(!figure_text(figure).empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(storage_order_and_index_type_do_not_matter) {
    const ConvGeometry geometry({.input = {9, 8}, .kernel = {3, 3}, .padding = {{1, 1}}});
    const Tensor<double> kernel = numbered(geometry);
    const Eigen::SparseMatrix<double, Eigen::RowMajor> rows = kernel2matrix(geometry, kernel);
    const Eigen::SparseMatrix<double, Eigen::ColMajor, std::int64_t> cols = rows;
    Eigen::SparseMatrix<double> loose = rows;
    loose.uncompress();
    for (const SpyOptions& options : {SpyOptions{}, SpyOptions{.most_rows = 10, .most_cols = 11}}) {
        const std::string expected = figure_svg({.rows = {{panel_of(spy(rows, options))}}});
        BOOST_TEST((expected == figure_svg({.rows = {{panel_of(spy(cols, options))}}})));
        BOOST_TEST((expected == figure_svg({.rows = {{panel_of(spy(loose, options))}}})));
    }
}

BOOST_AUTO_TEST_CASE(densities_count_the_entries_of_a_cell) {
    Eigen::SparseMatrix<double> matrix(4, 4);
    for (const Index i : {0, 1, 2, 3}) matrix.insert(i, 0) = 1;
    matrix.insert(3, 3) = 1;
    const Figure figure = spy(matrix, {.most_rows = 2, .most_cols = 2});
    BOOST_TEST((panel_of(figure).colours == std::vector<int>{15, no_colour, 15, 8}));
    BOOST_TEST(figure.ramp->high == "2");
}

BOOST_AUTO_TEST_CASE(a_cell_of_several_entries_shows_the_largest_with_its_sign) {
    Eigen::SparseMatrix<double> matrix(2, 2);
    matrix.insert(0, 0) = 1;
    matrix.insert(1, 1) = -4;
    const Figure figure = spy(matrix, {.colour = SpyColour::value, .most_rows = 1, .most_cols = 1});
    BOOST_TEST((panel_of(figure).colours == std::vector<int>{0}));
}

BOOST_AUTO_TEST_CASE(channels_have_a_colour_each_and_lines_between_them) {
    const ConvGeometry geometry(
        {.input = {4}, .kernel = {3}, .in_channels = 4, .out_channels = 2, .groups = 2, .padding = {{1, 1}}});
    const Figure figure = spy(geometry, numbered(geometry), Form::matrix, {.colour = SpyColour::channels});
    const Panel& w = panel_of(figure);
    BOOST_TEST((w.row_lines == std::vector<Index>{4}));
    BOOST_TEST((w.col_lines == std::vector<Index>{4, 8, 12}));
    BOOST_TEST(w.row_ticks[5].label == "1:1");
    BOOST_TEST(w.row_axis == "output o:u");
    BOOST_TEST(figure.key.size() == 4u);
    BOOST_TEST(figure.key[2].label == "output channel 1, input channel 2");
    BOOST_TEST(w.colours[static_cast<std::size_t>(4 * w.cols + 8)] == figure.key[2].colour);
    BOOST_TEST(w.colours[8] == no_colour); // another group
}

BOOST_AUTO_TEST_CASE(a_large_layer_is_shown_whole_in_blocks_and_entry_by_entry) {
    const ConvGeometry geometry({.input = {40, 30}, .kernel = {3, 3}, .padding = {{1, 1}}});
    const Figure figure = spy(geometry, numbered(geometry));
    BOOST_TEST(figure.rows.front().size() == 4u); // and the kernel
    const Panel& blocks = panel_of(figure, 1);
    BOOST_TEST(blocks.rows == 16);
    for (Index row = 0; row < 16; ++row)
        for (Index col = 0; col < 16; ++col)
            BOOST_TEST((blocks.colours[static_cast<std::size_t>(row * 16 + col)] != no_colour) ==
                       (std::abs(row - col) <= 1));
    const Panel& entries = panel_of(figure, 2);
    BOOST_TEST(entries.rows == 40);
    BOOST_TEST(!coloured(entries).empty());
}

BOOST_AUTO_TEST_CASE(cells_divide_the_rows_of_the_image_or_consist_of_them) {
    const auto cells = [](const Shape& input) {
        const ConvGeometry geometry({.input = input, .kernel = {1, 1}});
        return panel_of(spy(geometry, numbered(geometry), Form::matrix, {.most_rows = 20, .most_cols = 20})).rows;
    };
    BOOST_TEST(cells({16, 16}) == 16); // blocks of 16, not of 13
    BOOST_TEST(cells({64, 4}) == 16);  // of 16, not of 13
    BOOST_TEST(cells({8, 8}) == 16);   // of 4
    BOOST_TEST(cells({3, 37}) == 19);  // of 6: a prime has no divisors
}

BOOST_AUTO_TEST_CASE(the_pair_is_a_matrix_and_its_transpose) {
    const ConvGeometry geometry({.input = {3, 3}, .kernel = {2, 2}});
    const Figure figure = spy_pair(geometry, numbered(geometry));
    const Panel& w = panel_of(figure, 0);
    const Panel& wt = panel_of(figure, 1);
    for (Index row = 0; row < w.rows; ++row)
        for (Index col = 0; col < w.cols; ++col) {
            const auto here = static_cast<std::size_t>(row * w.cols + col);
            const auto there = static_cast<std::size_t>(col * wt.cols + row);
            BOOST_TEST(w.colours[here] == wt.colours[there]);
            BOOST_TEST(w.texts[here] == wt.texts[there]);
        }
}

BOOST_AUTO_TEST_CASE(complex_entries_are_added_before_their_magnitude_is_taken) {
    using Complex = std::complex<double>;
    const ConvGeometry geometry(
        {.input = {2}, .kernel = {3}, .padding = {{1, 1}}, .boundary = {Boundary::half_symmetric}});
    const Tensor<Complex> kernel({1, 1, 3}, {1, -1, Complex(0, 1)});
    const Figure of_layer = spy(geometry, kernel, Form::matrix, {.colour = SpyColour::value});
    const Figure of_matrix = spy(kernel2matrix(geometry, kernel));
    BOOST_TEST((panel_of(of_layer).texts == std::vector<std::string>{"0", "1", "1", "1.414"}));
    BOOST_TEST((panel_of(of_layer).texts == panel_of(of_matrix).texts));
    BOOST_TEST((panel_of(of_layer).colours == panel_of(of_matrix).colours));
}

BOOST_AUTO_TEST_CASE(colours_repeat_after_35_weights_and_the_picture_says_so) {
    const auto says_so = [](const Shape& extents, Index weights = 1000) {
        const ConvGeometry geometry({.input = extents, .kernel = extents});
        Tensor<double> kernel(geometry.kernel_shape());
        for (Index i = 0; i < std::min(kernel.size(), weights); ++i) kernel[i] = 1;
        const Figure figure = spy(geometry, kernel);
        const std::vector<int>& colours = panel_of(figure).colours;
        std::set<int> different(colours.begin(), colours.end());
        different.erase(15); // stored and 0
        BOOST_TEST(different.size() == static_cast<std::size_t>(std::min<Index>({kernel.size(), weights, 35})));
        return std::ranges::count(figure.caption, std::string("There are 35 colours; they repeat.")) > 0;
    };
    BOOST_TEST(!says_so({3, 3}));
    BOOST_TEST(!says_so({3, 3, 3}));
    BOOST_TEST(!says_so({5, 7}));
    BOOST_TEST(!says_so({35}));
    BOOST_TEST(says_so({6, 6}));
    BOOST_TEST(says_so({36}));
    BOOST_TEST(!says_so({7, 7}, 35));
    BOOST_TEST(says_so({7, 7}, 36));
}

BOOST_AUTO_TEST_CASE(n18_what_is_stored_and_zero_has_one_neutral_colour_in_light_and_dark) {
    const ConvGeometry geometry({.input = {30}, .kernel = {3}});
    const Figure figure = spy(geometry, Tensor<double>({1, 1, 3}, {5, 0, 4}));
    const Panel& w = panel_of(figure);
    BOOST_TEST(w.texts.empty());
    BOOST_TEST((std::vector<int>(w.colours.begin(), w.colours.begin() + 4) == std::vector<int>{0, 15, 1, no_colour}));
    BOOST_TEST((panel_of(figure, 1).colours == std::vector<int>{0, 15, 1}));
    BOOST_TEST(figure.key.at(0).label == "stored, and 0");
    const std::string svg = figure_svg(figure);
    BOOST_TEST(count_of(svg, ".c15 {") == 2u);
    BOOST_TEST(count_of(svg, ".c0 {") == 1u);
    const ConvGeometry channels({.input = {3}, .kernel = {2}, .out_channels = 2});
    const Figure pairs = spy(channels, Tensor<double>({2, 1, 2}, {1, 2, 0, 3}));
    BOOST_TEST(panel_of(pairs, 1).colours[0] == 0); // of a position, where any pair of channels has a weight
    BOOST_TEST(panel_of(pairs).colours[6] == 15);
}

BOOST_AUTO_TEST_CASE(a_large_pair_has_its_key_and_no_more) {
    const auto pair_of = [](Index n, Boundary boundary) {
        const ConvGeometry layer({.input = {n, n}, .kernel = {3, 3}, .padding = {{1, 1}}, .boundary = {boundary}});
        return spy_pair(layer, numbered(layer));
    };
    const Figure exact = pair_of(8, Boundary::half_symmetric); // without numbers, with taps
    BOOST_TEST(exact.rows.front().size() == 3u);
    BOOST_TEST(exact.key.size() == 2u);                           // sums of several weights, and zeros
    const Figure inexact = pair_of(30, Boundary::half_symmetric); // by density
    BOOST_TEST(inexact.rows.front().size() == 2u);
    BOOST_TEST(inexact.key.empty());
    BOOST_TEST(inexact.ramp.has_value());
}

BOOST_AUTO_TEST_CASE(entries_in_any_order_are_drawn) {
    const std::vector<int> outer = {0, 3}, inner = {2, 0, 1};
    const std::vector<double> values = {1, 2, 3};
    const Eigen::Map<const Eigen::SparseMatrix<double, Eigen::RowMajor>> matrix(1, 3, 3, outer.data(), inner.data(),
                                                                                values.data());
    BOOST_TEST((panel_of(spy(matrix)).texts == std::vector<std::string>{"2", "3", "1"}));
}

BOOST_AUTO_TEST_CASE(extremes_have_colours_and_limits) {
    Eigen::SparseMatrix<double> matrix(1, 3);
    matrix.insert(0, 0) = -1e308;
    matrix.insert(0, 1) = 1e308;
    matrix.insert(0, 2) = 1;
    BOOST_TEST((panel_of(spy(matrix)).colours == std::vector<int>{0, 16, 9}));
    constexpr Index most = std::numeric_limits<Index>::max();
    BOOST_TEST(panel_of(spy(matrix, {.most_rows = most, .most_cols = most})).cols == 3);
    const ConvGeometry sparse({.input = {1'000'000'000'000'037}, .kernel = {1}, .stride = {1'000'000'000'000}});
    BOOST_TEST(panel_of(spy(sparse, Tensor<double>({1, 1, 1}, {1}))).cols <= 200);
    const ConvGeometry wide({.input = {5000}, .kernel = {1}});
    BOOST_CHECK_THROW(spy(wide, Tensor<double>({1, 1, 1}, {1}), Form::matrix, {.most_rows = 5000, .most_cols = 5000}),
                      SizeError);
}

BOOST_AUTO_TEST_CASE(what_has_no_picture_is_refused) {
    const ConvGeometry geometry({.input = {3}, .kernel = {2}});
    BOOST_CHECK_THROW(spy(geometry, Tensor<double>({1, 1, 3})), ShapeError);
    BOOST_CHECK_THROW(spy(geometry, Tensor<double>({1, 1, 2}, {1, std::nan("")})), std::invalid_argument);
    const Eigen::SparseMatrix<double> empty(0, 3);
    BOOST_CHECK_THROW(spy(empty), std::invalid_argument);
    const Eigen::SparseMatrix<double> zero(2, 3);
    BOOST_TEST(balanced(figure_svg(spy(zero))));
    BOOST_CHECK_THROW(spy(zero, {.colour = SpyColour::tap}), std::invalid_argument);
    BOOST_CHECK_THROW(spy(zero, {.colour = SpyColour::channels}), std::invalid_argument);
    BOOST_CHECK_THROW(spy(zero, {.most_rows = 0}), std::invalid_argument);
    const ConvGeometry huge({.input = {10'000'000, 10'000'000}, .kernel = {3, 3}});
    BOOST_CHECK_THROW(spy(huge, numbered(huge)), SizeError);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace spy_test
