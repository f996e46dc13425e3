#include <algorithm>
#include <numeric>

#include <convmat/base/checked.hpp>
#include <convmat/geometry/conventions/convention_layer.hpp>
#include <convmat/geometry/padding.hpp>

#include "../blame.hpp"
#include "../error.hpp"
#include "systems.hpp"
#include "words.hpp"

namespace convmat::cli {
namespace {

template <class Spec>
std::vector<Padding> own_padding(const PaddingChoice& choice, const Spec& spec) {
    if (const auto* numbers = std::get_if<std::vector<Padding>>(&choice)) return *numbers;
    switch (std::get<PaddingRule>(choice)) {
    case PaddingRule::valid:
        return valid_padding(spec);
    case PaddingRule::full:
        return full_padding(spec);
    case PaddingRule::same_upper:
        return same_padding(spec, SameConvention::extra_at_end);
    default:
        return same_padding(spec, SameConvention::extra_at_begin);
    }
}

template <class Spec>
Spec own_spec(const LayerDescription& d) {
    Spec spec;
    spec.input = d.input;
    spec.kernel = d.kernel;
    spec.in_channels = *d.in_channels;
    spec.out_channels = *d.out_channels;
    spec.groups = *d.groups;
    spec.stride = d.stride;
    spec.dilation = d.dilation;
    spec.boundary = d.boundary;
    if (d.padding) spec.padding = own_padding(*d.padding, spec);
    return spec;
}

// The weights are convmat's, or W^T's, as they are.
ConventionLayer own_layer(ConvGeometry geometry, Form form, std::string_view letters) {
    const Shape shape = geometry.kernel_shape();
    std::vector<Index> order(shape.size());
    std::iota(order.begin(), order.end(), Index{0});
    WeightOrder as_they_are = {
        .axes = weight_axes(letters), .shape = shape, .split = shape, .order = order, .result = shape};
    return {std::move(geometry), form, std::move(as_they_are), {}};
}

[[noreturn]] void refuse_output(const LayerDescription& d, const char* option, const char* key, const Shape& value) {
    const std::string name = stated_by(option, d);
    throw InputError(name == option ? name : name + ": " + key, to_string(value), "a transposed layer with it");
}

// A layer file may state an output padding of zeros, as files of other tools do.
ConventionLayer read_convmat(const Words& words) {
    const LayerDescription& d = words.description();
    const bool padded = std::ranges::any_of(d.output_padding, [](Index a) { return a != 0; });
    if (padded) refuse_output(d, "--output-padding", "output_padding", d.output_padding);
    if (!d.output_size.empty()) refuse_output(d, "--output-size", "output_size", d.output_size);
    return own_layer(ConvGeometry(own_spec<ConvSpec>(d)), Form::matrix, d.convention->convolution.weights);
}

bool is_padded_same(const LayerDescription& d) {
    const auto* rule = d.padding ? std::get_if<PaddingRule>(&*d.padding) : nullptr;
    return rule != nullptr && (*rule == PaddingRule::same_upper || *rule == PaddingRule::same_lower);
}

// A transposed layer with 'same' padding writes s m positions, also where its kernel is shorter than its stride.
Shape own_output_size(const LayerDescription& d) {
    if (!d.output_size.empty() || !d.output_padding.empty() || !is_padded_same(d)) return d.output_size;
    Shape size = d.input;
    for (std::size_t j = 0; j < size.size() && !d.stride.empty(); ++j)
        size[j] = checked_mul(size[j], d.stride[d.stride.size() == 1 ? 0 : j], {"output size", "output_size"});
    return size;
}

ConventionLayer read_convmat_transposed(const Words& words) {
    const LayerDescription& d = words.description();
    auto layer = own_spec<TransposedSpec>(d);
    layer.output_padding = d.output_padding;
    layer.output_size = own_output_size(d);
    return own_layer(ConvGeometry::from_transposed(layer), Form::transpose, d.convention->transposed.weights);
}

} // namespace

std::vector<Convention> convmat_rows() {
    using enum Feature;
    const std::vector<Feature> features = {stride, dilation, channels, boundary, output_padding, output_size};
    return {{.name = "convmat",
             .is_own = true,
             .convolution = {.weights = "Oik", .features = features, .read = read_convmat},
             .transposed = {.weights = "Iok", .features = features, .read = read_convmat_transposed}}};
}

} // namespace convmat::cli
