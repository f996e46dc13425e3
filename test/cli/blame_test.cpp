// Which option an error of the library becomes: by its data alone, so the errors here speak nonsense.
#include "blame.hpp"

#include <new>
#include <string>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace blame_test {

using namespace convmat;
using namespace convmat::cli;

namespace {

const std::vector<std::pair<std::string, std::string>> geometry_parameters = {
    {"input", "--input"},
    {"in_channels", "--input"},
    {"out_channels", "--out-channels"},
    {"kernel", "--kernel-size"},
    {"rhs_spec", "--kernel-size"},
    {"groups", "--groups"},
    {"stride", "--stride"},
    {"dilation", "--dilation"},
    {"lhs_dilation", "--lhs-dilation"},
    {"padding", "--padding"},
    {"auto_pad", "--padding"},
    {"boundary", "--boundary"},
    {"fillvalue", "--boundary"},
    {"cval", "--boundary"},
    {"origin", "--origin"},
    {"output_padding", "--output-padding"},
    {"output_size", "--output-size"},
};

const std::vector<std::pair<std::string, std::string>> other_parameters = {
    {"x", "--x"},
    {"y", "--y"},
    {"lambda", "--lambda"},
    {"noise", "--lambda"},
    {"penalty", "--penalty"},
    {"preconditioner", "--preconditioner"},
    {"method", "--method"},
    {"tolerance", "--tolerance"},
    {"rank_tolerance", "--rank-tolerance"},
    {"most_steps", "--most-steps"},
    {"most_memory", "--memory"},
};

// Words that name every other option and say nothing of the parameter.
Fault nonsense(const std::string& parameter) {
    return {.parameter = parameter,
            .axis = 3,
            .value = "7",
            .expected = "stride, expected dilation",
            .found = "--x: padding is a kernel, expected output size"};
}

const std::string nonsense_printed =
    "--x: padding is a kernel, expected output size: expected stride, expected dilation";

} // namespace

BOOST_AUTO_TEST_SUITE(blame)

BOOST_AUTO_TEST_CASE(a_parameter_has_its_option_whatever_the_words) {
    for (const auto& [parameter, option] : geometry_parameters) {
        BOOST_TEST(option_of(parameter) == option);
        BOOST_TEST(blamed(GeometryError(nonsense(parameter)), "", {}).what() == option + ": " + nonsense_printed);
        BOOST_TEST(blamed(SizeError(nonsense(parameter)), "", {}).what() == option + ": " + nonsense_printed);
    }
    for (const auto& [parameter, option] : other_parameters) {
        BOOST_TEST(option_of(parameter) == option);
        BOOST_TEST(one_line(ArgumentError(nonsense(parameter))) == option + ": " + nonsense_printed);
        BOOST_TEST(one_line(ShapeError(nonsense(parameter))) == option + ": " + nonsense_printed);
    }
}

BOOST_AUTO_TEST_CASE(what_no_single_option_states_is_the_size_of_the_layer) {
    BOOST_TEST(option_of("").empty());
    BOOST_TEST(option_of("strides").empty());
    BOOST_TEST(blamed(SizeError(nonsense("")), "", {}).what() == "layer size: " + nonsense_printed);
    BOOST_TEST(one_line(SizeError(nonsense("positions"))) == "layer size: " + nonsense_printed);
    BOOST_TEST(one_line(SizeError(nonsense("lambda"))) == "--lambda: " + nonsense_printed);
    BOOST_TEST(one_line(SizeError(nonsense("most_memory"))) == "--memory: " + nonsense_printed);
    BOOST_TEST(one_line(ShapeError(nonsense("images"))) == nonsense_printed);
}

BOOST_AUTO_TEST_CASE(where_the_option_was_not_given_what_stated_the_number_is_blamed) {
    LayerDescription layer;
    layer.source = "l.json";
    layer.options = {"--stride"};
    const auto begins = [&](const std::string& parameter) {
        const std::string line = blamed(GeometryError(nonsense(parameter)), "", layer).what();
        return line.substr(0, line.find(':'));
    };
    BOOST_TEST(begins("stride") == "--stride");
    BOOST_TEST(begins("dilation") == "l.json");
    BOOST_TEST(begins("input") == "l.json");
    BOOST_TEST(begins("") == "l.json");
    layer.read_by = "--image";
    BOOST_TEST(begins("input") == "--image");
    BOOST_TEST(begins("in_channels") == "--image");
    BOOST_TEST(begins("kernel") == "l.json");
    layer.options = {"--input"};
    BOOST_TEST(begins("input") == "--input");
}

BOOST_AUTO_TEST_CASE(a_sentence_that_says_the_expectation_in_other_words_gets_one_of_the_command_line) {
    Fault fault = nonsense("stride");
    fault.sentence = "nobody strides like this";
    BOOST_TEST(blamed(GeometryError(fault), "sense", {}).what() ==
               std::string("--stride: nobody strides like this: expected sense"));
    BOOST_TEST(one_line(SizeError(fault)) == "--stride: nobody strides like this: expected a smaller layer");
    BOOST_TEST(one_line(GeometryError(fault)) ==
               "--stride: nobody strides like this: expected stride, expected dilation");
}

BOOST_AUTO_TEST_CASE(options_and_files_are_named_as_they_are) {
    BOOST_TEST(one_line(InputError("--via", "fft", "matrix")) == "--via: fft: expected matrix");
    const Fault file = {"x.npy", {}, "no magic", "a .npy file", "some words", "others"};
    BOOST_TEST(one_line(FileError(file)) == "x.npy: no magic: expected a .npy file");
    BOOST_TEST(one_line(std::bad_alloc()) == "memory: not enough: expected more for a layer of this size");
    BOOST_TEST(one_line(std::logic_error("a\tb\n \n")) == "a b");
    BOOST_TEST(one_line(InputError("--x", "\x1b[1m\n\xC2\x9B", "text")) == "--x: \\x1b[1m \\x9b: expected text");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace blame_test
