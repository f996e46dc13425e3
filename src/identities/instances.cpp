#include "instances.hpp"

namespace convmat {

// Factors.
template Sparse<std::int64_t> identity_matrix(Index);
template Sparse<double> identity_matrix(Index);
template Sparse<std::complex<double>> identity_matrix(Index);
template Sparse<std::int64_t> kronecker(const Sparse<std::int64_t>&, const Sparse<std::int64_t>&);
template Sparse<double> kronecker(const Sparse<double>&, const Sparse<double>&);
template Sparse<std::complex<double>> kronecker(const Sparse<std::complex<double>>&,
                                                const Sparse<std::complex<double>>&);
template Sparse<std::int64_t> kronecker(std::span<const Sparse<std::int64_t>>);
template Sparse<double> kronecker(std::span<const Sparse<double>>);
template Sparse<std::complex<double>> kronecker(std::span<const Sparse<std::complex<double>>>);
template Sparse<std::int64_t> stride_selection(Index, Index, Index, Index);
template Sparse<double> stride_selection(Index, Index, Index, Index);
template Sparse<std::complex<double>> stride_selection(Index, Index, Index, Index);
template Sparse<std::int64_t> pad_matrix(const Axis&);
template Sparse<double> pad_matrix(const Axis&);
template Sparse<std::complex<double>> pad_matrix(const Axis&);
template Sparse<std::int64_t> pad_matrix(const ConvGeometry&);
template Sparse<double> pad_matrix(const ConvGeometry&);
template Sparse<std::complex<double>> pad_matrix(const ConvGeometry&);
template Sparse<std::int64_t> tap_matrix(const Axis&, Index);
template Sparse<double> tap_matrix(const Axis&, Index);
template Sparse<std::complex<double>> tap_matrix(const Axis&, Index);
template Sparse<std::int64_t> tap_matrix(const ConvGeometry&, const Shape&);
template Sparse<double> tap_matrix(const ConvGeometry&, const Shape&);
template Sparse<std::complex<double>> tap_matrix(const ConvGeometry&, const Shape&);
template Sparse<std::int64_t> unfold_matrix(const ConvGeometry&);
template Sparse<double> unfold_matrix(const ConvGeometry&);
template Sparse<std::complex<double>> unfold_matrix(const ConvGeometry&);
template Sparse<std::int64_t> channels_last(Index, Index);
template Sparse<double> channels_last(Index, Index);
template Sparse<std::complex<double>> channels_last(Index, Index);

// Kernels.
template Tensor<std::int64_t> flipped(const Tensor<std::int64_t>&);
template Tensor<double> flipped(const Tensor<double>&);
template Tensor<std::complex<double>> flipped(const Tensor<std::complex<double>>&);
template Tensor<std::int64_t> channels_swapped(const Tensor<std::int64_t>&, Index);
template Tensor<double> channels_swapped(const Tensor<double>&, Index);
template Tensor<std::complex<double>> channels_swapped(const Tensor<std::complex<double>>&, Index);
template Tensor<std::int64_t> ungrouped(const Tensor<std::int64_t>&, Index);
template Tensor<double> ungrouped(const Tensor<double>&, Index);
template Tensor<std::complex<double>> ungrouped(const Tensor<std::complex<double>>&, Index);
template Tensor<std::int64_t> dilated(const Tensor<std::int64_t>&, const Shape&);
template Tensor<double> dilated(const Tensor<double>&, const Shape&);
template Tensor<std::complex<double>> dilated(const Tensor<std::complex<double>>&, const Shape&);
template Tensor<std::int64_t> every(const Tensor<std::int64_t>&, const Shape&, const Shape&);
template Tensor<double> every(const Tensor<double>&, const Shape&, const Shape&);
template Tensor<std::complex<double>> every(const Tensor<std::complex<double>>&, const Shape&, const Shape&);
template Tensor<std::int64_t> composed(const Tensor<std::int64_t>&, const Tensor<std::int64_t>&);
template Tensor<double> composed(const Tensor<double>&, const Tensor<double>&);
template Tensor<std::complex<double>> composed(const Tensor<std::complex<double>>&,
                                               const Tensor<std::complex<double>>&);
template Sparse<std::int64_t> kernel_tap(const ConvGeometry&, const Tensor<std::int64_t>&, Index);
template Sparse<double> kernel_tap(const ConvGeometry&, const Tensor<double>&, Index);
template Sparse<std::complex<double>> kernel_tap(const ConvGeometry&, const Tensor<std::complex<double>>&, Index);
template Sparse<std::int64_t> kernel_matrix(const ConvGeometry&, const Tensor<std::int64_t>&);
template Sparse<double> kernel_matrix(const ConvGeometry&, const Tensor<double>&);
template Sparse<std::complex<double>> kernel_matrix(const ConvGeometry&, const Tensor<std::complex<double>>&);

} // namespace convmat
