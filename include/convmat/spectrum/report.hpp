#pragma once

#include <optional>
#include <string>
#include <vector>

#include <convmat/geometry/form.hpp>
#include <convmat/spectrum/bounds.hpp>
#include <convmat/spectrum/rank.hpp>
#include <convmat/structure/classes.hpp>

namespace convmat {

/// A number and how far it may be from the truth; or why there is none.
struct Measured {
    std::optional<double> value = {}; ///< none: not computed
    double error = 0;                 ///< the truth lies within this of value
    std::string method = {};          ///< how it was found, or why it was not
    bool converged = true;            ///< false: an iteration ended before its error was within the tolerance
};

struct ReportOptions {
    SpectrumOptions spectrum = {};
    std::optional<double> rank_tolerance = {}; ///< see RankOptions
};

/// What W is, in numbers. Where a number is out of reach, its `method` says why.
struct SpectrumReport {
    std::optional<ConvGeometry> geometry; ///< of what it is a report; spectrum_report() gives it always
    Structure structure;

    Measured norm2;     ///< ||W||_2 = σ_1
    Measured sigma_min; ///< the smallest of the min(rows, cols) singular values
    Measured condition; ///< ||W||_2 / σ_min; infinity, with an error of infinity, where σ_min may be 0
    Measured frobenius; ///< ||W||_F

    std::optional<NumericalRank> rank;
    std::string no_rank; ///< why there is none

    std::vector<double> singular_values = {}; ///< all of them, the largest first, where they could be had
    double singular_values_error = 0;         ///< each is within this of the truth
    std::string singular_values_method;       ///< how, or why there are none

    std::vector<NormBound> bounds; ///< upper bounds of ||W||_2, see norm_bounds()
    std::string no_bounds;         ///< why there are none

    std::string circular;        ///< what the same weights on a circle are, or why they are not compared
    Measured circular_norm2;     ///< ||W||_2 of the periodic layer
    Measured circular_sigma_min; ///< and its smallest singular value
};

namespace detail {

/// The sections of to_text(), each but the first with its heading, in lines.
struct SpectrumSections {
    std::string layer, structure, values, bounds, circle;
};
SpectrumSections sections_of(const SpectrumReport& report, Form form);

template <class S>
void write_spectrum(SpectrumReport& report, const ConvGeometry& geometry, const Tensor<S>& kernel,
                    const ReportOptions& options);

/// Where the integers of a small W say more of its rank than its singular values.
void write_rank_of_integers(SpectrumReport& report, const ConvGeometry& geometry, const Tensor<std::int64_t>& kernel);

} // namespace detail

/// Structure, ||W||_2, σ_min, condition, rank, ||W||_F, bounds of the norm beside it, and how far the circular
/// approximation is from the truth: of any layer, with what each number may be wrong by. W is not stored but where its
/// smallest singular value or its rank needs a sparse factorisation. Throws ShapeError when K does not fit the
/// geometry, ArgumentError when a weight is not finite, SizeError when not even ||W||_2 is within reach.
template <ScalarType Scalar>
SpectrumReport spectrum_report(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                               const ReportOptions& options = {}) {
    SpectrumReport report;
    report.geometry = geometry;
    report.structure = structure_of(geometry, kernel);
    detail::write_spectrum(report, geometry, detail::widened<Spectral<Scalar>>(kernel), options);
    if constexpr (std::same_as<Scalar, std::int64_t>)
        if (!options.rank_tolerance) detail::write_rank_of_integers(report, geometry, kernel);
    return report;
}

/// The report for someone who reads it, as `convmat spectrum` prints it, in UTF-8: shapes, structure, norm, smallest
/// singular value, condition, rank and nullity with their errors, bounds of the norm, the circle. With Form::transpose
/// of W^T, which has the same singular values and another nullity. Throws ArgumentError for a report without geometry.
std::string to_text(const SpectrumReport& report, Form form = Form::matrix);

} // namespace convmat
