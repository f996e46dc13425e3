#include "common.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <convmat/base/checked.hpp>

namespace convmat::bridges {
namespace {

Shape spatial_of(const ConvGeometry& geometry) {
    const Shape shape = geometry.kernel_shape();
    return {shape.begin() + 2, shape.end()};
}

std::vector<Index> identity(std::size_t count) {
    std::vector<Index> order(count);
    std::iota(order.begin(), order.end(), Index{0});
    return order;
}

std::string paddings(const ConvGeometry& geometry) {
    std::string text;
    for (const Axis& axis : geometry.axes()) text += concat(text.empty() ? "" : "x", in_words(axis.padding));
    return text;
}

} // namespace

Index spatial_rank(const Shape& input, const Shape& kernel, Index most, std::string_view system) {
    const Index rank = common_rank(input, kernel);
    if (rank > most)
        throw GeometryError({.parameter = "kernel",
                             .value = to_string(kernel),
                             .expected = concat("at most ", most, ": ", system),
                             .found = concat("kernel has ", rank, " spatial axes")});
    return rank;
}

std::string in_words(const Padding& padding) { return concat(padding.begin, ':', padding.end); }

std::vector<Padding> at_both_ends(const Shape& padding) {
    std::vector<Padding> pairs;
    for (const Index p : padding) pairs.push_back({p, p});
    return pairs;
}

void require_not_negative(const std::vector<Padding>& padding, std::string_view system) {
    for (std::size_t j = 0; j < padding.size(); ++j)
        if (padding[j].begin < 0 || padding[j].end < 0)
            throw GeometryError({.parameter = "padding",
                                 .axis = static_cast<Index>(j),
                                 .value = in_words(padding[j]),
                                 .expected = concat("at least 0: ", system)});
}

void refuse_stride_with_dilation(const Shape& stride, const Shape& dilation, std::string_view system) {
    const auto above_one = [](Index value) { return value > 1; };
    if (std::ranges::any_of(stride, above_one) && std::ranges::any_of(dilation, above_one))
        throw GeometryError({.parameter = "stride",
                             .value = to_string(stride),
                             .expected = concat("one of them to be 1: ", system),
                             .found = concat("stride is ", to_string(stride), " with dilation ", to_string(dilation))});
}

void require_remainder_below_stride(const ConvGeometry& geometry, std::string_view system) {
    for (Index j = 0; j < geometry.rank(); ++j)
        if (const Axis& axis = geometry.axis(j); axis.remainder() >= axis.stride)
            throw GeometryError({.parameter = "output_padding",
                                 .axis = j,
                                 .value = concat(axis.remainder()),
                                 .expected = concat("0 to ", axis.stride - 1, " = stride - 1: ", system),
                                 .found = concat("output padding is ", axis.remainder(), " on axis ", j, " (output ",
                                                 axis.input, ")")});
}

Shape effective_kernels(const Shape& kernel, const Shape& dilation) {
    constexpr Index most = Index{1} << 60;
    Shape reach;
    for (std::size_t j = 0; j < kernel.size(); ++j) {
        require_at_least(kernel[j], 1, kernel_extent, static_cast<Index>(j));
        require_at_least(dilation[j], 1, "dilation", static_cast<Index>(j));
        const Quantity what = {"effective kernel extent", "dilation", static_cast<Index>(j)};
        reach.push_back(checked_add(checked_mul(dilation[j], kernel[j] - 1, what), 1, what));
        if (reach.back() > most)
            throw GeometryError({.parameter = what.parameter,
                                 .axis = what.axis,
                                 .value = concat(reach.back()),
                                 .expected = "at most 2^60",
                                 .found = concat(what.words, " is ", reach.back(), " on axis ", j)});
    }
    return reach;
}

Shape without_channels(const Shape& shape) { return {shape.begin() + 1, shape.end()}; }

WeightOrder as_they_are(std::string axes, const ConvGeometry& geometry) {
    const Shape shape = geometry.kernel_shape();
    return {.axes = std::move(axes), .shape = shape, .split = shape, .order = identity(shape.size()), .result = shape};
}

WeightOrder permuted(std::string axes, std::vector<Index> order, const ConvGeometry& geometry) {
    const Shape result = geometry.kernel_shape();
    Shape shape(result.size());
    for (std::size_t j = 0; j < result.size(); ++j) shape[static_cast<std::size_t>(order[j])] = result[j];
    return {.axes = std::move(axes), .shape = shape, .split = shape, .order = std::move(order), .result = result};
}

WeightOrder channels_last(std::string axes, const ConvGeometry& geometry) {
    const Index rank = geometry.rank();
    std::vector<Index> order = {rank + 1, rank};
    for (Index j = 0; j < rank; ++j) order.push_back(j);
    return permuted(std::move(axes), std::move(order), geometry);
}

WeightOrder depthwise_channels_last(std::string axes, const ConvGeometry& geometry) {
    const Index rank = geometry.rank();
    Shape shape = spatial_of(geometry);
    shape.insert(shape.end(), {geometry.in_channels(), geometry.out_channels_per_group()});
    std::vector<Index> order = {rank, rank + 1};
    for (Index j = 0; j < rank; ++j) order.push_back(j);
    return {.axes = std::move(axes),
            .shape = shape,
            .split = shape,
            .order = std::move(order),
            .result = geometry.kernel_shape()};
}

WeightOrder stencil(std::string axes, const ConvGeometry& geometry) {
    const Shape shape = spatial_of(geometry);
    return {.axes = std::move(axes),
            .shape = shape,
            .split = shape,
            .order = identity(shape.size()),
            .result = geometry.kernel_shape()};
}

ConventionLayer finished(ConvGeometry geometry, Form form, WeightOrder weights, std::string_view system,
                         std::string_view said) {
    std::string reading = concat("Read as ", system, ": ", said, said.empty() ? "" : ", ", "padding ",
                                 paddings(geometry), ", ", weights.explain(), ".");
    return {std::move(geometry), form, std::move(weights), std::move(reading)};
}

} // namespace convmat::bridges

namespace convmat {

WeightOrder WeightOrder::of_stencil() const {
    const Shape spatial(result.begin() + 2, result.end());
    return {.axes = "(k...)",
            .shape = spatial,
            .split = spatial,
            .order = bridges::identity(spatial.size()),
            .result = result,
            .flip = flip,
            .conjugation = conjugation};
}

std::string WeightOrder::explain() const {
    const bool moved = !std::ranges::is_sorted(order) || split != shape;
    std::string text = concat("weights ", axes, " of shape ", to_string(shape));
    if (moved) text += concat(" become ", to_string(result), " by moving their axes");
    if (!moved) text += shape == result ? " are taken" : concat(" become ", to_string(result));
    if (flip == Flip::none) text += moved || shape != result ? ", unflipped" : " as they are";
    if (flip == Flip::spatial) text += ", flipped along every spatial axis";
    if (conjugation == Conjugation::weights) text += ", conjugated";
    return text;
}

} // namespace convmat
