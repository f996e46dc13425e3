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

std::string power_of_ten(double exponent) {
    return std::abs(exponent) <= 2 ? number(std::pow(10, exponent)) : "1e" + number(exponent);
}

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
    scale.tick_decades(scale.last_, std::ceil((scale.last_ - scale.first_) / 9));
    return scale;
}

Scale Scale::fitted(double least, double most) {
    constexpr double narrowest = 0.3; // decades
    Scale scale;
    scale.logarithmic_ = true;
    const double middle = (std::log10(least) + std::log10(most)) / 2;
    const double half = std::max(std::log10(most) - std::log10(least), narrowest) / 2 * 1.1;
    scale.first_ = middle - half;
    scale.last_ = middle + half;
    if (2 * half >= 3) {
        const double step = nice_step(std::max(1.0, half / 4.5));
        scale.tick_decades(std::floor(scale.last_ / step) * step, step);
    } else if (2 * half >= 1) {
        const bool plain = scale.first_ >= -4 && scale.last_ <= 5;
        for (double exponent = std::floor(scale.first_); exponent <= scale.last_; ++exponent)
            for (const double digit : {1.0, 2.0, 5.0}) scale.tick_at(digit, exponent, plain);
    } else {
        scale.tick_evenly();
    }
    return scale;
}

// At mantissa · 10^exponent, which need not be a double: near both ends of the doubles it is not.
void Scale::tick_at(double mantissa, double exponent, bool plain) {
    const double at = (exponent + std::log10(mantissa) - first_) / (last_ - first_);
    if (at < 0 || at > 1) return;
    if (mantissa >= 10 && !plain) {
        mantissa /= 10;
        ++exponent;
    }
    ticks_.push_back(
        {at, plain ? number(mantissa * std::pow(10, exponent)) : number(mantissa) + "e" + number(exponent)});
}

// At 10^last and every `step` decades below it.
void Scale::tick_decades(double last, double step) {
    for (double exponent = last; exponent >= first_; exponent -= step)
        ticks_.push_back({(exponent - first_) / (last_ - first_), power_of_ten(exponent)});
}

void Scale::tick_evenly() {
    const double exponent = std::floor(first_);
    const double least = std::pow(10, first_ - exponent);
    const double most = std::pow(10, last_ - exponent);
    const double step = nice_step((most - least) / 5);
    for (double i = std::ceil(least / step); i * step <= most; ++i)
        tick_at(i * step, exponent, std::abs(exponent) <= 3);
}

double Scale::at(double value) const {
    const double position = logarithmic_ ? std::log10(value) : value;
    return std::clamp((position - first_) / (last_ - first_), 0.0, 1.0);
}

} // namespace convmat::picture
