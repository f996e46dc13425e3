#include "design.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace convmat::solve {
namespace {

using namespace numerics;

// The least e with |values| < 2^e, real and imaginary parts each; 0 where all are 0.
template <class S>
int exponent_of(const S* values, Index count, int least) {
    double most = 0;
    for (Index i = 0; i < count; ++i)
        most = std::max({most, std::abs(std::real(values[i])), std::abs(std::imag(values[i]))});
    int exponent = least;
    if (most > 0) std::frexp(most, &exponent);
    return std::max(exponent, least);
}

constexpr int none = -10000; // below the exponent of every double

} // namespace

double scaled(double value, int exponent) { return std::ldexp(value, exponent); }

Complex scaled(Complex value, int exponent) {
    return {std::ldexp(value.real(), exponent), std::ldexp(value.imag(), exponent)};
}

KernelUnknown::KernelUnknown(const ConvGeometry& geometry, Form form, Index samples_)
    : samples(samples_),
      groups(geometry.groups()),
      positions(geometry.output_size()),
      inputs(geometry.input_size()),
      members(geometry.out_channels_per_group()),
      channels(geometry.in_channels_per_group()),
      taps(geometry.kernel_size()),
      member_stride(channels * taps),
      channel_stride(taps) {
    if (form == Form::transpose) {
        std::swap(positions, inputs);
        std::swap(members, channels);
        std::swap(member_stride, channel_stride);
    }
}

std::vector<AxisTaps> axes_of(const ConvGeometry& geometry, Form form) {
    std::vector<AxisTaps> axes;
    for (const Axis& axis : geometry.axes())
        axes.push_back(form == Form::matrix ? AxisTaps::forward(axis) : AxisTaps::transposed(axis));
    return axes;
}

template <class S>
GroupData<S>::GroupData(const KernelUnknown& unknown, const std::vector<AxisTaps>& axes, const Tensor<S>& xs,
                        const Tensor<S>& ys, Index group)
    : unknown_(unknown),
      axes_(axes),
      xs_(xs.data()),
      ys_(ys.data()),
      group_(group),
      x_exponent_(none),
      y_exponent_(none) {
    for (Index b = 0; b < unknown.samples; ++b) {
        x_exponent_ = exponent_of(x_of(b), unknown.channels * unknown.inputs, x_exponent_);
        y_exponent_ = exponent_of(y_of(b), unknown.members * unknown.positions, y_exponent_);
    }
    if (x_exponent_ == none) x_exponent_ = 0;
    if (y_exponent_ == none) y_exponent_ = 0;
}

template <class S>
const S* GroupData<S>::x_of(Index sample) const {
    return xs_ + (sample * unknown_.groups + group_) * unknown_.channels * unknown_.inputs;
}

template <class S>
const S* GroupData<S>::y_of(Index sample) const {
    return ys_ + (sample * unknown_.groups + group_) * unknown_.members * unknown_.positions;
}

// The product of one row an axis, the last axis fastest.
template <class S>
void GroupData<S>::find_readings(Index position) {
    readings_.assign(1, Reading{});
    Index below = unknown_.positions;
    for (const AxisTaps& axis : axes_) {
        below /= axis.rows();
        const AxisTaps::Row row = axis.row(position / below % axis.rows());
        spare_.clear();
        for (const Reading& before : readings_)
            for (const AxisTaps::Entry& entry : row.entries)
                for (const Term& term : axis.terms(entry))
                    spare_.push_back({before.input * axis.columns() + entry.column + row.column_shift,
                                      before.tap * axis.weights() + term.weight + row.weight_shift,
                                      before.coefficient * term.coefficient});
        readings_.swap(spare_);
    }
}

template <class S>
void GroupData<S>::write_design(Index first, Eigen::Ref<Dense<S>> rows) {
    rows.setZero();
    for (Index r = 0; r < rows.rows(); ++r) {
        find_readings((first + r) % unknown_.positions);
        const S* x = x_of((first + r) / unknown_.positions);
        for (Index c = 0; c < unknown_.channels; ++c)
            for (const Reading& reading : readings_)
                rows(r, c * unknown_.taps + reading.tap) +=
                    scaled(x[c * unknown_.inputs + reading.input], -x_exponent_) *
                    static_cast<double>(reading.coefficient);
    }
}

template <class S>
void GroupData<S>::write_response(Index first, Eigen::Ref<Dense<S>> rows) const {
    for (Index r = 0; r < rows.rows(); ++r) {
        const S* y = y_of((first + r) / unknown_.positions) + (first + r) % unknown_.positions;
        for (Index member = 0; member < unknown_.members; ++member)
            rows(r, member) = scaled(y[member * unknown_.positions], -y_exponent_);
    }
}

template class GroupData<double>;
template class GroupData<Complex>;

} // namespace convmat::solve
