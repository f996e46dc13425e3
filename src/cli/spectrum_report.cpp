#include "spectrum_report.hpp"

#include <fmt/format.h>

namespace convmat::cli {
namespace {

std::string heading(std::string_view text) { return fmt::format("\n{}\n", text); }

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
    const detail::SpectrumSections report = detail::sections_of(found.report, found.layer.form);
    std::string reading = found.layer.reading;
    if (!reading.empty()) reading += '\n';
    if (!found.layer.note.empty()) reading += "Note: " + found.layer.note + "\n";
    return report.layer + reading + report.structure + report.values + list_of(found) +
           end_of("largest", found.largest) + end_of("smallest", found.smallest) + null_vector_of(found) +
           report.bounds + report.circle + checkerboard_of(found) + files_of(found);
}

} // namespace convmat::cli
