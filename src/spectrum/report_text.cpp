#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include <convmat/spectrum/report.hpp>

namespace convmat {
namespace {

std::string in_digits(double value, std::chars_format format, int precision) {
    std::array<char, 64> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, precision).ptr;
    return {buffer.data(), end};
}

// So many digits at most, 0 at the end dropped.
std::string general(double value, int digits) { return in_digits(value, std::chars_format::general, digits); }

std::string brief_error(double error) { return in_digits(error, std::chars_format::scientific, 1); }

// The fewest digits that tell the value from every other.
std::string exactly(double value) {
    std::array<char, 64> buffer;
    const bool moderate = value == 0 || (std::abs(value) >= 1e-4 && std::abs(value) < 1e16);
    const auto format = moderate ? std::chars_format::fixed : std::chars_format::scientific;
    return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format).ptr};
}

// As many digits as the error leaves.
std::string number(double value, double error) {
    if (!std::isfinite(value)) return "infinite";
    if (error == 0) return exactly(value);
    if (!std::isfinite(error)) return general(value, 6) + ", nothing known of its error";
    const double known = value == 0 ? 0 : std::floor(std::log10(std::abs(value))) - std::floor(std::log10(error));
    return concat(general(value, static_cast<int>(std::clamp(known + 1, 2.0, 16.0))), " ± ", brief_error(error));
}

std::string to_text(const Measured& measured) {
    if (!measured.value) return "not computed: " + measured.method;
    return concat(number(*measured.value, measured.error), " (", measured.method, ")");
}

// Padded with spaces on the right or the left; the text has no characters but ASCII's.
std::string left(std::string_view text, std::size_t width) {
    return std::string(text) + std::string(width - std::min(width, text.size()), ' ');
}
std::string right(std::string_view text, std::size_t width) {
    return std::string(width - std::min(width, text.size()), ' ') + std::string(text);
}

std::string heading(std::string_view text) { return concat("\n", text, "\n"); }

std::string row(std::string_view name, std::string_view text) { return concat("  ", left(name, 15), "  ", text, "\n"); }

// What a report is of: W, or W^T.
struct Matrix {
    const ConvGeometry& geometry;
    Form form;

    bool transposed() const { return form == Form::transpose; }
    Index rows() const { return transposed() ? geometry.cols() : geometry.rows(); }
    Index cols() const { return transposed() ? geometry.rows() : geometry.cols(); }
    Shape reads() const { return transposed() ? geometry.output_shape() : geometry.input_shape(); }
    Shape writes() const { return transposed() ? geometry.input_shape() : geometry.output_shape(); }
};

std::string layer_of(const Matrix& matrix) {
    std::string text =
        concat("Layer ", to_string(matrix.reads()), " -> ", to_string(matrix.writes()), ", weights ",
               to_string(matrix.geometry.kernel_shape()), ": its matrix ", matrix.transposed() ? "W^T" : "W", " has ",
               matrix.rows(), " rows and ", matrix.cols(), " columns.\n");
    if (matrix.transposed())
        text +=
            "A transposed layer is W^T of a convolution W. Both have the same singular values, and so the same norm, "
            "rank and bounds.\n";
    return text;
}

std::string structure_of(const SpectrumReport& report, const Matrix& matrix) {
    std::string text = heading(matrix.transposed() ? "Structure of W" : "Structure");
    for (const StructureFact& fact : report.structure.facts) text += concat("  ", to_text(fact), "\n");
    return text;
}

std::string rank_of(const SpectrumReport& report, const Matrix& matrix) {
    if (!report.rank) return row("rank", "not computed: " + report.no_rank);
    const NumericalRank& rank = *report.rank;
    std::string sure = concat("numerical: values up to ", general(rank.tolerance, 3), " count as 0");
    if (rank.exact) sure = "exact";
    if (!rank.exact && rank.tolerance == 0) sure = "of the integers, not proved";
    const Index nullity = matrix.cols() - rank.rank;
    return row("rank", concat(rank.rank, " of ", rank.most, rank.rank == rank.most ? ", full rank" : "", "; ", sure,
                              " (", rank.method, ")")) +
           row("nullity", nullity == 0
                              ? "0: no two inputs give the same output"
                              : concat(nullity, " of the ", matrix.cols(), " dimensions of inputs are mapped to 0"));
}

