#include <algorithm>

#include <fmt/format.h>

#include <convmat/picture/curve.hpp>

#include "spectrum_report.hpp"

namespace convmat::cli {

Index SpectrumFindings::rows() const {
    return layer.form == Form::matrix ? layer.geometry.rows() : layer.geometry.cols();
}

Index SpectrumFindings::cols() const {
    return layer.form == Form::matrix ? layer.geometry.cols() : layer.geometry.rows();
}

std::optional<Index> SpectrumFindings::nullity() const {
    return report.rank ? std::optional(cols() - report.rank->rank) : std::nullopt;
}

bool SpectrumFindings::converged() const {
    return report.norm2.converged && report.sigma_min.converged && report.circular_norm2.converged &&
           report.circular_sigma_min.converged && (!largest || largest->converged) &&
           (!smallest || smallest->converged);
}

const NormBound* SpectrumFindings::tightest_bound() const {
    const NormBound* tightest = nullptr;
    for (const NormBound& bound : report.bounds)
        if (bound.applies && (tightest == nullptr || bound.value < tightest->value)) tightest = &bound;
    return tightest;
}

std::string picture_of(const SpectrumFindings& found) {
    const SpectrumReport& report = found.report;
    const char* matrix = found.layer.form == Form::matrix ? "W" : "W^T";
    SingularValueCurve curve = {.values = report.singular_values,
                                .title = fmt::format("Singular values of {}: {} -> {}, weights {}", matrix,
                                                     to_string(found.layer.input_shape()),
                                                     to_string(found.layer.output_shape()),
                                                     to_string(found.layer.geometry.kernel_shape())),
                                .label = fmt::format("{}, {} x {}", matrix, found.rows(), found.cols()),
                                .zero = report.rank ? std::max(report.rank->tolerance, report.singular_values_error)
                                                    : report.singular_values_error};
    if (report.circular_norm2.value) curve.lines.push_back({"norm on a circle", *report.circular_norm2.value});
    if (const NormBound* bound = found.tightest_bound())
        curve.lines.push_back({"tightest bound of the norm, " + bound->name, bound->value});
    return singular_value_curve_svg(curve);
}

} // namespace convmat::cli
