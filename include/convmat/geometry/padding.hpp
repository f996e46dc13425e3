#pragma once

#include <vector>

#include <convmat/geometry/conv_geometry.hpp>

namespace convmat {

/// Where 'same' padding puts the odd position when the effective kernel is even. `extra_at_end`: TensorFlow and JAX
/// SAME, ONNX SAME_UPPER, PyTorch padding='same', and MATLAB conv(..., 'same'), whose true convolution starts at
/// floor(k/2) of the full result. `extra_at_begin`: ONNX SAME_LOWER, and SciPy mode='same', which starts at (k-1)//2.
/// Odd kernels: no difference.
enum class SameConvention { extra_at_end, extra_at_begin };

/// p = 0: only windows that lie in the input; m = floor((n - k_eff) / s) + 1.
std::vector<Padding> valid_padding(const ConvSpec& spec);

/// p = k_eff - 1 at both ends: every window that touches the input; m = n + k_eff - 1 when s = 1.
std::vector<Padding> full_padding(const ConvSpec& spec);

/// m = ceil(n / s), with total padding max((m - 1) s + k_eff - n, 0) split evenly, the odd one by the convention.
std::vector<Padding> same_padding(const ConvSpec& spec, SameConvention convention = SameConvention::extra_at_end);

/// The transposed layer's forms. Its 'same' writes s m positions: give output_size = s m too when k_eff < s.
std::vector<Padding> valid_padding(const TransposedSpec& spec);
std::vector<Padding> full_padding(const TransposedSpec& spec);
std::vector<Padding> same_padding(const TransposedSpec& spec, SameConvention convention = SameConvention::extra_at_end);

} // namespace convmat
