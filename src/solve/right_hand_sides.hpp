#pragma once

#include <cmath>

#include <convmat/base/error.hpp>
#include <convmat/base/tensor.hpp>

namespace convmat::solve {

/// y, one image or a batch of them, divided by the power of 2 just above its largest magnitude.
template <class S>
class RightHandSides {
  public:
    /// Throws ShapeError unless y has the given shape with or without a leading axis, ArgumentError for values
    /// that are not finite.
    RightHandSides(const Tensor<S>& y, const Shape& one) : scaled_(y), batch_(y.shape() != one) {
        const Shape& shape = y.shape();
        if (batch_ && (shape.size() != one.size() + 1 || !std::equal(one.begin(), one.end(), shape.begin() + 1)))
            throw ShapeError({.parameter = "y",
                              .value = to_string(shape),
                              .expected = concat(to_string(one), ", or that with a leading axis of right-hand sides"),
                              .found = concat("y has shape ", to_string(shape))});
        if (batch_) count_ = shape.front();
        double most = 0;
        for (Index i = 0; i < y.size(); ++i) {
            const double size = std::max(std::abs(std::real(y[i])), std::abs(std::imag(y[i])));
            if (!std::isfinite(std::real(y[i])) || !std::isfinite(std::imag(y[i])))
                throw ArgumentError({.parameter = "y",
                                     .value = concat(y[i]),
                                     .expected = "a finite number",
                                     .found = concat("y: value ", i, " is ", y[i])});
            most = std::max(most, size);
        }
        int exponent = 0;
        if (most > 0) std::frexp(most, &exponent);
        exponent = std::min(exponent, 1023); // 2^1024 is no double
        factor_ = std::ldexp(1.0, exponent);
        const double first = std::ldexp(1.0, -exponent / 2), second = std::ldexp(1.0, -(exponent - exponent / 2));
        for (S& value : scaled_.values()) value = S(value * first) * second;
    }

    const S* values() const { return scaled_.data(); }
    Index count() const { return count_; }
    double factor() const { return factor_; } ///< y is this times values()

    /// (N, shape...) for a batch.
    Shape shape_with(Shape shape) const {
        if (batch_) shape.insert(shape.begin(), count_);
        return shape;
    }

  private:
    Tensor<S> scaled_;
    bool batch_;
    Index count_ = 1;
    double factor_ = 1;
};

} // namespace convmat::solve
