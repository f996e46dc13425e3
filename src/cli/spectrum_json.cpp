#include <cmath>

#include "spectrum_report.hpp"
#include "structure_facts.hpp"

namespace convmat::cli {
namespace {

// null where it was not computed or is infinite.
Json number(const std::optional<double>& value) {
    return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}

void add(Json& json, const std::string& key, const Measured& measured) {
    json[key] = number(measured.value);
    json[key + "_error"] = measured.value ? number(measured.error) : Json(nullptr);
    json[key + "_method"] = measured.method;
    json[key + "_converged"] = measured.value ? Json(measured.converged) : Json(nullptr);
}

void add_rank(Json& json, const SpectrumFindings& found) {
    const auto& rank = found.report.rank;
    json["rank"] = rank ? Json(rank->rank) : Json(nullptr);
    json["rank_most"] = rank ? Json(rank->most) : Json(nullptr);
    json["rank_tolerance"] = rank ? number(rank->tolerance) : Json(nullptr);
    json["rank_exact"] = rank && rank->exact;
    json["rank_method"] = rank ? rank->method : found.report.no_rank;
    json["nullity"] = rank ? Json(*found.nullity()) : Json(nullptr);
}

Json bounds_of(const SpectrumReport& report) {
    Json list = Json::array();
    for (const NormBound& bound : report.bounds) {
        const bool compared = bound.applies && report.norm2.value && *report.norm2.value > 0;
        list.push_back({{"name", bound.name},
                        {"formula", bound.formula},
                        {"applies", bound.applies},
                        {"value", bound.applies ? number(bound.value) : Json(nullptr)},
                        {"ratio", compared ? number(bound.value / *report.norm2.value) : Json(nullptr)},
                        {"condition", bound.condition},
                        {"source", bound.source}});
    }
    return list;
}

Json circular_of(const SpectrumReport& report) {
    Json json = {{"layer", report.circular}};
    add(json, "norm2", report.circular_norm2);
    add(json, "sigma_min", report.circular_sigma_min);
    return json;
}

Json end_of(const EndValues& end) {
    Json list = Json::array();
    for (std::size_t i = 0; i < end.values.size(); ++i)
        list.push_back({{"value", end.values[i]}, {"error", end.errors[i]}, {"residual", end.residuals[i]}});
    return list;
}

Json checkerboard_of(const Checkerboard& board) {
    Json axes = Json::array();
    for (const AxisOverlap& axis : board.axes)
        axes.push_back({{"kernel", axis.kernel},
                        {"stride", axis.stride},
                        {"dilation", axis.dilation},
                        {"counts", axis.counts},
                        {"even", axis.even},
                        {"kernel_below", axis.kernel_below},
                        {"kernel_above", axis.kernel_above},
                        {"nearest_stride", axis.nearest_stride}});
    return {{"even_overlap", board.even_overlap},
            {"even_sums", board.even_sums},
            {"largest_spread", number(board.largest_spread)},
            {"spread", board.spread},
            {"text", board.text},
            {"axes", std::move(axes)}};
}

void add_ends(Json& json, const char* key, const std::optional<EndValues>& end) {
    if (!end) return;
    const std::string name = key;
    json[name] = end_of(*end);
    json[name + "_converged"] = end->converged;
    json[name + "_method"] = end->method;
}

} // namespace

Json json_of(const SpectrumFindings& found) {
    const SpectrumReport& report = found.report;
    Json json = {{"transposed", found.layer.form == Form::transpose},
                 {"input", found.layer.input_shape()},
                 {"output", found.layer.output_shape()},
                 {"rows", found.rows()},
                 {"cols", found.cols()}};
    add(json, "norm2", report.norm2);
    add(json, "sigma_min", report.sigma_min);
    add(json, "condition", report.condition);
    add_rank(json, found);
    add(json, "frobenius", report.frobenius);
    json["structure"] = json_of(report.structure);
    json["structure_class"] = to_string(report.structure.kind());
    json["bounds"] = bounds_of(report);
    json["circular"] = circular_of(report);
    if (found.list_all) {
        json["singular_values"] = report.singular_values;
        json["singular_values_error"] = report.singular_values_error;
        json["singular_values_method"] = report.singular_values_method;
    }
    add_ends(json, "largest", found.largest);
    add_ends(json, "smallest", found.smallest);
    json["converged"] = found.converged();
    if (found.null_space_residual) json["null_space_residual"] = number(found.null_space_residual);
    if (found.checkerboard) json["checkerboard"] = checkerboard_of(*found.checkerboard);
    json["files"] = Json::array();
    for (const WrittenFile& file : found.files)
        json["files"].push_back({{"path", file.path}, {"content", file.content}});
    return json;
}

} // namespace convmat::cli
