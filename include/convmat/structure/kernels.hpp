#pragma once

#include <convmat/base/rearrange.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/structure/sparse.hpp>

/// Operations on kernels (O, C/g, k...) that are operations on W. Each costs O(weights) of its result.
namespace convmat {

/// The spatial extents k of weights (O, C/g, k...).
template <ScalarType Scalar>
Shape spatial_extents(const Tensor<Scalar>& kernel) {
    return {kernel.shape().begin() + 2, kernel.shape().end()};
}

/// flip(K)[o, c, t] = K[o, c, k - 1 - t]: every spatial axis reversed.
template <ScalarType Scalar>
Tensor<Scalar> flipped(const Tensor<Scalar>& kernel) {
    return flip_axes(kernel, 2);
}

/// swap(K)[c, o, t] = K[o, c, t] within each group: (O, C/g, k...) becomes (C, O/g, k...), the weights of a layer from
/// O to C channels.
template <ScalarType Scalar>
Tensor<Scalar> channels_swapped(const Tensor<Scalar>& kernel, Index groups) {
    const Index outs = kernel.shape()[0] / groups, ins = kernel.shape()[1];
    const Index taps = checked_product(spatial_extents(kernel), "kernel");
    Shape shape = kernel.shape();
    shape[0] = ins * groups;
    shape[1] = outs;
    auto swapped = permute_axes(kernel.reshaped({groups, outs, ins, taps}), Shape{0, 2, 1, 3});
    return std::move(swapped).reshaped(std::move(shape));
}

template <ScalarType Scalar>
Tensor<Scalar> conjugated(Tensor<Scalar> kernel) {
    if constexpr (Eigen::NumTraits<Scalar>::IsComplex)
        for (Scalar& value : kernel.values()) value = std::conj(value);
    return kernel;
}

/// The weights as one group: zero between channels of different groups; (O, C/g, k...) becomes (O, C, k...).
template <ScalarType Scalar>
Tensor<Scalar> ungrouped(const Tensor<Scalar>& kernel, Index groups) {
    const Index outs = kernel.shape()[0], ins = kernel.shape()[1];
    const Index taps = checked_product(spatial_extents(kernel), "kernel");
    Shape shape = kernel.shape();
    shape[1] = ins * groups;
    Tensor<Scalar> all(shape);
    for (Index o = 0; o < outs; ++o) {
        const auto from = kernel.values().begin() + o * ins * taps;
        const Index group = o / (outs / groups);
        std::copy(from, from + ins * taps, all.values().begin() + (o * groups + group) * ins * taps);
    }
    return all;
}

/// (K↑d)[o, c, d∘t] = K[o, c, t], zero between: d - 1 zeros inserted on each axis; extents d (k - 1) + 1.
template <ScalarType Scalar>
Tensor<Scalar> dilated(const Tensor<Scalar>& kernel, const Shape& dilation) {
    Shape shape = kernel.shape();
    for (std::size_t j = 0; j < dilation.size(); ++j)
        shape[j + 2] = checked_add(checked_mul(dilation[j], shape[j + 2] - 1, "dilated kernel"), 1, "dilated kernel");
    Tensor<Scalar> wide(shape);
    const Shape steps = detail::steps_of(shape);
    Index from = 0;
    for_each_position(kernel.shape(), [&](const Shape& at) {
        Index to = at[0] * steps[0] + at[1] * steps[1];
        for (std::size_t j = 0; j < dilation.size(); ++j) to += at[j + 2] * dilation[j] * steps[j + 2];
        wide[to] = kernel[from++];
    });
    return wide;
}

/// K[o, c, first + s∘t], the taps s apart: one phase of a stride. An axis with no such tap has extent 0.
template <ScalarType Scalar>
Tensor<Scalar> every(const Tensor<Scalar>& kernel, const Shape& stride, const Shape& first) {
    Shape shape = kernel.shape();
    Shape steps = detail::steps_of(shape);
    Index start = 0;
    for (std::size_t j = 0; j < stride.size(); ++j) {
        shape[j + 2] = std::max<Index>(0, (shape[j + 2] - first[j] + stride[j] - 1) / stride[j]);
        start += first[j] * steps[j + 2];
        steps[j + 2] *= stride[j];
    }
    Tensor<Scalar> phase(shape);
    if (phase.size() > 0) detail::gather(kernel, start, steps, phase);
    return phase;
}

/// (K1 ★ K2)[o, c, t] = Σ_{μ, t1 + t2 = t} K2[o, μ, t2] K1[μ, c, t1]: the kernel of W(K2) W(K1), one group each; extents
/// k1 + k2 - 1. Cost: the product of both kernels' weights / M, for M channels between.
template <ScalarType Scalar>
Tensor<Scalar> composed(const Tensor<Scalar>& first, const Tensor<Scalar>& second) {
    const Index outs = second.shape()[0], ins = first.shape()[1], between = first.shape()[0];
    Shape shape = {outs, ins};
    for (std::size_t j = 2; j < first.shape().size(); ++j) shape.push_back(first.shape()[j] + second.shape()[j] - 1);
    Tensor<Scalar> product(shape);
    const Shape steps = detail::steps_of(shape);
    const Index taps1 = checked_product(spatial_extents(first), "kernel");
    const Index taps2 = checked_product(spatial_extents(second), "kernel");
    Index n1 = 0;
    for_each_position(spatial_extents(first), [&](const Shape& t1) {
        Index n2 = 0;
        for_each_position(spatial_extents(second), [&](const Shape& t2) {
            Index at = 0;
            for (std::size_t j = 0; j < t1.size(); ++j) at += (t1[j] + t2[j]) * steps[j + 2];
            for (Index o = 0; o < outs; ++o)
                for (Index mu = 0; mu < between; ++mu)
                    for (Index c = 0; c < ins; ++c)
                        product[o * steps[0] + c * steps[1] + at] +=
                            second[(o * between + mu) * taps2 + n2] * first[(mu * ins + c) * taps1 + n1];
            ++n2;
        });
        ++n1;
    });
    return product;
}

/// The matrix of (rows x cols) values, row-major, zeros left out.
template <ScalarType Scalar>
Sparse<Scalar> sparse_from(std::span<const Scalar> values, Index rows, Index cols) {
    return Eigen::Map<const Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(values.data(), rows,
                                                                                                    cols)
        .sparseView();
}

/// K_t with K_t[o, c] = K[o, c, t]: the weights of one tap; shape O x C, block-diagonal where there are groups. `t`
/// counts the taps in row-major order.
template <ScalarType Scalar>
Sparse<Scalar> kernel_tap(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, Index t) {
    const auto all = ungrouped(kernel, geometry.groups());
    const Index taps = geometry.kernel_size();
    std::vector<Scalar> values;
    for (Index i = t; i < all.size(); i += taps) values.push_back(all[i]);
    return sparse_from<Scalar>(values, geometry.out_channels(), geometry.in_channels());
}

/// K_mat: the kernel as a matrix, one row an output channel; shape O x (C |k|), block-diagonal where there are groups.
/// W = (K_mat ⊗ I_|m|) · unfold_matrix.
template <ScalarType Scalar>
Sparse<Scalar> kernel_matrix(const ConvGeometry& geometry, const Tensor<Scalar>& kernel) {
    const auto all = ungrouped(kernel, geometry.groups());
    return sparse_from<Scalar>(all.values(), geometry.out_channels(), geometry.in_channels() * geometry.kernel_size());
}

} // namespace convmat
