#pragma once

#include <optional>
#include <string>

#include <convmat/spectrum/report.hpp>

#include <convmat/io/output_file.hpp>

#include "layer_options.hpp"
#include "spectrum_report.hpp"

namespace convmat::cli {

/// The options of `spectrum`.
struct SpectrumRequest {
    LayerOptions layer;
    std::optional<std::string> top, bottom, null_space, vectors, rank_tolerance, tolerance, plot;
    bool all = false;
    bool as_json = false;

    void add_to(CommandLine& line);

    /// Throws InputError, before anything is computed, for what can be known to be wrong of a layer of this form, files
    /// that cannot be written too.
    void refuse_what_is_wrong(Form form) const;

    SpectrumOptions spectrum() const;
    ReportOptions report() const;
};

/// A number of singular values from 1.
Index parse_count(const char* option, const std::string& text);

/// Computes what was asked for of a layer with weights, then writes to files, which are not committed.
SpectrumFindings analyse(const SpectrumRequest& request, const Layer& layer, OutputFiles& files);

} // namespace convmat::cli
