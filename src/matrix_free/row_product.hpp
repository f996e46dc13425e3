#pragma once

#include <algorithm>
#include <cmath>
#include <complex>
#include <span>
#include <vector>

#include <convmat/base/positions.hpp>
#include <convmat/base/scalars.hpp>
#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/taps/axis_taps.hpp>

namespace convmat::matrix_free {

/// y = W x or W^T x, a row of W at a time with its very entries: what W, stored, would give also where weights are NaN
/// or infinite, which the engine would multiply by the zeros it pads with. Slow: it is for such weights alone.
template <ScalarType Scalar>
class RowProduct {
  public:
    RowProduct(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, bool backward, bool conjugated)
        : geometry_(geometry),
          kernel_(kernel),
          backward_(backward),
          conjugated_(conjugated) {
        for (const Axis& axis : geometry.axes())
            taps_.push_back(backward ? AxisTaps::transposed(axis) : AxisTaps::forward(axis));
    }

    void apply(const Scalar* x, Scalar* y, Index images, Index x_stride, Index y_stride) const {
        const Index channels = backward_ ? geometry_.in_channels() : geometry_.out_channels();
        const Index size = backward_ ? geometry_.input_size() : geometry_.output_size();
        Shape rows;
        for (const AxisTaps& taps : taps_) rows.push_back(taps.rows());
        Index row = 0;
        for_each_position(rows, [&](const Shape& at) {
            const std::vector<Entry> entries = entries_of(at);
            for (Index image = 0; image < images; ++image)
                for (Index channel = 0; channel < channels; ++channel)
                    y[image * y_stride + channel * size + row] = sum(channel, entries, x + image * x_stride);
            ++row;
        });
    }

  private:
    // A column of one channel and the weights that are summed there.
    struct Entry {
        Index column = 0;
        std::vector<Term> terms;
    };

    // Those of a row: the products over the axes, columns ascending.
    std::vector<Entry> entries_of(const Shape& at) const {
        std::vector<Entry> entries = {{0, {{0, 1}}}};
        for (std::size_t j = 0; j < taps_.size(); ++j) {
            const AxisTaps::Row row = taps_[j].row(at[j]);
            std::vector<Entry> longer;
            for (const Entry& before : entries)
                for (const AxisTaps::Entry& entry : row.entries)
                    longer.push_back({before.column * taps_[j].columns() + entry.column + row.column_shift,
                                      products(before.terms, j, entry, row.weight_shift)});
            entries = std::move(longer);
        }
        return entries;
    }

    std::vector<Term> products(const std::vector<Term>& before, std::size_t j, const AxisTaps::Entry& entry,
                               Index shift) const {
        std::vector<Term> terms;
        for (const Term& a : before)
            for (const Term& b : taps_[j].terms(entry))
                terms.push_back({a.weight * taps_[j].weights() + b.weight + shift, a.coefficient * b.coefficient});
        return terms;
    }

    Scalar sum(Index channel, const std::vector<Entry>& entries, const Scalar* x) const {
        const Index inputs = geometry_.in_channels_per_group(), outputs = geometry_.out_channels_per_group();
        const Index here = backward_ ? inputs : outputs, there = backward_ ? outputs : inputs;
        const Index size = backward_ ? geometry_.output_size() : geometry_.input_size();
        Scalar total(0);
        for (Index j = 0; j < there; ++j) {
            const Index other = channel / here * there + j;
            const Index pair = backward_ ? other * inputs + channel % inputs : channel * inputs + j;
            for (const Entry& entry : entries)
                total += weight(pair * geometry_.kernel_size(), entry.terms) * x[other * size + entry.column];
        }
        return total;
    }

    Scalar weight(Index first, const std::vector<Term>& terms) const {
        Scalar total(0);
        for (const Term& term : terms) {
            Scalar value = kernel_[first + term.weight];
            if constexpr (is_complex<Scalar>)
                if (conjugated_) value = std::conj(value);
            total += static_cast<RealOf<Scalar>>(term.coefficient) * value;
        }
        return total;
    }

    const ConvGeometry& geometry_;
    const Tensor<Scalar>& kernel_;
    bool backward_;
    bool conjugated_;
    std::vector<AxisTaps> taps_;
};

/// Whether every value is a number: neither NaN nor infinite.
template <ScalarType Scalar>
bool all_finite(std::span<const Scalar> values) {
    if constexpr (std::same_as<Scalar, std::int64_t>)
        return true;
    else
        return std::ranges::all_of(
            values, [](const Scalar& v) { return std::isfinite(std::real(v)) && std::isfinite(std::imag(v)); });
}

} // namespace convmat::matrix_free
