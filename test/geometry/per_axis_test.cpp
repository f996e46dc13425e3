#include <convmat/geometry/per_axis.hpp>

#include <type_traits>

#include <boost/test/unit_test.hpp>

#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/geometry/conventions.hpp>
#include <convmat/geometry/padding.hpp>

namespace per_axis_test {

using namespace convmat;

BOOST_AUTO_TEST_SUITE(per_axis)

BOOST_AUTO_TEST_CASE(n3_a_value_alone_is_a_list_of_one) {
    BOOST_TEST((PerAxis<Index>(2) == Shape{2}));
    BOOST_TEST((PerAxis<Index>(std::size_t{2}) == Shape{2}));
    BOOST_TEST((PerAxis<Index>{2, 1} == Shape{2, 1}));
    BOOST_TEST((PerAxis<Index>() == Shape{}));
    BOOST_TEST((PerAxis<Index>(Shape{3, 4}) == Shape{3, 4}));
    BOOST_TEST((PerAxis<Boundary>(Boundary::periodic) == std::vector<Boundary>{Boundary::periodic}));
}

BOOST_AUTO_TEST_CASE(n3_a_number_is_a_padding_of_both_ends) {
    using List = std::vector<Padding>;
    BOOST_TEST((PerAxis<Padding>(1) == List{{1, 1}}));
    BOOST_TEST((PerAxis<Padding>{1, 0} == List{{1, 1}, {0, 0}}));
    BOOST_TEST((PerAxis<Padding>{{1, 2}} == List{{1, 2}}));
    BOOST_TEST((PerAxis<Padding>{{1, 2}, {-1, 0}} == List{{1, 2}, {-1, 0}}));
    BOOST_TEST((PerAxis<Padding>(Padding{1, 2}) == List{{1, 2}}));
}

BOOST_AUTO_TEST_CASE(n3_what_counts_nothing_is_no_list) {
    static_assert(!std::is_convertible_v<bool, PerAxis<Index>> && !std::is_convertible_v<double, PerAxis<Index>>);
    static_assert(!std::is_convertible_v<bool, PerAxis<Padding>> && !std::is_convertible_v<double, PerAxis<Padding>>);
    static_assert(!std::is_convertible_v<int, PerAxis<Boundary>>);
    BOOST_TEST((std::is_convertible_v<int, PerAxis<Index>>));
}

BOOST_AUTO_TEST_CASE(n3_a_layer_is_described_by_single_values) {
    const ConvGeometry lists({.input = {8, 8},
                              .kernel = {3, 3},
                              .stride = {2, 2},
                              .dilation = {1, 1},
                              .padding = {{1, 1}, {1, 1}},
                              .boundary = {Boundary::periodic, Boundary::periodic}});
    const ConvGeometry values(
        {.input = {8, 8}, .kernel = 3, .stride = 2, .dilation = 1, .padding = 1, .boundary = Boundary::periodic});
    BOOST_TEST((values == lists));
    BOOST_TEST((ConvGeometry({.input = 8, .kernel = 3}) == ConvGeometry({.input = {8}, .kernel = {3}})));

    const auto transposed = ConvGeometry::from_transposed(
        {.input = {4, 4}, .kernel = 3, .stride = 2, .padding = 1, .boundary = Boundary::periodic, .output_padding = 1});
    BOOST_TEST((transposed == lists));
    BOOST_TEST((transposed == ConvGeometry::from_transposed({.input = {4, 4},
                                                             .kernel = 3,
                                                             .stride = 2,
                                                             .padding = 1,
                                                             .boundary = Boundary::periodic,
                                                             .output_size = 8})));
}

BOOST_AUTO_TEST_CASE(n3_padding_of_a_rule_and_later_changes_take_them_too) {
    ConvSpec spec{.input = {8, 8}, .kernel = 3, .stride = 1};
    spec.padding = 1;
    BOOST_TEST((ConvGeometry(spec).output_shape() == Shape{1, 8, 8}));
    spec.padding = same_padding(spec);
    BOOST_TEST((ConvGeometry(spec).output_shape() == Shape{1, 8, 8}));
    spec.stride = 2;
    BOOST_TEST((ConvGeometry(spec).output_shape() == Shape{1, 4, 4}));
    spec.padding = full_padding(spec);
    BOOST_TEST((ConvGeometry(spec).output_shape() == Shape{1, 5, 5}));
}

BOOST_AUTO_TEST_CASE(n3_layers_of_other_systems_take_them_where_those_do) {
    const auto same = [](const ConventionLayer& values, const ConventionLayer& lists) {
        BOOST_TEST((values.geometry == lists.geometry));
    };
    same(from_pytorch(PyTorchConv{.input = {8, 8}, .kernel_size = 3, .stride = 2, .padding = 1, .dilation = 1}),
         from_pytorch(PyTorchConv{.input = {8, 8}, .kernel_size = {3, 3}, .stride = {2, 2}, .padding = {1, 1}}));
    same(from_pytorch(PyTorchConvTranspose{.input = {4, 4}, .kernel_size = 3, .stride = 2, .output_padding = 1}),
         from_pytorch(
             PyTorchConvTranspose{.input = {4, 4}, .kernel_size = {3, 3}, .stride = {2, 2}, .output_padding = {1, 1}}));
    same(from_keras(KerasConv{.input = {8, 8}, .kernel_size = 3, .strides = 2, .padding = KerasPadding::same}),
         from_keras(
             KerasConv{.input = {8, 8}, .kernel_size = {3, 3}, .strides = {2, 2}, .padding = KerasPadding::same}));
    same(from_keras(KerasConvTranspose{.input = {4, 4}, .kernel_size = 3, .strides = 2}),
         from_keras(KerasConvTranspose{.input = {4, 4}, .kernel_size = {3, 3}, .strides = {2, 2}}));
    same(from_tensorflow(TensorFlowConv{.input = {8, 8}, .filter_size = 3, .strides = 2}),
         from_tensorflow(TensorFlowConv{.input = {8, 8}, .filter_size = {3, 3}, .strides = {2, 2}}));
    same(from_tensorflow(TensorFlowConv{.input = {8, 8}, .filter_size = 3, .padding = {{1, 1}, {0, 1}}}),
         from_tensorflow(TensorFlowConv{.input = {8, 8}, .filter_size = {3, 3}, .padding = {{1, 1}, {0, 1}}}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace per_axis_test
