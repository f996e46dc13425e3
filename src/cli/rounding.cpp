#include "rounding.hpp"

#include <algorithm>

#include <convmat/reference/loops.hpp>

namespace convmat::cli {
namespace {

Index wide(const Axis& axis) { return std::max({axis.padding.begin, axis.padding.end, Index{0}}); }

// The sum of the magnitudes of an odd reflection's coefficients: x(q + 2(n-1)) = x(q) + 2 (x[n-1] - x[0]).
double reflection_gain(const Axis& axis) {
    if (axis.boundary != Boundary::antireflective || axis.input == 1) return 1;
    return 3 + 4 * std::ceil(static_cast<double>(wide(axis)) / static_cast<double>(axis.input - 1));
}

double gain(const ConvGeometry& geometry) {
    double product = 1;
    for (const Axis& axis : geometry.axes()) product *= reflection_gain(axis);
    return product;
}

} // namespace

// The most products one value is a sum of. Up to 1 + p_begin + p_end positions of an extended axis copy one input.
double Rounding::terms(Form form) const {
    double count = gain(geometry_);
    count *= static_cast<double>(form == Form::matrix ? geometry_.in_channels_per_group()
                                                      : geometry_.out_channels_per_group());
    for (const Axis& axis : geometry_.axes()) {
        count *= static_cast<double>(axis.kernel);
        if (form == Form::transpose && axis.boundary != Boundary::zero)
            count *=
                static_cast<double>(1 + std::max<Index>(axis.padding.begin, 0) + std::max<Index>(axis.padding.end, 0));
    }
    return count;
}

std::vector<double> Rounding::entry_bound() const {
    const auto alone = [](const Axis& axis) { return axis.boundary == Boundary::zero; };
    if (std::ranges::all_of(geometry_.axes(), alone)) return {};
    const double count = gain(geometry_) * static_cast<double>(geometry_.kernel_size());
    const double scale = count * std::ranges::max(magnitudes_.values());
    if (integers_ && scale < 1 / epsilon_) return {};
    return {4 * count * epsilon_ * scale};
}

std::vector<double> Rounding::bounds(Form form, const Tensor<double>& x, bool integers) const {
    // Coefficients other than 0 and 1 would cancel in a sum of magnitudes: then one bound for all takes its place.
    const bool cancels = gain(geometry_) > 1;
    Tensor<double> scale = form == Form::matrix ? reference::convolve(geometry_, magnitudes_, x)
                                                : reference::transpose(geometry_, magnitudes_, x);
    if (cancels) {
        const double most_x = std::ranges::max(x.values());
        const double most_k = std::ranges::max(magnitudes_.values());
        std::ranges::fill(scale.values(), terms(form) * gain(geometry_) * most_x * most_k);
    }
    if (integers && std::ranges::max(scale.values()) < 1 / epsilon_) return {};
    std::vector<double> bounds(scale.values().begin(), scale.values().end());
    for (double& bound : bounds) bound *= 4 * terms(form) * epsilon_;
    return bounds;
}

} // namespace convmat::cli
