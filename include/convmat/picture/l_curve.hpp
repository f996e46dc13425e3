#pragma once
#include <optional>
#include <string>
#include <vector>
namespace convmat {
struct LCurvePoint {
    double lambda;
    double residual_norm;
    double penalty_norm;
};
struct LCurve {
    std::vector<LCurvePoint> points;
    std::string title = "L-curve";
    std::string penalty = "||x||";
    std::optional<double> chosen = {};
    std::string chosen_label = {};
};
std::string l_curve_svg(const LCurve& curve);
} // namespace convmat
