#include <convmat/reference/extend.hpp>

#include <vector>

#include <boost/test/unit_test.hpp>

#include <convmat/reference/loops.hpp>

#include "support/random_layer.hpp"
#include "support/throws_saying.hpp"

namespace extend_test {

namespace {

using namespace convmat;
using enum Boundary;
using test::throws_saying;

using Integers = Tensor<std::int64_t>;
using Values = std::vector<std::int64_t>;

// A line of values with `margin` extended positions on either side.
Values extended_line(Boundary boundary, const Values& x, Index margin) {
    const auto n = static_cast<Index>(x.size());
    reference::ExtendedLine<std::int64_t> line(n, margin);
    for (Index i = 0; i < n; ++i) line[i] = x[static_cast<std::size_t>(i)];
    line.extend(boundary);
    Values result;
    for (Index q = -margin; q < n + margin; ++q) result.push_back(line[q]);
    return result;
}

// What the fold of 1 at position q adds to each of the n values.
Values folded_unit(Boundary boundary, Index n, Index margin, Index q) {
    reference::ExtendedLine<std::int64_t> line(n, margin);
    line[q] = 1;
    line.fold(boundary);
    Values result;
    for (Index i = 0; i < n; ++i) result.push_back(line[i]);
    return result;
}

// The squares 1 4 9 16 / 25 36 49 64 / 81 100 121 144, two rows before and one after, one column before and three
// after.
Integers extended_squares(const std::vector<Boundary>& boundary) {
    const ConvGeometry geometry({.input = {3, 4}, .kernel = {1, 1}, .padding = {{2, 1}, {1, 3}}, .boundary = boundary});
    return reference::extend(geometry, Integers({1, 3, 4}, {1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144}));
}

Integers six_by_eight(Values values) { return Integers({1, 6, 8}, std::move(values)); }

std::int64_t dot(const Integers& a, const Integers& b) { return a.vec().dot(b.vec()); }

} // namespace

BOOST_AUTO_TEST_CASE(a_line_is_extended_by_several_cycles) {
    const Values x = {1, 2, 5};
    BOOST_TEST((extended_line(zero, x, 2) == Values{0, 0, 1, 2, 5, 0, 0}));
    BOOST_TEST((extended_line(periodic, x, 7) == Values{5, 1, 2, 5, 1, 2, 5, 1, 2, 5, 1, 2, 5, 1, 2, 5, 1}));
    BOOST_TEST((extended_line(half_symmetric, x, 7) == Values{1, 1, 2, 5, 5, 2, 1, 1, 2, 5, 5, 2, 1, 1, 2, 5, 5}));
    BOOST_TEST((extended_line(whole_symmetric, x, 7) == Values{2, 5, 2, 1, 2, 5, 2, 1, 2, 5, 2, 1, 2, 5, 2, 1, 2}));
    BOOST_TEST((extended_line(replicate, x, 3) == Values{1, 1, 1, 1, 2, 5, 5, 5, 5}));
    // About 1: 0 -3, then each four positions 8 less; about 5: 8 9, then 8 more.
    BOOST_TEST((extended_line(antireflective, x, 7) ==
                Values{-14, -11, -8, -7, -6, -3, 0, 1, 2, 5, 8, 9, 10, 13, 16, 17, 18}));
}

BOOST_AUTO_TEST_CASE(two_values_are_extended_by_several_cycles) {
    BOOST_TEST((extended_line(periodic, {3, 7}, 4) == Values{3, 7, 3, 7, 3, 7, 3, 7, 3, 7}));
    BOOST_TEST((extended_line(half_symmetric, {3, 7}, 4) == Values{3, 7, 7, 3, 3, 7, 7, 3, 3, 7}));
    BOOST_TEST((extended_line(whole_symmetric, {3, 7}, 4) == Values{3, 7, 3, 7, 3, 7, 3, 7, 3, 7}));
    BOOST_TEST((extended_line(antireflective, {3, 7}, 4) == Values{-13, -9, -5, -1, 3, 7, 11, 15, 19, 23}));
}

BOOST_AUTO_TEST_CASE(one_value_is_repeated_by_every_boundary_but_zero) {
    BOOST_TEST((extended_line(zero, {7}, 3) == Values{0, 0, 0, 7, 0, 0, 0}));
    for (const Boundary boundary : {periodic, half_symmetric, whole_symmetric, replicate, antireflective})
        BOOST_TEST((extended_line(boundary, {7}, 3) == Values(7, 7)));
}

BOOST_AUTO_TEST_CASE(the_fold_of_a_line_is_the_transpose_of_its_extension) {
    constexpr Index margin = 12;
    for (const Boundary boundary : all_boundaries)
        for (Index n = 1; n <= 5; ++n)
            for (Index i = 0; i < n; ++i) {
                Values unit(static_cast<std::size_t>(n));
                unit[static_cast<std::size_t>(i)] = 1;
                const Values column = extended_line(boundary, unit, margin);
                for (Index q = -margin; q < n + margin; ++q)
                    BOOST_TEST(folded_unit(boundary, n, margin, q)[static_cast<std::size_t>(i)] ==
                                   column[static_cast<std::size_t>(q + margin)],
                               to_string(boundary) << " n=" << n << " q=" << q << " i=" << i);
            }
}

BOOST_AUTO_TEST_CASE(folding_empties_the_margins) {
    for (const Boundary boundary : all_boundaries) {
        reference::ExtendedLine<std::int64_t> line(3, 5);
        for (Index q = -5; q < 8; ++q) line[q] = q + 10;
        line.fold(boundary);
        for (Index q = 1; q <= 5; ++q) {
            BOOST_TEST(line[-q] == 0);
            BOOST_TEST(line[2 + q] == 0);
        }
    }
}

// numpy.pad(x, ((2, 1), (1, 3)), mode), x as above.
BOOST_AUTO_TEST_CASE(two_axes_are_extended_as_numpy_pads_them) {
    BOOST_TEST((extended_squares({zero}) == six_by_eight({0, 0,  0,   0,   0,   0, 0, 0, //
                                                          0, 0,  0,   0,   0,   0, 0, 0, //
                                                          0, 1,  4,   9,   16,  0, 0, 0, //
                                                          0, 25, 36,  49,  64,  0, 0, 0, //
                                                          0, 81, 100, 121, 144, 0, 0, 0, //
                                                          0, 0,  0,   0,   0,   0, 0, 0})));
    BOOST_TEST((extended_squares({periodic}) == six_by_eight({64,  25, 36,  49,  64,  25, 36,  49,  // "wrap"
                                                              144, 81, 100, 121, 144, 81, 100, 121, //
                                                              16,  1,  4,   9,   16,  1,  4,   9,   //
                                                              64,  25, 36,  49,  64,  25, 36,  49,  //
                                                              144, 81, 100, 121, 144, 81, 100, 121, //
                                                              16,  1,  4,   9,   16,  1,  4,   9})));
    BOOST_TEST((extended_squares({half_symmetric}) == six_by_eight({25, 25, 36,  49,  64,  64,  49,  36,  // "symmetric"
                                                                    1,  1,  4,   9,   16,  16,  9,   4,   //
                                                                    1,  1,  4,   9,   16,  16,  9,   4,   //
                                                                    25, 25, 36,  49,  64,  64,  49,  36,  //
                                                                    81, 81, 100, 121, 144, 144, 121, 100, //
                                                                    81, 81, 100, 121, 144, 144, 121, 100})));
    BOOST_TEST((extended_squares({whole_symmetric}) == six_by_eight({100, 81, 100, 121, 144, 121, 100, 81, // "reflect"
                                                                     36,  25, 36,  49,  64,  49,  36,  25, //
                                                                     4,   1,  4,   9,   16,  9,   4,   1,  //
                                                                     36,  25, 36,  49,  64,  49,  36,  25, //
                                                                     100, 81, 100, 121, 144, 121, 100, 81, //
                                                                     36,  25, 36,  49,  64,  49,  36,  25})));
    BOOST_TEST((extended_squares({replicate}) == six_by_eight({1,  1,  4,   9,   16,  16,  16,  16,  // "edge"
                                                               1,  1,  4,   9,   16,  16,  16,  16,  //
                                                               1,  1,  4,   9,   16,  16,  16,  16,  //
                                                               25, 25, 36,  49,  64,  64,  64,  64,  //
                                                               81, 81, 100, 121, 144, 144, 144, 144, //
                                                               81, 81, 100, 121, 144, 144, 144, 144})));
    BOOST_TEST((extended_squares({antireflective}) ==                      // "reflect" with reflect_type="odd"
                six_by_eight({-66, -79, -92, -103, -112, -121, -132, -145, //
                              -18, -23, -28, -31,  -32,  -33,  -36,  -41,  //
                              -2,  1,   4,   9,    16,   23,   28,   31,   //
                              14,  25,  36,  49,   64,   79,   92,   103,  //
                              62,  81,  100, 121,  144,  167,  188,  207,  //
                              110, 137, 164, 193,  224,  255,  284,  311})));
}

BOOST_AUTO_TEST_CASE(every_axis_has_its_own_boundary) {
    // Rows "edge", columns "wrap".
    BOOST_TEST((extended_squares({replicate, periodic}) == six_by_eight({16,  1,  4,   9,   16,  1,  4,   9,   //
                                                                         16,  1,  4,   9,   16,  1,  4,   9,   //
                                                                         16,  1,  4,   9,   16,  1,  4,   9,   //
                                                                         64,  25, 36,  49,  64,  25, 36,  49,  //
                                                                         144, 81, 100, 121, 144, 81, 100, 121, //
                                                                         144, 81, 100, 121, 144, 81, 100, 121})));
}

BOOST_AUTO_TEST_CASE(negative_padding_crops_each_channel) {
    const ConvGeometry geometry({.input = {3, 3}, .kernel = {1, 1}, .in_channels = 2, .padding = {{-1, 0}, {1, -2}}});
    Integers x(geometry.input_shape());
    for (Index i = 0; i < x.size(); ++i) x[i] = i + 1;

    // Rows 1 and 2, column 0 behind a zero.
    BOOST_TEST((reference::extend(geometry, x) == Integers({2, 2, 2}, {0, 4, 0, 7, 0, 13, 0, 16})));
    BOOST_TEST((reference::fold(geometry, Integers({2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8})) ==
                Integers({2, 3, 3}, {0, 0, 0, 2, 0, 0, 4, 0, 0, 0, 0, 0, 6, 0, 0, 8, 0, 0})));
}

BOOST_AUTO_TEST_CASE(a_crop_past_the_whole_input_leaves_what_the_boundary_puts_there) {
    const auto after_the_end = [](Boundary boundary) { // positions 4 to 6 of x = 1 2 4
        const ConvGeometry geometry({.input = {3}, .kernel = {1}, .padding = {{-4, 4}}, .boundary = {boundary}});
        return reference::extend(geometry, Integers({1, 3}, {1, 2, 4}));
    };
    BOOST_TEST((after_the_end(zero) == Integers({1, 3}, {0, 0, 0})));
    BOOST_TEST((after_the_end(periodic) == Integers({1, 3}, {2, 4, 1})));
    BOOST_TEST((after_the_end(half_symmetric) == Integers({1, 3}, {2, 1, 1})));
    BOOST_TEST((after_the_end(whole_symmetric) == Integers({1, 3}, {1, 2, 4})));
    BOOST_TEST((after_the_end(antireflective) == Integers({1, 3}, {7, 8, 10})));
}

BOOST_AUTO_TEST_CASE(extend_and_fold_are_adjoint) {
    for (Index rank = 1; rank <= 4; ++rank)
        for (int i = 0; i < test::share(400); ++i) {
            test::RandomLayers layers(static_cast<unsigned>(1000 * rank + i));
            const ConvGeometry geometry = layers.geometry(rank);
            const auto x = layers.integers<std::int64_t>(geometry.input_shape());
            const Integers extended = reference::extend(geometry, x);
            const auto z = layers.integers<std::int64_t>(extended.shape());

            BOOST_TEST(dot(extended, z) == dot(x, reference::fold(geometry, z)), test::describe(geometry));
        }
}

BOOST_AUTO_TEST_CASE(inputs_that_do_not_fit_the_extension_are_refused) {
    const ConvGeometry geometry({.input = {3, 4}, .kernel = {1, 1}, .in_channels = 2, .padding = {{1, 1}, {0, 2}}});
    throws_saying<ShapeError>(
        [&] {
            reference::extend(geometry, Integers(Shape{3, 4}));
        },
        "reference::extend: input has shape 3x4, expected 2x3x4");
    throws_saying<ShapeError>(
        [&] {
            reference::fold(geometry, Integers(Shape{2, 3, 4}));
        },
        "reference::fold: extended input has shape 2x3x4, expected 2x5x6");
}

} // namespace extend_test
