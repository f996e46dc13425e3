#pragma once

#include <string>
#include <string_view>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/spectrum/singular_values.hpp>

namespace convmat {

/// How a determinant is found.
///
/// | method          | det W                                    | where it can                                     |
/// |-----------------|------------------------------------------|--------------------------------------------------|
/// | `automatic`     | the first of the next three that can     | W square                                         |
/// | `triangular`    | the product of the diagonal              | a causal layer                                   |
/// | `symbol`        | the product of det K̂(ω) over all blocks | transforms, stride 1, as many channels in as out |
/// | `factorisation` | of L U = P R W Q, by UMFPACK             | W square                                         |
enum class DeterminantMethod { automatic, triangular, symbol, factorisation };

std::string_view to_string(DeterminantMethod method);

/// det W = phase e^{log_abs}; NumPy's slogdet. Singular: phase 0, log_abs -inf.
template <class Scalar>
struct Determinant {
    Scalar phase = 0;   ///< of magnitude 1 (for real layers 1 or -1), or 0
    double log_abs = 0; ///< log |det W|
    DeterminantMethod method = DeterminantMethod::automatic;
};

namespace detail {

template <class S>
Determinant<S> determinant(const ConvGeometry& geometry, const Tensor<S>& kernel, DeterminantMethod method);

} // namespace detail

/// det W of a square W; that of W^T is the same. Cost: that of the method. Throws ArgumentError where W is not
/// square or the method cannot, ShapeError when K does not fit the geometry, SizeError where a factor would not fit.
template <ScalarType Scalar>
Determinant<Spectral<Scalar>> determinant(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                                          DeterminantMethod method = DeterminantMethod::automatic) {
    return detail::determinant(geometry, detail::widened<Spectral<Scalar>>(kernel), method);
}

} // namespace convmat
