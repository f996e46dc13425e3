#pragma once

#include <vector>

#include <convmat/base/tensor.hpp>

#include "../numerics/axis_transform.hpp"
#include "../numerics/dense_svd.hpp"

namespace convmat::solve {

using numerics::AxisTransform;
using numerics::Complex;

/// How much of a Fourier spectrum is kept: of real values the frequencies 0..n/2 of the last Fourier axis are enough.
enum class Kept { all, half };

/// The unitary transforms of the axes of an array (channels, n...), by FFTW:
///
///     X̂[c, f] = Σ_i conj(basis(f, i)) X[c, i],   the basis vectors of spectrum/axis_transform.hpp on each axis.
class Transforms {
  public:
    /// One transform an axis; axes without one are left as they are.
    Transforms(Shape shape, std::vector<AxisTransform> kinds, Kept kept);

    const Shape& shape() const { return shape_; }                 ///< (channels, n...)
    const Shape& frequency_shape() const { return frequencies_; } ///< (channels, f...): f = n, or n/2 + 1 on one axis

    template <class S>
    Tensor<Complex> forward(const S* values) const;

    /// Writes the values; of a real array those whose spectrum this half is.
    template <class S>
    void inverse(Tensor<Complex> spectrum, S* values) const;

  private:
    template <class S>
    void real_transforms(S* values, bool inverse) const;
    double fourier_scale() const;

    Shape shape_;
    Shape frequencies_;
    std::vector<AxisTransform> kinds_; // of the axes n...
    std::vector<std::size_t> fourier_; // which of shape_ are Fourier axes
    Kept kept_;
};

} // namespace convmat::solve
