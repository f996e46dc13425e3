#include <convmat/geometry/conventions/pytorch.hpp>

#include <algorithm>

#include "common.hpp"
#include <convmat/geometry/padding.hpp>

namespace convmat {
namespace {

Boundary boundary_of(PyTorchPaddingMode mode) {
    switch (mode) {
    case PyTorchPaddingMode::reflect:
        return Boundary::whole_symmetric;
    case PyTorchPaddingMode::replicate:
        return Boundary::replicate;
    case PyTorchPaddingMode::circular:
        return Boundary::periodic;
    default:
        return Boundary::zero;
    }
}

const char* name_of(PyTorchPaddingMode mode) {
    switch (mode) {
    case PyTorchPaddingMode::reflect:
        return "reflect";
    case PyTorchPaddingMode::replicate:
        return "replicate";
    case PyTorchPaddingMode::circular:
        return "circular";
    default:
        return "zeros";
    }
}

std::vector<Padding> padding_of(const PyTorchConv& layer, const ConvSpec& spec) {
    if (const auto* numbers = std::get_if<PerAxis<Index>>(&layer.padding)) return bridges::at_both_ends(*numbers);
    if (std::get<PyTorchPadding>(layer.padding) == PyTorchPadding::valid) return valid_padding(spec);
    if (std::ranges::any_of(spec.stride, [](Index s) { return s != 1; }))
        throw GeometryError({.parameter = "stride",
                             .value = to_string(spec.stride),
                             .expected = "1: PyTorch refuses padding 'same' for strided convolutions"});
    return same_padding(spec, SameConvention::extra_at_end);
}

// reflect wants p < n, circular p <= n; zeros take no negative padding.
void require_allowed(PyTorchPaddingMode mode, const ConvGeometry& geometry) {
    for (Index j = 0; j < geometry.rank(); ++j) {
        const Axis& axis = geometry.axis(j);
        const Index widest = std::max(axis.padding.begin, axis.padding.end);
        const auto refuse = [&](const char* expected) {
            throw GeometryError({.parameter = "padding",
                                 .axis = j,
                                 .value = bridges::in_words(axis.padding),
                                 .expected = expected,
                                 .found = concat("padding is ", bridges::in_words(axis.padding), " on axis ", j,
                                                 " for input ", axis.input)});
        };
        if (mode == PyTorchPaddingMode::zeros && std::min(axis.padding.begin, axis.padding.end) < 0)
            refuse("at least 0: PyTorch's padding_mode 'zeros'");
        if (mode == PyTorchPaddingMode::reflect && widest >= axis.input)
            refuse("less than the input: PyTorch's padding_mode 'reflect'");
        if (mode == PyTorchPaddingMode::circular && widest > axis.input)
            refuse("at most the input: PyTorch's padding_mode 'circular'");
    }
}

std::string said_of(const PyTorchConv& layer) {
    const auto* name = std::get_if<PyTorchPadding>(&layer.padding);
    std::string said = name == nullptr ? "" : *name == PyTorchPadding::same ? "padding='same'" : "padding='valid'";
    if (layer.padding_mode == PyTorchPaddingMode::zeros) return said;
    return said + concat(said.empty() ? "" : ", ", "padding_mode='", name_of(layer.padding_mode), "' is ",
                         to_string(boundary_of(layer.padding_mode)));
}

} // namespace

ConventionLayer from_pytorch(const PyTorchConv& layer) {
    const char* system = "PyTorch's torch.nn.Conv";
    const Shape kernel = kernel_on(layer.input, layer.kernel_size);
    bridges::spatial_rank(layer.input, kernel, 3, system);
    ConvSpec spec = {.input = layer.input,
                     .kernel = kernel,
                     .in_channels = layer.in_channels,
                     .out_channels = layer.out_channels,
                     .groups = layer.groups,
                     .stride = layer.stride,
                     .dilation = layer.dilation,
                     .boundary = {boundary_of(layer.padding_mode)}};
    spec.padding = padding_of(layer, spec);
    ConvGeometry geometry(spec);
    require_allowed(layer.padding_mode, geometry);
    WeightOrder weights = bridges::as_they_are("(O, C/g, k...)", geometry);
    return bridges::finished(std::move(geometry), Form::matrix, std::move(weights), system, said_of(layer));
}

ConventionLayer from_pytorch(const PyTorchConvTranspose& layer) {
    const char* system = "PyTorch's torch.nn.ConvTranspose";
    const Shape kernel = kernel_on(layer.input, layer.kernel_size);
    bridges::spatial_rank(layer.input, kernel, 3, system);
    TransposedSpec spec = {.input = layer.input,
                           .kernel = kernel,
                           .in_channels = layer.in_channels,
                           .out_channels = layer.out_channels,
                           .groups = layer.groups,
                           .stride = layer.stride,
                           .dilation = layer.dilation,
                           .padding = bridges::at_both_ends(layer.padding),
                           .output_size = layer.output_size};
    bridges::require_not_negative(spec.padding, system);
    if (layer.output_size.empty()) spec.output_padding = layer.output_padding;
    ConvGeometry geometry = ConvGeometry::from_transposed(spec);
    if (!layer.output_size.empty()) bridges::require_remainder_below_stride(geometry, system);
    WeightOrder weights = bridges::as_they_are("(in, out/g, k...)", geometry);
    return bridges::finished(std::move(geometry), Form::transpose, std::move(weights), system);
}

} // namespace convmat