std::string values_of(const SpectrumReport& report, const Matrix& matrix) {
    const Index count = std::min(matrix.rows(), matrix.cols());
    return heading(concat("Singular values: ", count, ", the smaller of rows and columns")) +
           row("norm ||W||_2", "the largest: " + to_text(report.norm2)) + row("smallest", to_text(report.sigma_min)) +
           row("condition", to_text(report.condition)) + rank_of(report, matrix) +
           row("Frobenius norm", to_text(report.frobenius));
}

std::string bounds_of(const SpectrumReport& report) {
    const auto line = [](std::string_view name, std::string_view bound, std::string_view of_norm,
                         std::string_view formula) {
        return concat("  ", left(name, 29), "  ", right(bound, 12), "  ", right(of_norm, 8), "  ", formula, "\n");
    };
    const double norm = report.norm2.value.value_or(0);
    std::string text =
        heading("Bounds of the norm (from the weights alone, without W: the norm is at most each of these)") +
        line("name", "bound", "/ norm", "formula");
    std::string rest;
    for (const NormBound& bound : report.bounds) {
        const std::string of_norm =
            norm > 0 ? in_digits(bound.value / norm, std::chars_format::fixed, 4) : std::string("-");
        if (bound.applies)
            text += line(bound.name, general(bound.value, 7), of_norm, bound.formula);
        else
            rest += concat("  ", left(bound.name, 29), "  does not apply: ", bound.condition, "\n");
    }
    if (!report.no_bounds.empty()) rest += "  not computed: " + report.no_bounds + "\n";
    return text + rest;
}

std::string relative(double circle, double layer) {
    const double ratio = circle / layer;
    if (ratio <= 0.5 || ratio >= 2) return general(ratio, 3) + " times this layer's";
    return concat(ratio < 1 ? "" : "+", general((ratio - 1) * 100, 3), " %");
}

// How the two compare, where one of them can be told from 0 at all.
std::string difference(const Measured& circle, const Measured& layer) {
    if (!circle.value || !layer.value) return "not known";
    const bool layer_is_0 = *layer.value <= layer.error;
    const bool circle_is_0 = *circle.value <= circle.error;
    if (layer_is_0 && circle_is_0) return "none: both are 0 within their errors";
    if (layer_is_0) return "the layer's is 0 within its error";
    if (circle_is_0) return "the circle's is 0 within its error";
    if (std::abs(*circle.value - *layer.value) <= circle.error + layer.error) return "none within their errors";
    return relative(*circle.value, *layer.value);
}

std::string circle_of(const SpectrumReport& report, const ConvGeometry& geometry) {
    const auto line = [](std::string_view name, std::string_view layer, std::string_view circle,
                         std::string_view differ) {
        return concat("  ", left(name, 15), "  ", right(layer, 16), "  ", right(circle, 16), "  ", differ, "\n");
    };
    const auto compared = [&](std::string_view name, const Measured& layer, const Measured& circle) {
        const auto value = [](const Measured& m) { return m.value ? general(*m.value, 10) : "not computed"; };
        return line(name, value(layer), value(circle), difference(circle, layer));
    };
    const bool zero =
        std::ranges::all_of(geometry.axes(), [](const Axis& axis) { return axis.boundary == Boundary::zero; });
    const std::string title = heading(zero ? "Zero padding against the circle" : "The boundary against the circle");
    if (!report.circular_norm2.value) return concat(title, "  ", report.circular, "\n");
    return concat(
        title, "  The circle: ", report.circular, ".\n", line("", "this layer", "on the circle", "difference"),
        compared("norm ||W||_2", report.norm2, report.circular_norm2),
        compared("smallest", report.sigma_min, report.circular_sigma_min),
        "  A Fourier transform of the weights gives the circle's numbers; whoever takes them for this layer's "
        "is off by that much.\n");
}

} // namespace

detail::SpectrumSections detail::sections_of(const SpectrumReport& report, Form form) {
    if (!report.geometry)
        throw ArgumentError({.parameter = "report",
                             .value = "a report without a layer",
                             .expected = "one of spectrum_report()",
                             .found = "to_text: the report has no geometry"});
    const Matrix matrix = {*report.geometry, form};
    return {layer_of(matrix), structure_of(report, matrix), values_of(report, matrix), bounds_of(report),
            circle_of(report, matrix.geometry)};
}

std::string to_text(const SpectrumReport& report, Form form) {
    const detail::SpectrumSections sections = detail::sections_of(report, form);
    return sections.layer + sections.structure + sections.values + sections.bounds + sections.circle;
}

} // namespace convmat
