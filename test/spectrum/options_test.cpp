#include <convmat/spectrum/options.hpp>

#include <limits>

#include <boost/test/unit_test.hpp>

#include <convmat/spectrum/rank.hpp>
#include <convmat/spectrum/report.hpp>

#include "support.hpp"

namespace options_test {

using namespace convmat;
using namespace convmat::test;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

ConvGeometry three_taps() { return ConvGeometry({.input = {4}, .kernel = {3}, .padding = {{1, 1}}}); }

Tensor<double> some_weights() { return Tensor<double>({1, 1, 3}, {1, 2, 1}); }

// Every function that takes the options refuses them, for this option and value.
void refused_everywhere(const SpectrumOptions& options, const std::string& option, const std::string& value,
                        const std::string& expected = "a number of at least 0") {
    const ConvGeometry geometry = three_taps();
    const Tensor<double> kernel = some_weights();
    const RankOptions of_rank = {.tolerance = {}, .spectrum = options};
    const ReportOptions of_report = {.spectrum = options, .rank_tolerance = {}};
    const Fault fault = {.parameter = option, .value = value, .expected = expected};
    BOOST_TEST_CONTEXT(option << " " << value) {
        throws_fault<ArgumentError>([&] { detail::require_valid(options, "a test"); }, fault);
        throws_fault<ArgumentError>([&] { singular_values(geometry, kernel, options); }, fault);
        throws_fault<ArgumentError>([&] { largest_singular_triplets(geometry, kernel, 1, options); }, fault);
        throws_fault<ArgumentError>([&] { smallest_singular_triplets(geometry, kernel, 1, options); }, fault);
        throws_fault<ArgumentError>([&] { numerical_rank(geometry, kernel, of_rank); }, fault);
        throws_fault<ArgumentError>([&] { null_space(geometry, kernel, of_rank); }, fault);
        throws_fault<ArgumentError>([&] { spectrum_report(geometry, kernel, of_report); }, fault);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(the_defaults_and_zeros_are_taken) {
    detail::require_valid({}, "a test");
    detail::require_valid({.tolerance = 0,
                           .most_steps = 0,
                           .separability = -1, // nothing is taken apart
                           .most_dense = 0,
                           .most_operations = 0,
                           .most_factor_entries = 0},
                          "a test");
    detail::require_valid({.separability = infinity, .most_operations = infinity}, "a test");
}

BOOST_AUTO_TEST_CASE(a_tolerance_is_finite_and_at_least_0) {
    const std::string finite = "a finite number of at least 0";
    refused_everywhere({.tolerance = -1}, "tolerance", "-1", finite);
    refused_everywhere({.tolerance = not_a_number}, "tolerance", "nan", finite);
    refused_everywhere({.tolerance = infinity}, "tolerance", "inf", finite);
}

BOOST_AUTO_TEST_CASE(a_separability_is_a_number) {
    refused_everywhere({.separability = not_a_number}, "separability", "nan",
                       "a number; below 0 nothing is taken apart");
}

BOOST_AUTO_TEST_CASE(limits_are_at_least_0) {
    refused_everywhere({.most_steps = -1}, "most_steps", "-1");
    refused_everywhere({.most_dense = -2}, "most_dense", "-2");
    refused_everywhere({.most_operations = -3}, "most_operations", "-3");
    refused_everywhere({.most_operations = not_a_number}, "most_operations", "nan");
    refused_everywhere({.most_factor_entries = -4}, "most_factor_entries", "-4");
}

BOOST_AUTO_TEST_CASE(the_sentence_names_the_function_the_option_and_what_was_expected) {
    const auto says = [](const ArgumentError& error) {
        return std::string(error.what()) ==
               "singular_values: SpectrumOptions::tolerance is -1, expected a finite number of at least 0";
    };
    BOOST_CHECK_EXCEPTION(singular_values(three_taps(), some_weights(), {.tolerance = -1}), ArgumentError, says);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace options_test
