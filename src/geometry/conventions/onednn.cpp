#include <convmat/geometry/conventions/onednn.hpp>

#include <convmat/base/checked.hpp>

#include "common.hpp"

namespace convmat {
namespace {

// The numbers that oneDNN's two primitives have in common, in convmat's terms.
struct Numbers {
    Shape stride;
    Shape dilation;
    std::vector<Padding> padding;
};

template <class Layer>
Numbers numbers_of(const Layer& layer, const char* system) {
    const Index rank = bridges::spatial_rank(layer.src, layer.kernel, 3, system);
    const auto dilates = bridges::one_an_axis(layer.dilates, rank, Index{0}, "dilation");
    const auto left = bridges::one_an_axis(layer.padding_l, rank, Index{0}, "padding");
    const auto right =
        layer.padding_r.empty() ? left : bridges::one_an_axis(layer.padding_r, rank, Index{0}, "padding");
    Numbers numbers = {bridges::one_an_axis(layer.strides, rank, Index{1}, "stride"), {}, {}};
    for (std::size_t j = 0; j < dilates.size(); ++j) {
        const auto axis = static_cast<Index>(j);
        require_at_least(numbers.stride[j], 1, "stride", axis);
        require_at_least(dilates[j], 0, "dilation", axis);
        require_at_least(left[j], 0, {"padding", "padding at the beginning"}, axis);
        require_at_least(right[j], 1 - numbers.stride[j], {"padding", "padding at the end"}, axis);
        numbers.dilation.push_back(checked_add(dilates[j], 1, {"dilation", "dilation", axis}));
        numbers.padding.push_back({left[j], right[j]});
    }
    return numbers;
}

std::string said_of(const Numbers& numbers) { return "dilation from 1 is " + to_string(numbers.dilation); }

// (g, first/g, second/g, k...): K is a view of it, or its channels are swapped.
WeightOrder grouped(const ConvGeometry& geometry, Form form) {
    const Index g = geometry.groups();
    const Index into = geometry.out_channels_per_group();
    const Index from = geometry.in_channels_per_group();
    WeightOrder weights = bridges::as_they_are("(g, oc/g, ic/g, k...)", geometry);
    weights.shape = form == Form::matrix ? Shape{g, into, from} : Shape{g, from, into};
    weights.order = form == Form::matrix ? std::vector<Index>{0, 1, 2} : std::vector<Index>{0, 2, 1};
    for (Index j = 0; j < geometry.rank(); ++j) {
        weights.shape.push_back(geometry.axis(j).kernel);
        weights.order.push_back(j + 3);
    }
    weights.split = weights.shape;
    return weights;
}

WeightOrder weights_of(const ConvGeometry& geometry, Form form, bool with_groups) {
    if (with_groups) return grouped(geometry, form);
    if (form == Form::matrix) return bridges::as_they_are("(oc, ic, k...)", geometry);
    std::vector<Index> order = {1, 0};
    for (Index j = 0; j < geometry.rank(); ++j) order.push_back(j + 2);
    return bridges::permuted("(oc, ic, k...)", std::move(order), geometry);
}

} // namespace

ConventionLayer from_onednn(const OneDnnConvolution& layer) {
    const char* system = "oneDNN's convolution";
    const Numbers numbers = numbers_of(layer, system);
    ConvGeometry geometry(ConvSpec{.input = layer.src,
                                   .kernel = layer.kernel,
                                   .in_channels = layer.ic,
                                   .out_channels = layer.oc,
                                   .groups = layer.groups.value_or(1),
                                   .stride = numbers.stride,
                                   .dilation = numbers.dilation,
                                   .padding = numbers.padding});
    const Shape dst = bridges::without_channels(geometry.output_shape());
    if (!layer.dst.empty() && layer.dst != dst)
        throw GeometryError({.parameter = "output_size",
                             .value = to_string(layer.dst),
                             .expected = concat(to_string(dst), ": ", system, " wants the dst its formula gives"),
                             .found = concat("output size is ", to_string(layer.dst))});
    WeightOrder weights = weights_of(geometry, Form::matrix, layer.groups.has_value());
    return bridges::finished(std::move(geometry), Form::matrix, std::move(weights), system, said_of(numbers));
}

ConventionLayer from_onednn(const OneDnnDeconvolution& layer) {
    const char* system = "oneDNN's deconvolution";
    const Numbers numbers = numbers_of(layer, system);
    TransposedSpec spec = {.input = layer.src,
                           .kernel = layer.kernel,
                           .in_channels = layer.ic,
                           .out_channels = layer.oc,
                           .groups = layer.groups.value_or(1),
                           .stride = numbers.stride,
                           .dilation = numbers.dilation,
                           .padding = numbers.padding};
    if (!layer.dst.empty())
        spec.output_size = bridges::one_an_axis(layer.dst, std::ssize(layer.src), Index{0}, output_size_values);
    ConvGeometry geometry = ConvGeometry::from_transposed(spec);
    bridges::require_remainder_below_stride(geometry, system);
    WeightOrder weights = weights_of(geometry, Form::transpose, layer.groups.has_value());
    return bridges::finished(std::move(geometry), Form::transpose, std::move(weights), system, said_of(numbers));
}

} // namespace convmat
