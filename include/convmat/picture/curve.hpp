#pragma once

#include <string>
#include <vector>

/// Pictures as text: values in, the text of a file out.
namespace convmat {

/// A horizontal line across the picture, such as a bound of the norm.
struct ReferenceLine {
    std::string label; ///< "tightest bound"; the value is written behind it
    double value = 0;  ///< >= 0; one that is not finite is not drawn
};

/// What singular_value_curve_svg() draws. Labels are UTF-8; what XML does not take is replaced.
struct SingularValueCurve {
    std::vector<double> values;            ///< σ_1 >= σ_2 >= ... >= 0, at least one
    std::string title = "Singular values"; ///< cut after 100 characters
    std::string label = "W";               ///< of the curve: "singular values of" stands before it
    double zero = 0;                       ///< values up to this are drawn as zeros
    std::vector<double> other = {};        ///< a second curve, as `values`; empty: none
    std::string other_label = {};
    std::vector<ReferenceLine> lines = {};
};

/// σ_i against i as a curve, and beside it, on the same vertical axis, how many values lie where: a stand-alone SVG.
///
/// The axis is linear from 0, or logarithmic when the values that are not zero span more than three decades; zeros, if
/// there are, then lie on a line of their own below it. A long curve is thinned out to 600 points, both ends among
/// them, so that the text has at most about 100 KB. Colours can be told apart with any kind of colour vision, and
/// follow the viewer's preference for light or dark. The same input gives the same bytes. Throws ArgumentError
/// when there is no value, or one that is negative, not finite or larger than the one before it. Cost: O(values).
std::string singular_value_curve_svg(const SingularValueCurve& curve);

} // namespace convmat
