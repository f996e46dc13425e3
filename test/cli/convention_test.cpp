#include <algorithm>
#include <set>

#include <boost/test/unit_test.hpp>

#include <convmat/geometry/conventions/convention_layer.hpp>

#include "convention.hpp"
#include "error.hpp"
#include "layer_description.hpp"
#include "support/throws_saying.hpp"

namespace convention_test {

using namespace convmat;
using namespace convmat::cli;

namespace {

struct Said {
    const Convention& convention;
    const Wording& wording;
    Form form;
};

// Both layers of each row of the table, where it has both.
std::vector<Said> all_wordings() {
    std::vector<Said> all;
    for (const Convention& row : conventions()) {
        if (!row.convolution.weights.empty()) all.push_back({row, row.convolution, Form::matrix});
        if (!row.transposed.weights.empty()) all.push_back({row, row.transposed, Form::transpose});
    }
    return all;
}

LayerDescription small_layer(const Said& said) {
    LayerDescription d;
    d.convention = &said.convention;
    d.in_channels = d.out_channels = d.groups = 1;
    d.input = {6, 6};
    d.kernel = {3, 3};
    if (said.convention.name.starts_with("numpy")) d.input = {6}, d.kernel = {3}; // has one axis
    if (said.form == Form::transpose) d.transposed = true;
    if (said.form == Form::transpose && said.convention.name == "tensorflow") d.output_size = {6, 6}; // it is required
    return d;
}

struct FeatureInUse {
    Feature feature;
    std::string blamed;
    void (*use)(LayerDescription& d);
};

const std::vector<FeatureInUse>& features_in_use() {
    using D = LayerDescription;
    static const std::vector<FeatureInUse> all = {
        {Feature::stride, "--stride: 2", [](D& d) { d.stride = {2}; }},
        {Feature::dilation, "--dilation: 2", [](D& d) { d.dilation = {2}; }},
        {Feature::channels, "--groups: 1 for 1 -> 2 channels", [](D& d) { d.out_channels = 2; }},
        {Feature::boundary, "--boundary: periodic", [](D& d) { d.boundary_text = "periodic"; }},
        {Feature::output_padding, "--output-padding: 1", [](D& d) { d.output_padding = {1}; }},
        {Feature::output_size, "--output-size: 6", [](D& d) { d.output_size = {6}; }},
        {Feature::lhs_dilation, "--lhs-dilation: 2", [](D& d) { d.lhs_dilation = {2}; }},
        {Feature::origin, "--origin: 0", [](D& d) { d.origin = {0}; }}};
    return all;
}

bool known_letters(std::string_view letters) {
    return letters.find_first_not_of("OoIigMk") == std::string_view::npos && std::ranges::count(letters, 'k') == 1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_table_of_conventions)

BOOST_AUTO_TEST_CASE(names_are_unique_and_each_finds_its_row) {
    std::set<std::string_view> names;
    for (const Convention& row : conventions())
        for (const std::string_view name : {row.name, row.other_name}) {
            if (name.empty() && !row.name.empty()) continue;
            BOOST_TEST(names.insert(name).second, name);
            BOOST_TEST(&parse_convention("--convention", name) == &row, name);
        }
    BOOST_TEST(names.size() == 24U);
}

BOOST_AUTO_TEST_CASE(convmat_is_the_first_row_and_the_only_own_one) {
    BOOST_TEST(conventions().front().name == "convmat");
    BOOST_TEST(std::ranges::count(conventions(), true, &Convention::is_own) == 1);
    BOOST_TEST(LayerDescription().convention == &conventions().front());
}

BOOST_AUTO_TEST_CASE(another_name_is_refused_with_those_there_are) {
    test::throws_saying<InputError>([] { parse_convention("--convention", "torch"); },
                                    "--convention: torch: expected one of convmat, pytorch, onnx, tensorflow, "
                                    "tensorflow-depthwise, keras, keras-depthwise, jax, jax-transpose-kernel, mxnet, "
                                    "onednn, matlab, octave, scipy, scipy-convolve, scipy-correlate, scipy-convolve2d, "
                                    "scipy-correlate2d, ndimage, ndimage-convolve, ndimage-correlate, numpy, "
                                    "numpy-convolve, numpy-correlate");
}

BOOST_AUTO_TEST_CASE(the_help_lists_a_name_once) {
    BOOST_TEST(convention_names() == "convmat (default) pytorch onnx tensorflow tensorflow-depthwise keras "
                                     "keras-depthwise jax jax-transpose-kernel mxnet onednn matlab octave scipy "
                                     "scipy-correlate scipy-convolve2d scipy-correlate2d ndimage ndimage-correlate "
                                     "numpy numpy-correlate");
}

BOOST_AUTO_TEST_CASE(letters_are_known_and_where_there_are_some_there_is_a_reader) {
    for (const Convention& row : conventions())
        for (const Wording* wording : {&row.convolution, &row.transposed}) {
            const bool is_there = !wording->weights.empty();
            BOOST_TEST(is_there == (wording->read != nullptr), row.name);
            BOOST_TEST(is_there == known_letters(wording->letters(false)), row.name);
            BOOST_TEST(is_there == known_letters(wording->letters(true)), row.name);
            BOOST_TEST((is_there || wording->features.empty()), row.name);
        }
    BOOST_TEST(parse_convention("--convention", "onednn").convolution.letters(true) == "goik");
    BOOST_TEST(weight_axes("goik") == "(groups, out/groups, in/groups, k...)");
    BOOST_TEST(weight_axes("kIM") == "(k..., in, multiplier)");
}

BOOST_AUTO_TEST_CASE(a_layer_that_a_system_does_not_have_is_refused) {
    for (const Convention& row : conventions()) {
        BOOST_TEST((!row.convolution.weights.empty() || !row.transposed.weights.empty()), row.name);
        if (row.convolution.weights.empty())
            test::throws_saying<InputError>([&] { row.wording(Form::matrix); }, ": expected --transposed with it");
        if (row.transposed.weights.empty())
            test::throws_saying<InputError>([&] { row.wording(Form::transpose); },
                                            ": expected no --transposed with it");
    }
}

BOOST_AUTO_TEST_CASE(every_wording_reads_a_small_layer) {
    for (const Said& said : all_wordings()) {
        BOOST_TEST_CONTEXT(said.convention.name) {
            const ConventionLayer layer = read_as_layer(small_layer(said));
            BOOST_TEST((layer.form == said.form));
            const bool one_axis = said.convention.name.starts_with("numpy");
            BOOST_TEST((layer.input_shape() == (one_axis ? Shape{1, 6} : Shape{1, 6, 6})));
            BOOST_TEST((layer.geometry.kernel_shape() == (one_axis ? Shape{1, 1, 3} : Shape{1, 1, 3, 3})));
            BOOST_TEST(layer.reading.empty() == said.convention.is_own);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_option_that_a_system_lacks_is_refused_by_name) {
    for (const Said& said : all_wordings())
        for (const FeatureInUse& used : features_in_use()) {
            if (said.wording.has(used.feature)) continue;
            BOOST_TEST_CONTEXT(said.convention.name << " and " << used.blamed) {
                LayerDescription d = small_layer(said);
                used.use(d);
                const std::string with = concat(" with --convention ", said.convention.name);
                test::throws_saying<InputError>([&] { read_as_layer(d); }, used.blamed);
                test::throws_saying<InputError>([&] { read_as_layer(d); }, with);
            }
        }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace convention_test
