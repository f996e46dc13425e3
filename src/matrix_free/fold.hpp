#pragma once

#include <algorithm>
#include <vector>

#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/taps/source_index.hpp>

namespace convmat::matrix_free {

/// x = P^T x_extended: every extended position adds to the input positions it was made of (crop, wrap-add, mirror-add,
/// edge-sum), for one channel of one image. Values are `parts` real numbers.
template <class Real>
class Fold {
  public:
    Fold(const ConvGeometry& geometry, Index parts) : axes_(geometry.axes().begin(), geometry.axes().end()) {
        input_strides_.assign(axes_.size(), parts);
        extended_strides_.assign(axes_.size(), parts);
        for (std::size_t j = axes_.size() - 1; j-- > 0;) {
            input_strides_[j] = input_strides_[j + 1] * axes_[j + 1].input;
            extended_strides_[j] = extended_strides_[j + 1] * axes_[j + 1].padded_input();
        }
        parts_ = parts;
        input_size_ = input_strides_[0] * axes_[0].input;
    }

    void operator()(const Real* extended, Real* input) const {
        std::fill_n(input, input_size_, Real(0));
        fold_axis(0, extended, input, 1);
    }

  private:
    void fold_axis(std::size_t j, const Real* extended, Real* input, Index factor) const {
        const Axis& axis = axes_[j];
        if (j + 1 == axes_.size()) {
            fold_line(axis, extended, input, factor);
            return;
        }
        for (Index i = 0; i < axis.padded_input(); ++i)
            for (const Source& term : sources(axis.boundary, axis.input, i - axis.padding.begin))
                fold_axis(j + 1, extended + i * extended_strides_[j], input + term.position * input_strides_[j],
                          factor * term.coefficient);
    }

    void fold_line(const Axis& axis, const Real* extended, Real* input, Index factor) const {
        const Index padded = axis.padded_input();
        const Index first = std::clamp<Index>(axis.padding.begin, 0, padded);
        const Index last = std::clamp<Index>(axis.padding.begin + axis.input, first, padded);
        const auto weight = static_cast<Real>(factor);
        fold_border(axis, extended, input, factor, 0, first);
        const Real* const from = extended + first * parts_;
        Real* const to = input + (first - axis.padding.begin) * parts_;
        for (Index i = 0; i < (last - first) * parts_; ++i) to[i] += weight * from[i];
        fold_border(axis, extended, input, factor, last, padded);
    }

    void fold_border(const Axis& axis, const Real* extended, Real* input, Index factor, Index first, Index last) const {
        for (Index i = first; i < last; ++i)
            for (const Source& term : sources(axis.boundary, axis.input, i - axis.padding.begin))
                for (Index part = 0; part < parts_; ++part)
                    input[term.position * parts_ + part] +=
                        static_cast<Real>(factor * term.coefficient) * extended[i * parts_ + part];
    }

    std::vector<Axis> axes_;
    std::vector<Index> input_strides_;
    std::vector<Index> extended_strides_;
    Index parts_ = 1;
    Index input_size_ = 0;
};

} // namespace convmat::matrix_free
