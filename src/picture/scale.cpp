#include "scale.hpp"

#include <algorithm>
#include <cmath>

#include "svg.hpp"

namespace convmat::picture {

double nice_step(double least) {
    const double power = std::pow(10, std::floor(std::log10(least)));
    for (const double digit : {1.0, 2.0, 5.0})
        if (digit * power >= least * (1 - 1e-9)) return digit * power;
    return 10 * power;
}

namespace {

std::string power_of_ten(double exponent) {
    return std::abs(exponent) <= 2 ? number(std::pow(10, exponent)) : "1e" + number(exponent);
}

} // namespace

Scale Scale::linear(double most, int count) {
    Scale scale;
    most = std::clamp(most, 1e-290, 1e307);
    const double step = nice_step(most / count);
    scale.last_ = most;
    const double steps = std::floor(most / step * (1 + 1e-9));
    for (double i = 0; i <= steps; ++i) scale.ticks_.push_back({i * step / most, number(i * step)});
    return scale;
}

Scale Scale::logarithmic(double least, double most) {
    Scale scale;
    scale.logarithmic_ = true;
    scale.first_ = std::floor(std::log10(least));
    scale.last_ = std::max(std::ceil(std::log10(most)), scale.first_ + 1);
    const double decades = scale.last_ - scale.first_;
    const double step = std::ceil(decades / 9);
    for (double exponent = scale.last_; exponent >= scale.first_; exponent -= step)
        scale.ticks_.push_back({(exponent - scale.first_) / decades, power_of_ten(exponent)});
    return scale;
}

double Scale::at(double value) const {
    const double position = logarithmic_ ? std::log10(value) : value;
    return std::clamp((position - first_) / (last_ - first_), 0.0, 1.0);
}

} // namespace convmat::picture
