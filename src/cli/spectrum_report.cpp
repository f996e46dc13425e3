#include "spectrum_report.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "structure_facts.hpp"

namespace convmat::cli {
namespace {

// As many digits as the error leaves.
std::string number(double value, double error) {
    if (!std::isfinite(value)) return "infinite";
    if (error == 0) return fmt::format("{}", value);
    if (!std::isfinite(error)) return fmt::format("{:.6g}, nothing known of its error", value);
    const double known = value == 0 ? 0 : std::floor(std::log10(std::abs(value))) - std::floor(std::log10(error));
    return fmt::format("{:.{}g} ± {:.1e}", value, static_cast<int>(std::clamp(known + 1, 2.0, 16.0)), error);
}

std::string text_of(const Measured& measured) {
    if (!measured.value) return "not computed: " + measured.method;
    return fmt::format("{} ({})", number(*measured.value, measured.error), measured.method);
}

std::string heading(std::string_view text) { return fmt::format("\n{}\n", text); }

std::string row(std::string_view name, std::string_view text) { return fmt::format("  {:<15}  {}\n", name, text); }

std::string layer_of(const SpectrumFindings& found) {
    const bool transposed = found.layer.form == Form::transpose;
    std::string text = fmt::format("Layer {} -> {}, weights {}: its matrix {} has {} rows and {} columns.\n",
                                   to_string(found.layer.input_shape()), to_string(found.layer.output_shape()),
                                   to_string(found.layer.geometry.kernel_shape()), transposed ? "W^T" : "W",
                                   found.rows(), found.cols());
    if (transposed)
        text +=
            "A transposed layer is W^T of a convolution W. Both have the same singular values, and so the same norm, "
            "rank and bounds.\n";
    if (!found.layer.reading.empty()) text += found.layer.reading + "\n";
    if (!found.layer.note.empty()) text += "Note: " + found.layer.note + "\n";
    return text;
}

std::string structure_of(const SpectrumFindings& found) {
    std::string text = heading(found.layer.form == Form::matrix ? "Structure" : "Structure of W");
    for (const StructureFact& fact : found.report.structure.facts) text += fmt::format("  {}\n", words_of(fact));
    return text;
}

std::string rank_of(const SpectrumFindings& found) {
    const SpectrumReport& report = found.report;
    if (!report.rank) return row("rank", "not computed: " + report.no_rank);
    const NumericalRank& rank = *report.rank;
    const char* full = rank.rank == rank.most ? ", full rank" : "";
    std::string sure = fmt::format("numerical: values up to {:.3g} count as 0", rank.tolerance);
    if (rank.exact) sure = "exact";
    if (!rank.exact && rank.tolerance == 0) sure = "of the integers, not proved";
    const Index nullity = *found.nullity();
    return row("rank", fmt::format("{} of {}{}; {} ({})", rank.rank, rank.most, full, sure, rank.method)) +
           row("nullity",
               nullity == 0 ? "0: no two inputs give the same output"
                            : fmt::format("{} of the {} dimensions of inputs are mapped to 0", nullity, found.cols()));
}

std::string values_of(const SpectrumFindings& found) {
    const SpectrumReport& report = found.report;
    const Index count = std::min(found.rows(), found.cols());
    return heading(fmt::format("Singular values: {}, the smaller of rows and columns", count)) +
           row("norm ||W||_2", "the largest: " + text_of(report.norm2)) + row("smallest", text_of(report.sigma_min)) +
           row("condition", text_of(report.condition)) + rank_of(found) +
           row("Frobenius norm", text_of(report.frobenius));
}

std::string list_of(const SpectrumFindings& found) {
    const SpectrumReport& report = found.report;
    if (!found.list_all) return "";
    std::string text = heading(fmt::format("All singular values, each ± {:.1e} ({})", report.singular_values_error,
                                           report.singular_values_method));
    for (std::size_t i = 0; i < report.singular_values.size(); ++i)
        text += fmt::format("  {:>7}  {:.15g}\n", i + 1, report.singular_values[i]);
    return text;
}

std::string end_of(std::string_view which, const std::optional<EndValues>& end) {
    if (!end) return "";
    std::string text = heading(fmt::format("The {} singular value{} ({}){}", which, end->values.size() == 1 ? "" : "s",
                                           end->method, end->converged ? "" : ": NOT converged, see the errors"));
    text += fmt::format("  {:>7}  {:<22} {:>8}  {:>8}\n", "", "value", "error", "residual");
    for (std::size_t i = 0; i < end->values.size(); ++i)
        text += fmt::format("  {:>7}  {:<22.15g} {:>8.1e}  {:>8.1e}\n", i + 1, end->values[i], end->errors[i],
                            end->residuals[i]);
    return text;
}

std::string null_vector_of(const SpectrumFindings& found) {
    if (found.null_vector.empty()) return "";
    return heading(fmt::format("An input of shape {} that the layer maps to 0", to_string(found.layer.input_shape()))) +
           found.null_vector;
}

std::string bounds_of(const SpectrumFindings& found) {
    const SpectrumReport& report = found.report;
    const double norm = report.norm2.value.value_or(0);
    std::string text =
        heading("Bounds of the norm (from the weights alone, without W: the norm is at most each of these)");
    text += fmt::format("  {:<29}  {:>12}  {:>8}  {}\n", "name", "bound", "/ norm", "formula");
    std::string rest;
    for (const NormBound& bound : report.bounds) {
        if (bound.applies)
            text += fmt::format("  {:<29}  {:>12.7g}  {:>8}  {}\n", bound.name, bound.value,
                                norm > 0 ? fmt::format("{:.4f}", bound.value / norm) : "-", bound.formula);
        else
            rest += fmt::format("  {:<29}  does not apply: {}\n", bound.name, bound.condition);
    }
    if (!report.no_bounds.empty()) rest += "  not computed: " + report.no_bounds + "\n";
    return text + rest;
}

std::string relative(double circle, double layer) {
    const double ratio = circle / layer;
    return ratio > 0.5 && ratio < 2 ? fmt::format("{:+.3g} %", (ratio - 1) * 100)
                                    : fmt::format("{:.3g} times this layer's", ratio);
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

std::string compared(std::string_view name, const Measured& layer, const Measured& circle) {
    const auto value = [](const Measured& m) { return m.value ? fmt::format("{:.10g}", *m.value) : "not computed"; };
    return fmt::format("  {:<15}  {:>16}  {:>16}  {}\n", name, value(layer), value(circle), difference(circle, layer));
}

std::string circle_of(const SpectrumFindings& found) {
    const SpectrumReport& report = found.report;
    const bool zero = std::ranges::all_of(found.layer.geometry.axes(),
                                          [](const Axis& axis) { return axis.boundary == Boundary::zero; });
    std::string text = heading(zero ? "Zero padding against the circle" : "The boundary against the circle");
    if (!report.circular_norm2.value) return text + "  " + report.circular + "\n";
    text += fmt::format("  The circle: {}.\n", report.circular);
    text += fmt::format("  {:<15}  {:>16}  {:>16}  {}\n", "", "this layer", "on the circle", "difference");
    text += compared("norm ||W||_2", report.norm2, report.circular_norm2);
    text += compared("smallest", report.sigma_min, report.circular_sigma_min);
    return text +
           "  A Fourier transform of the weights gives the circle's numbers; whoever takes them for this layer's is "
           "off by that much.\n";
}

std::string checkerboard_of(const SpectrumFindings& found) {
    if (!found.checkerboard) return "";
    std::string text = heading("Checkerboards");
    std::string_view rest = found.checkerboard->text;
    while (rest.ends_with('\n')) rest.remove_suffix(1);
    while (true) {
        const std::size_t end = rest.find('\n');
        text += fmt::format("  {}\n", rest.substr(0, end));
        if (end == std::string_view::npos) return text;
        rest.remove_prefix(end + 1);
    }
}

std::string files_of(const SpectrumFindings& found) {
    std::string text;
    for (const WrittenFile& file : found.files)
        text += fmt::format("{}{}: {}\n", text.empty() ? "\n" : "", file.path, file.content);
    return text;
}

} // namespace

std::string text_of(const SpectrumFindings& found) {
    return layer_of(found) + structure_of(found) + values_of(found) + list_of(found) +
           end_of("largest", found.largest) + end_of("smallest", found.smallest) + null_vector_of(found) +
           bounds_of(found) + circle_of(found) + checkerboard_of(found) + files_of(found);
}

} // namespace convmat::cli
