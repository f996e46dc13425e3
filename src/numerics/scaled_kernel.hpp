#pragma once

#include <algorithm>
#include <cmath>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>

#include "scalars.hpp"

namespace convmat::numerics {

/// K divided by the power of 2 just above its largest magnitude, so that squares neither overflow nor vanish: W is
/// factor times the scaled layer's. Throws ShapeError naming `who` for a kernel of another shape, ArgumentError for a
/// weight that is not finite.
template <class S>
struct ScaledKernel {
    ScaledKernel(const ConvGeometry& geometry, const Tensor<S>& of, const char* who) : kernel(of) {
        require_shape(of, geometry.kernel_shape(), who);
        double most = 0;
        for (Index i = 0; i < of.size(); ++i) {
            const double size = std::max(std::abs(std::real(of[i])), std::abs(std::imag(of[i])));
            if (!std::isfinite(std::real(of[i])) || !std::isfinite(std::imag(of[i])))
                throw ArgumentError({.parameter = "kernel",
                                     .value = concat(of[i]),
                                     .expected = "a finite number",
                                     .found = concat(who, ": weight ", i, " is ", of[i])});
            most = std::max(most, size);
        }
        int exponent = 0;
        if (most > 0) std::frexp(most, &exponent);
        exponent = std::min(exponent, 1023); // 2^1024 is no double
        for (S& value : kernel.values())
            value = S(value * std::ldexp(1.0, -exponent / 2)) * std::ldexp(1.0, -(exponent - exponent / 2));
        factor = std::ldexp(1.0, exponent);
    }

    /// The values of W itself; throws SizeError where one exceeds the range of double.
    void unscale(std::vector<double>& values) const {
        for (double& value : values) {
            const bool finite = std::isfinite(value);
            value *= factor;
            if (finite && !std::isfinite(value))
                throw SizeError({.parameter = "kernel",
                                 .value = concat("weights up to ", factor),
                                 .expected = "smaller weights",
                                 .found = "a singular value exceeds the range of double"});
        }
    }

    Tensor<S> kernel;
    double factor = 1;
};

} // namespace convmat::numerics
