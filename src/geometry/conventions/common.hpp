#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "../spec_lists.hpp"
#include <convmat/geometry/conventions/convention_layer.hpp>

// What the bridges share.
namespace convmat::bridges {

/// The number of spatial axes, which must be one that the system has.
Index spatial_rank(const Shape& input, const Shape& kernel, Index most, std::string_view system);

/// A list of a system that wants one value an axis, or none.
template <class T>
std::vector<T> one_an_axis(const std::vector<T>& list, Index rank, const T& fallback, const Named& name) {
    if (list.empty()) return std::vector<T>(static_cast<std::size_t>(rank), fallback);
    if (std::ssize(list) != rank)
        throw GeometryError({.parameter = name.parameter,
                             .value = concat(list.size(), " values"),
                             .expected = concat(rank, ", one for each axis"),
                             .found = concat(name.words, " has ", list.size(), " values")});
    return list;
}

/// `1:2`, the values of a padding in a message.
std::string in_words(const Padding& padding);

/// The same padding at both ends of each axis.
std::vector<Padding> at_both_ends(const Shape& padding);

void require_not_negative(const std::vector<Padding>& padding, std::string_view system);

/// Refuses a stride together with a dilation, on whichever axes.
void refuse_stride_with_dilation(const Shape& stride, const Shape& dilation, std::string_view system);

/// Refuses output padding of a stride or more.
void require_remainder_below_stride(const ConvGeometry& geometry, std::string_view system);

/// k_eff of every axis, checked: no number of an axis is so large that a few of them cannot be added.
Shape effective_kernels(const Shape& kernel, const Shape& dilation);

/// 1x2 -> {n_0, n_1} of the geometry's input or output without its channels.
Shape without_channels(const Shape& shape);

/// Weights that are convmat's already, whatever their axes are called.
WeightOrder as_they_are(std::string axes, const ConvGeometry& geometry);

/// Weights whose axis order[j] is axis j of K.
WeightOrder permuted(std::string axes, std::vector<Index> order, const ConvGeometry& geometry);

/// (k..., second, first) -> (first, second, k...): TensorFlow's order.
WeightOrder channels_last(std::string axes, const ConvGeometry& geometry);

/// (k..., C, M) -> (C M, 1, k...).
WeightOrder depthwise_channels_last(std::string axes, const ConvGeometry& geometry);

/// Spatial axes alone.
WeightOrder stencil(std::string axes, const ConvGeometry& geometry);

/// The layer, with a sentence of what was understood: `Read as <system>: <padding_said>padding 1:2x0:0, ...`.
ConventionLayer finished(ConvGeometry geometry, Form form, WeightOrder weights, std::string_view system,
                         std::string_view said = {});

} // namespace convmat::bridges
