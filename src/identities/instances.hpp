#pragma once

#include <complex>
#include <cstdint>

#include <convmat/structure/factors.hpp>
#include <convmat/structure/kernels.hpp>

/// The functions of structure that most checks call, compiled once for the scalars of the catalogue.
namespace convmat {

// Factors.
extern template Sparse<std::int64_t> identity_matrix(Index);
extern template Sparse<double> identity_matrix(Index);
extern template Sparse<std::complex<double>> identity_matrix(Index);
extern template Sparse<std::int64_t> kronecker(const Sparse<std::int64_t>&, const Sparse<std::int64_t>&);
extern template Sparse<double> kronecker(const Sparse<double>&, const Sparse<double>&);
extern template Sparse<std::complex<double>> kronecker(const Sparse<std::complex<double>>&,
                                                       const Sparse<std::complex<double>>&);
extern template Sparse<std::int64_t> kronecker(std::span<const Sparse<std::int64_t>>);
extern template Sparse<double> kronecker(std::span<const Sparse<double>>);
extern template Sparse<std::complex<double>> kronecker(std::span<const Sparse<std::complex<double>>>);
extern template Sparse<std::int64_t> stride_selection(Index, Index, Index, Index);
extern template Sparse<double> stride_selection(Index, Index, Index, Index);
extern template Sparse<std::complex<double>> stride_selection(Index, Index, Index, Index);
extern template Sparse<std::int64_t> pad_matrix(const Axis&);
extern template Sparse<double> pad_matrix(const Axis&);
extern template Sparse<std::complex<double>> pad_matrix(const Axis&);
extern template Sparse<std::int64_t> pad_matrix(const ConvGeometry&);
extern template Sparse<double> pad_matrix(const ConvGeometry&);
extern template Sparse<std::complex<double>> pad_matrix(const ConvGeometry&);
extern template Sparse<std::int64_t> tap_matrix(const Axis&, Index);
extern template Sparse<double> tap_matrix(const Axis&, Index);
extern template Sparse<std::complex<double>> tap_matrix(const Axis&, Index);
extern template Sparse<std::int64_t> tap_matrix(const ConvGeometry&, const Shape&);
extern template Sparse<double> tap_matrix(const ConvGeometry&, const Shape&);
extern template Sparse<std::complex<double>> tap_matrix(const ConvGeometry&, const Shape&);
extern template Sparse<std::int64_t> unfold_matrix(const ConvGeometry&);
extern template Sparse<double> unfold_matrix(const ConvGeometry&);
extern template Sparse<std::complex<double>> unfold_matrix(const ConvGeometry&);
extern template Sparse<std::int64_t> channels_last(Index, Index);
extern template Sparse<double> channels_last(Index, Index);
extern template Sparse<std::complex<double>> channels_last(Index, Index);

// Kernels.
extern template Tensor<std::int64_t> flipped(const Tensor<std::int64_t>&);
extern template Tensor<double> flipped(const Tensor<double>&);
extern template Tensor<std::complex<double>> flipped(const Tensor<std::complex<double>>&);
extern template Tensor<std::int64_t> channels_swapped(const Tensor<std::int64_t>&, Index);
extern template Tensor<double> channels_swapped(const Tensor<double>&, Index);
extern template Tensor<std::complex<double>> channels_swapped(const Tensor<std::complex<double>>&, Index);
extern template Tensor<std::int64_t> ungrouped(const Tensor<std::int64_t>&, Index);
extern template Tensor<double> ungrouped(const Tensor<double>&, Index);
extern template Tensor<std::complex<double>> ungrouped(const Tensor<std::complex<double>>&, Index);
extern template Tensor<std::int64_t> dilated(const Tensor<std::int64_t>&, const Shape&);
extern template Tensor<double> dilated(const Tensor<double>&, const Shape&);
extern template Tensor<std::complex<double>> dilated(const Tensor<std::complex<double>>&, const Shape&);
extern template Tensor<std::int64_t> every(const Tensor<std::int64_t>&, const Shape&, const Shape&);
extern template Tensor<double> every(const Tensor<double>&, const Shape&, const Shape&);
extern template Tensor<std::complex<double>> every(const Tensor<std::complex<double>>&, const Shape&, const Shape&);
extern template Tensor<std::int64_t> composed(const Tensor<std::int64_t>&, const Tensor<std::int64_t>&);
extern template Tensor<double> composed(const Tensor<double>&, const Tensor<double>&);
extern template Tensor<std::complex<double>> composed(const Tensor<std::complex<double>>&,
                                                      const Tensor<std::complex<double>>&);
extern template Sparse<std::int64_t> kernel_tap(const ConvGeometry&, const Tensor<std::int64_t>&, Index);
extern template Sparse<double> kernel_tap(const ConvGeometry&, const Tensor<double>&, Index);
extern template Sparse<std::complex<double>> kernel_tap(const ConvGeometry&, const Tensor<std::complex<double>>&,
                                                        Index);
extern template Sparse<std::int64_t> kernel_matrix(const ConvGeometry&, const Tensor<std::int64_t>&);
extern template Sparse<double> kernel_matrix(const ConvGeometry&, const Tensor<double>&);
extern template Sparse<std::complex<double>> kernel_matrix(const ConvGeometry&, const Tensor<std::complex<double>>&);

} // namespace convmat
