#pragma once

#include <optional>
#include <string>
#include <vector>

namespace convmat {

/// The least squares problem min ||A x - y||² + λ² ||L x||², or with λ for λ², solved for one λ.
struct LCurvePoint {
    double lambda = 0;        ///< >= 0
    double residual_norm = 0; ///< ||A x - y||
    double penalty_norm = 0;  ///< ||L x||
};

/// What l_curve_svg() draws. Labels are UTF-8; what XML does not take is replaced.
struct LCurve {
    std::vector<LCurvePoint> points;   ///< by λ, which ascends
    std::string title = "L-curve";     ///< cut after 100 characters
    std::string penalty = "||x||";     ///< of the vertical axis, such as "||gradient of x||"; cut after 100 characters
    std::optional<double> chosen = {}; ///< the point with the nearest λ, by ratio, is marked
    std::string chosen_label = {}; ///< who chose it, such as "generalised cross-validation"; cut after 40 characters
};

/// log ||L x|| against log ||A x - y|| as λ varies: a stand-alone SVG that shows at which λ the one begins to cost the
/// other, the corner of the L.
///
/// Both axes are logarithmic, so points with a norm that is 0 or infinite are left out. Dots on the curve say where λ
/// is a power of ten, read off between the points around it; where the range of λ holds fewer than two of those, the
/// dots are the ends. What lies at one place has one label; one without room is left out. The mark says the λ of the
/// point it lies on. A long curve is thinned out to 600 points. Look and determinism are those of
/// singular_value_curve_svg(). Throws ArgumentError when no point can be shown, when λ does not ascend, is
/// negative or not finite (`chosen` too), and when a norm is negative or NaN. Cost: O(points).
std::string l_curve_svg(const LCurve& curve);

} // namespace convmat
