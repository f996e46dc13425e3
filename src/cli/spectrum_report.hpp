#pragma once

#include <optional>
#include <string>
#include <vector>

#include <convmat/spectrum/checkerboard.hpp>
#include <convmat/spectrum/report.hpp>

#include "json.hpp"
#include "layer.hpp"

namespace convmat::cli {

/// Some singular values from one end, without their vectors.
struct EndValues {
    std::vector<double> values;
    std::vector<double> errors;
    std::vector<double> residuals;
    bool converged = false;
    std::string method;
};

/// A file that was written.
struct WrittenFile {
    std::string path;
    std::string content; ///< "null space 27x1x6x6"
};

/// What `spectrum` found of a layer.
struct SpectrumFindings {
    const Layer& layer;
    SpectrumReport report = {};
    bool list_all = false; ///< print every singular value
    std::optional<EndValues> largest = {};
    std::optional<EndValues> smallest = {};
    std::optional<Checkerboard> checkerboard = {};
    std::optional<double> null_space_residual = {}; ///< the largest ||W n|| / ||n|| of what was written
    std::string null_vector = {};                   ///< the first of a small layer's null space, as lines of numbers
    std::vector<WrittenFile> files = {};

    // Of the layer's own matrix: W, or W^T.
    Index rows() const;
    Index cols() const;
    std::optional<Index> nullity() const; ///< none where the rank is not known

    bool converged() const; ///< every iteration whose numbers are here

    const NormBound* tightest_bound() const; ///< none where none applies
};

/// For someone who has not seen the program before.
std::string text_of(const SpectrumFindings& found);
Json json_of(const SpectrumFindings& found);

/// The singular values as an SVG.
std::string picture_of(const SpectrumFindings& found);

} // namespace convmat::cli
