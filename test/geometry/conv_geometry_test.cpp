#include <convmat/geometry/conv_geometry.hpp>

#include <optional>

#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>

namespace conv_geometry_test {

namespace {

using namespace convmat;

// The parameters of one axis but its input extent.
struct Window {
    Index k, s, d, begin, end;
};

// Every small window: 4 * 4 * 3 * 36 of them.
template <class Check>
void for_each_window(const Check& check) {
    for (Index k = 1; k <= 4; ++k)
        for (Index s = 1; s <= 4; ++s)
            for (Index d = 1; d <= 3; ++d)
                for (Index begin = -2; begin <= 3; ++begin)
                    for (Index end = -2; end <= 3; ++end)
                        BOOST_TEST_CONTEXT("k=" << k << " s=" << s << " d=" << d << " p=" << begin << ":" << end)
    check(Window{k, s, d, begin, end});
}

std::optional<ConvGeometry> geometry_of(Index n, const Window& w) {
    try {
        return ConvGeometry(
            {.input = {n}, .kernel = {w.k}, .stride = {w.s}, .dilation = {w.d}, .padding = {{w.begin, w.end}}});
    } catch (const GeometryError&) {
        return std::nullopt;
    }
}

// Windows are laid down one after the other while their last tap is inside the padded input.
struct Counted {
    Index windows = 0;
    Index unread = 0; // padded positions after the last tap of the last window
};

Counted count_windows(Index n, const Window& w) {
    const Index padded = n + w.begin + w.end;
    Counted counted;
    for (Index last_tap = (w.k - 1) * w.d; last_tap < padded; last_tap += w.s)
        counted = {counted.windows + 1, padded - 1 - last_tap};
    return counted;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_output_extent_is_the_number_of_windows_that_fit) {
    for_each_window([](const Window& w) {
        for (Index n = 1; n <= 8; ++n) BOOST_TEST_CONTEXT("n=" << n) {
                const Counted counted = count_windows(n, w);
                const auto geometry = geometry_of(n, w);
                BOOST_TEST(geometry.has_value() == (counted.windows > 0));
                if (!geometry) continue;
                const Axis& axis = geometry->axis(0);
                BOOST_TEST(axis.output == counted.windows);
                BOOST_TEST(axis.formula_output() == counted.windows);
                BOOST_TEST(axis.remainder() == counted.unread);
                BOOST_TEST(axis.effective_kernel() == (w.k - 1) * w.d + 1);
                BOOST_TEST(axis.padded_input() == n + w.begin + w.end);
            }
    });
}

BOOST_AUTO_TEST_CASE(preimages_are_exactly_the_inputs_with_the_same_output) {
    for_each_window([](const Window& w) {
        constexpr Index most_input = 40;
        std::vector<Index> outputs(most_input + 1); // 0 where nothing fits
        for (Index n = 1; n <= most_input; ++n) outputs[static_cast<std::size_t>(n)] = count_windows(n, w).windows;
        for (Index n = 1; n <= 8; ++n) {
            const auto geometry = geometry_of(n, w);
            if (!geometry) continue;
            const auto [first, last] = geometry->preimages().at(0);
            BOOST_TEST(first >= 1);
            BOOST_TEST(first <= n);
            BOOST_TEST(n <= last);
            for (Index other = 1; other <= most_input; ++other)
                BOOST_TEST((outputs[static_cast<std::size_t>(other)] == geometry->axis(0).output) ==
                           (first <= other && other <= last));
        }
    });
}

BOOST_AUTO_TEST_CASE(shapes_and_sizes_of_a_layer_with_everything) {
    const ConvGeometry geometry({.input = {10, 7},
                                 .kernel = {3, 2},
                                 .in_channels = 6,
                                 .out_channels = 4,
                                 .groups = 2,
                                 .stride = {2, 1},
                                 .dilation = {1, 3},
                                 .padding = {{1, 0}, {2, -1}},
                                 .boundary = {Boundary::zero, Boundary::periodic}});

    // (10 + 1 + 0 - 3) / 2 + 1 = 5 and (7 + 2 - 1 - 4) / 1 + 1 = 5
    BOOST_TEST(geometry.rank() == 2);
    BOOST_TEST((geometry.input_shape() == Shape{6, 10, 7}));
    BOOST_TEST((geometry.output_shape() == Shape{4, 5, 5}));
    BOOST_TEST((geometry.kernel_shape() == Shape{4, 3, 3, 2}));
    BOOST_TEST(geometry.in_channels_per_group() == 3);
    BOOST_TEST(geometry.out_channels_per_group() == 2);
    BOOST_TEST(geometry.input_size() == 70);
    BOOST_TEST(geometry.output_size() == 25);
    BOOST_TEST(geometry.kernel_size() == 6);
    BOOST_TEST(geometry.rows() == 100);
    BOOST_TEST(geometry.cols() == 420);
    BOOST_TEST(geometry.weights() == 72);
    BOOST_TEST((geometry.axis(1) == Axis{7, 2, 5, 1, 3, {2, -1}, Boundary::periodic}));
    BOOST_TEST(geometry.axis(0).remainder() == 0);
}

BOOST_AUTO_TEST_CASE(a_single_value_stands_for_all_axes_and_an_empty_list_for_the_default) {
    const ConvGeometry one({.input = {9, 8, 7},
                            .kernel = {3, 2, 1},
                            .stride = {2},
                            .dilation = {2},
                            .padding = {{1, 2}},
                            .boundary = {Boundary::replicate}});
    const ConvGeometry all({.input = {9, 8, 7},
                            .kernel = {3, 2, 1},
                            .stride = {2, 2, 2},
                            .dilation = {2, 2, 2},
                            .padding = {{1, 2}, {1, 2}, {1, 2}},
                            .boundary = std::vector(3, Boundary::replicate)});
    BOOST_TEST((one == all));

    const ConvGeometry plain({.input = {9, 8}, .kernel = {3, 2}});
    BOOST_TEST((plain.axis(0) == Axis{9, 3, 7, 1, 1, {0, 0}, Boundary::zero}));
    BOOST_TEST((plain.axis(1) == Axis{8, 2, 7, 1, 1, {0, 0}, Boundary::zero}));
    BOOST_TEST((plain != one));
}

BOOST_AUTO_TEST_CASE(geometries_differ_when_any_parameter_does) {
    const ConvSpec base = {.input = {9}, .kernel = {3}, .in_channels = 2, .out_channels = 2};
    const auto differs = [&](auto change) {
        ConvSpec spec = base;
        change(spec);
        return ConvGeometry(spec) != ConvGeometry(base);
    };
    BOOST_TEST((ConvGeometry(base) == ConvGeometry(base)));
    BOOST_TEST(differs([](ConvSpec& spec) { spec.input = {10}; }));
    BOOST_TEST(differs([](ConvSpec& spec) { spec.kernel = {2}; }));
    BOOST_TEST(differs([](ConvSpec& spec) { spec.in_channels = 4; }));
    BOOST_TEST(differs([](ConvSpec& spec) { spec.out_channels = 4; }));
    BOOST_TEST(differs([](ConvSpec& spec) { spec.groups = 2; }));
    BOOST_TEST(differs([](ConvSpec& spec) { spec.stride = {2}; }));
    BOOST_TEST(differs([](ConvSpec& spec) { spec.dilation = {2}; }));
    BOOST_TEST(differs([](ConvSpec& spec) { spec.padding = {{1, -1}}; }));
    BOOST_TEST(differs([](ConvSpec& spec) { spec.boundary = {Boundary::periodic}; }));
}

BOOST_AUTO_TEST_CASE(an_axis_longer_than_memory_is_still_a_geometry) {
    constexpr Index tera = 1'000'000'000'000;
    const ConvGeometry geometry({.input = {tera}, .kernel = {3}, .stride = {2}, .padding = {{1, 1}}});
    BOOST_TEST(geometry.rows() == tera / 2);
    BOOST_TEST(geometry.cols() == tera);
    BOOST_TEST((geometry.preimages() == std::vector<ConvGeometry::Extents>{{tera - 1, tera}}));
}

} // namespace conv_geometry_test
