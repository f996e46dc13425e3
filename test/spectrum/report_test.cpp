#include <convmat/spectrum/report.hpp>

#include <boost/test/unit_test.hpp>

#include <convmat/structure/exact_rank.hpp>

#include "support.hpp"

namespace report_test {

using namespace convmat;
using namespace convmat::test;

namespace {

bool within(const Measured& measured, double truth, double rounding) {
    return measured.value && std::abs(*measured.value - truth) <= measured.error + rounding;
}

} // namespace

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(of_random_layers_agrees_with_dense_decompositions) {
    for (Index rank = 1; rank <= 4; ++rank) {
        RandomLayers layers(101 + static_cast<unsigned>(rank));
        for (int compared = 0; compared < 20;) {
            const ConvGeometry geometry = layers.geometry(rank);
            if (std::max(geometry.rows(), geometry.cols()) > 120) continue;
            ++compared;
            const auto kernel = layers.integers<std::int64_t>(geometry.kernel_shape());
            BOOST_TEST_CONTEXT(describe(geometry)) {
                const auto w = dense_w(geometry, kernel);
                const auto values = dense_singular_values(w);
                const double rounding = dense_rounding(geometry.rows(), geometry.cols(), values.front());
                const SpectrumReport found = spectrum_report(geometry, kernel);
                BOOST_TEST(within(found.norm2, values.front(), rounding));
                BOOST_TEST(within(found.sigma_min, values.back(), rounding));
                BOOST_TEST(within(found.frobenius, w.norm(), rounding));
                BOOST_TEST_REQUIRE(found.rank.has_value());
                BOOST_TEST(found.rank->exact);
                BOOST_TEST(found.rank->rank == exact_rank(kernel2matrix(geometry, kernel)));
                BOOST_TEST_REQUIRE(found.singular_values.size() == values.size());
                if (values.back() > 1e-6 * values.front())
                    BOOST_TEST(within(found.condition, values.front() / values.back(), 1e-6 * *found.condition.value));
                for (const NormBound& bound : found.bounds)
                    if (bound.applies) BOOST_TEST(bound.value >= values.front() - rounding);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_singular_layer_has_an_infinite_condition) {
    const ConvGeometry geometry({.input = {5}, .kernel = {3}, .padding = {{1, 1}}});
    const SpectrumReport found = spectrum_report(geometry, Tensor<std::int64_t>({1, 1, 3}, {1, 1, 1}));
    BOOST_TEST_REQUIRE(found.condition.value.has_value());
    BOOST_TEST(std::isinf(*found.condition.value));
    BOOST_TEST(found.rank->rank == 4);
    BOOST_TEST_REQUIRE(found.circular_sigma_min.value.has_value()); // 1 + 2 cos(2 pi w / 5)
    BOOST_TEST(std::abs(*found.circular_norm2.value - 3) < 1e-12);
    BOOST_TEST(std::abs(*found.circular_sigma_min.value - (1 + 2 * std::cos(4 * std::numbers::pi / 5)) * -1) < 1e-12);
}

BOOST_AUTO_TEST_CASE(n6_a_report_is_printed_in_words) {
    const ConvGeometry geometry({.input = 5, .kernel = 3, .padding = {{1, 0}}, .boundary = Boundary::zero});
    const Tensor<std::int64_t> kernel({1, 1, 3}, {0, 3, 0});
    const SpectrumReport report = spectrum_report(geometry, kernel);
    const auto says = [](const std::string& text, const std::string& line) {
        BOOST_TEST(text.find(line + "\n") != std::string::npos, "'" << line << "' is not in\n" << text);
    };
    const std::string text = to_text(report);
    says(text, "Layer 1x5 -> 1x4, weights 1x1x3: its matrix W has 4 rows and 5 columns.");
    says(text, "\nSingular values: 4, the smaller of rows and columns");
    says(text, "  nullity          1 of the 5 dimensions of inputs are mapped to 0");
    says(text, "\nZero padding against the circle");
    for (const StructureFact& fact : report.structure.facts) says(text, "  " + to_text(fact));
    BOOST_TEST(text.find("rank             4 of 4, full rank; exact") != std::string::npos);

    const std::string transposed = to_text(report, Form::transpose);
    says(transposed, "Layer 1x4 -> 1x5, weights 1x1x3: its matrix W^T has 5 rows and 4 columns.");
    says(transposed, "  nullity          0: no two inputs give the same output");
    throws_fault<ArgumentError>(
        [] { to_text(SpectrumReport{}); },
        {.parameter = "report", .value = "a report without a layer", .expected = "one of spectrum_report()"});
}

BOOST_AUTO_TEST_CASE(n6_numbers_have_as_many_digits_as_their_error_leaves) {
    SpectrumReport report;
    report.geometry.emplace(ConvSpec{.input = {2}, .kernel = {1}});
    const auto printed = [&](double value, double error) {
        report.norm2 = {.value = value, .error = error, .method = "told"};
        const std::string text = to_text(report), begin = "the largest: ";
        const auto at = text.find(begin) + begin.size();
        return text.substr(at, text.find(" (told)") - at);
    };
    BOOST_TEST(printed(100000, 0) == "100000");
    BOOST_TEST(printed(0.1, 0) == "0.1");
    BOOST_TEST(printed(1e-7, 0) == "1e-07");
    BOOST_TEST(printed(0, 0) == "0");
    BOOST_TEST(printed(1.23456789, 1e-3) == "1.235 ± 1.0e-03");
    BOOST_TEST(printed(std::numeric_limits<double>::infinity(), 0) == "infinite");
    BOOST_TEST(printed(2.5, std::numeric_limits<double>::infinity()) == "2.5, nothing known of its error");
}

BOOST_AUTO_TEST_CASE(of_a_layer_whose_list_is_out_of_reach_has_the_ends) {
    const ConvGeometry geometry({.input = {12, 13}, .kernel = {3, 3}, .padding = {{1, 1}}});
    RandomLayers random(5);
    const auto kernel = random.integers<double>(geometry.kernel_shape());
    const auto values = dense_singular_values(dense_w(geometry, kernel));
    const SpectrumReport found =
        spectrum_report(geometry, kernel, {.spectrum = {.most_dense = 10}, .rank_tolerance = {}});
    BOOST_TEST(found.singular_values.empty());
    BOOST_TEST(found.singular_values_method.find("156x156") != std::string::npos);
    const double rounding = dense_rounding(156, 156, values.front());
    BOOST_TEST(within(found.norm2, values.front(), rounding));
    BOOST_TEST(within(found.sigma_min, values.back(), rounding));
    BOOST_TEST(found.norm2.error <= 1e-6 * values.front());
    BOOST_TEST(found.sigma_min.error <= 1e-6 * values.front());
    BOOST_TEST_REQUIRE(found.rank.has_value());
    BOOST_TEST(found.rank->rank == 156);
}

BOOST_AUTO_TEST_CASE(weights_that_are_not_finite_are_refused) {
    const ConvGeometry geometry({.input = {5}, .kernel = {3}});
    const Tensor<double> kernel({1, 1, 3}, {1, NAN, 1});
    throws_fault<ArgumentError>([&] { spectrum_report(geometry, kernel); },
                                {.parameter = "kernel", .value = "nan", .expected = "a finite number"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace report_test
