#pragma once

#include <complex>

#include <convmat/spectrum/singular_values.hpp>

namespace convmat {

namespace detail {

template <class S>
Tensor<std::complex<double>> symbols(const ConvGeometry& geometry, const Tensor<S>& kernel);

} // namespace detail

/// K̂(f)[o, c] = sum_t K[o, c, t] prod_j φ_j(f_j, t_j): shape (n_1, ..., n_D, O, C), one O x C matrix a frequency;
/// between channels of different groups 0.
///
/// | axis                                             | φ(f, t)                           | f of                      |
/// |--------------------------------------------------|-----------------------------------|---------------------------|
/// | periodic, n = s m                                | e^{2 pi i f (d t - p) / n}        | e^{2 pi i f i / n}        |
/// | half-symmetric (or replicate with no tap further | cos(pi f (d t - p) / n)           | cos(pi f (i + 1/2) / n)   |
/// | than 1), mirrored taps, p = (k_eff - 1) / 2      |                                   |                           |
/// | zero, mirrored taps, none further than 1         | cos(pi (f + 1) (d t - p) / (n+1)) | sin(pi (f+1)(i+1) / (n+1))|
///
/// With stride 1 the singular values of W are those of all these matrices (I-41, I-46); with strides those of the s
/// aliases f, f + m, ... side by side, over sqrt(s) (I-42). Cost: FFTs of n values for each pair of channels. Throws
/// GeometryError naming the axis that none of the three diagonalises, ShapeError when K does not fit the geometry,
/// SizeError when the symbols do not fit memory, ArgumentError for weights that are not finite.
template <ScalarType Scalar>
Tensor<std::complex<double>> symbols(const ConvGeometry& geometry, const Tensor<Scalar>& kernel) {
    return detail::symbols(geometry, detail::widened<Spectral<Scalar>>(kernel));
}

} // namespace convmat
