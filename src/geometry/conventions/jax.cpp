#include <convmat/geometry/conventions/jax.hpp>

#include <algorithm>

#include "common.hpp"
#include <convmat/base/checked.hpp>
#include <convmat/geometry/padding.hpp>

namespace convmat {
namespace {

constexpr Quantity jax_padding = {"padding", "padding"};

// Where the axes of rhs are, by the letters of its spec; the other letters are the spatial axes, in order.
struct RhsAxes {
    Index o = 0;
    Index i = 0;
    std::vector<Index> spatial;
};

RhsAxes axes_of(const std::string& spec, Index rank) {
    RhsAxes axes;
    for (std::size_t j = 0; j < spec.size(); ++j) {
        const auto at = static_cast<Index>(j);
        if (spec.find(spec[j], j + 1) != std::string::npos) break; // found below: too few axes
        if (spec[j] == 'O') axes.o = at;
        if (spec[j] == 'I') axes.i = at;
        if (spec[j] != 'O' && spec[j] != 'I') axes.spatial.push_back(at);
    }
    if (std::ssize(spec) != rank + 2 || std::ssize(axes.spatial) != rank || axes.o == axes.i)
        throw GeometryError(
            {.parameter = "rhs_spec",
             .value = std::string(spec),
             .expected = concat("O, I and ", rank, " other letters, each once, as in OIHW: JAX's rhs_spec"),
             .found = concat("kernel axes are '", spec, "'")});
    return axes;
}

std::string said_axes(const std::string& spec) {
    std::string text = "(";
    for (const char letter : spec) text += concat(text.size() == 1 ? "" : ", ", letter);
    return text + ")";
}

std::string spatial_letters(Index rank) {
    constexpr std::string_view letters = "HWDXYZUVABCEFG";
    if (rank > std::ssize(letters))
        throw GeometryError({.parameter = "kernel",
                             .value = concat(rank, " axes"),
                             .expected = "a rhs_spec",
                             .found = concat("kernel has ", rank, " axes")});
    return std::string(letters.substr(0, static_cast<std::size_t>(rank)));
}

// Weights of W: K[o, i, t] = rhs[o, i, t].
WeightOrder forward_weights(const std::string& spec, const ConvGeometry& geometry) {
    const RhsAxes axes = axes_of(spec, geometry.rank());
    std::vector<Index> order = {axes.o, axes.i};
    order.insert(order.end(), axes.spatial.begin(), axes.spatial.end());
    return bridges::permuted(said_axes(spec), std::move(order), geometry);
}

// Weights of W^T, (in, out/g, k...): K[(g, i), o, t] = rhs[(g, o), i, k - 1 - t], the axis O split in g and O/g.
WeightOrder transposed_weights(const std::string& spec, const ConvGeometry& geometry) {
    const RhsAxes axes = axes_of(spec, geometry.rank());
    const Index groups = geometry.groups();
    WeightOrder weights = {.axes = said_axes(spec),
                           .shape = Shape(spec.size()),
                           .split = {},
                           .order = {},
                           .result = geometry.kernel_shape(),
                           .flip = Flip::spatial};
    weights.shape[static_cast<std::size_t>(axes.o)] = geometry.in_channels();
    weights.shape[static_cast<std::size_t>(axes.i)] = geometry.out_channels_per_group();
    for (Index j = 0; j < geometry.rank(); ++j)
        weights.shape[static_cast<std::size_t>(axes.spatial[static_cast<std::size_t>(j)])] = geometry.axis(j).kernel;
    weights.split = weights.shape;
    weights.split[static_cast<std::size_t>(axes.o)] /= groups;
    weights.split.insert(weights.split.begin() + axes.o, groups);
    const auto moved = [&](Index axis) { return axis > axes.o ? axis + 1 : axis; };
    weights.order = {axes.o, moved(axes.i), axes.o + 1};
    for (const Index axis : axes.spatial) weights.order.push_back(moved(axis));
    return weights;
}

bool all_one(const Shape& list) {
    return std::ranges::all_of(list, [](Index value) { return value == 1; });
}

const char* name_of(JaxPadding padding) {
    switch (padding) {
    case JaxPadding::same:
        return "padding SAME";
    case JaxPadding::same_lower:
        return "padding SAME_LOWER";
    default:
        return "padding VALID";
    }
}

std::vector<Padding> named_padding(JaxPadding name, const ConvSpec& spec) {
    if (name == JaxPadding::valid) return valid_padding(spec);
    return same_padding(spec, name == JaxPadding::same ? SameConvention::extra_at_end : SameConvention::extra_at_begin);
}

ConventionLayer without_lhs_dilation(const JaxConv& layer, ConvSpec spec, const char* system) {
    const auto* name = std::get_if<JaxPadding>(&layer.padding);
    const Index rank = std::ssize(spec.kernel);
    spec.padding = name != nullptr
                       ? named_padding(*name, spec)
                       : bridges::one_an_axis(std::get<PerAxis<Padding>>(layer.padding), rank, Padding{}, "padding");
    ConvGeometry geometry(spec);
    WeightOrder weights = forward_weights(layer.rhs_spec, geometry);
    return bridges::finished(std::move(geometry), Form::matrix, std::move(weights), system,
                             name == nullptr ? "" : name_of(*name));
}

// The padding of the dilated input, which JAX does not take by name.
const PerAxis<Padding>& pairs_of(const JaxConv& layer) {
    if (const auto* pairs = std::get_if<PerAxis<Padding>>(&layer.padding)) return *pairs;
    throw GeometryError({.parameter = "padding",
                         .value = name_of(std::get<JaxPadding>(layer.padding)),
                         .expected = "pairs: JAX refuses it",
                         .found = "padding is given by name with an lhs_dilation"});
}

ConventionLayer with_lhs_dilation(const JaxConv& layer, const ConvSpec& forward, const Shape& lhs_dilation,
                                  const char* system) {
    if (!all_one(forward.stride))
        throw GeometryError(
            {.parameter = "stride",
             .value = to_string(forward.stride),
             .expected = "window_strides 1: both together are a product of a W and a W^T (product_from_jax)",
             .found = concat("stride is ", to_string(forward.stride), " with lhs_dilation ", to_string(lhs_dilation))});
    const PerAxis<Padding>& pairs = pairs_of(layer);
    TransposedSpec spec = {.input = forward.input,
                           .kernel = forward.kernel,
                           .in_channels = forward.in_channels,
                           .out_channels = forward.out_channels,
                           .groups = forward.groups,
                           .stride = lhs_dilation,
                           .dilation = forward.dilation,
                           .padding = bridges::one_an_axis(pairs, std::ssize(forward.kernel), Padding{}, "padding")};
    const Shape reach = bridges::effective_kernels(spec.kernel, spec.dilation);
    for (std::size_t j = 0; j < reach.size(); ++j)
        spec.padding[j] = {checked_sub(reach[j] - 1, spec.padding[j].begin, jax_padding),
                           checked_sub(reach[j] - 1, spec.padding[j].end, jax_padding)};
    ConvGeometry geometry = ConvGeometry::from_transposed(spec);
    WeightOrder weights = transposed_weights(layer.rhs_spec, geometry);
    return bridges::finished(std::move(geometry), Form::transpose, std::move(weights), system,
                             concat("W^T's stride is ", to_string(lhs_dilation)));
}

// The forward layer's numbers, but for its padding.
ConvSpec common_spec(const JaxConv& layer, Index rank) {
    return {.input = layer.input,
            .kernel = layer.kernel,
            .in_channels = layer.in_features,
            .out_channels = layer.out_features,
            .groups = layer.feature_group_count,
            .stride = bridges::one_an_axis(layer.window_strides, rank, Index{1}, "stride"),
            .dilation = bridges::one_an_axis(layer.rhs_dilation, rank, Index{1}, "dilation")};
}

// _conv_transpose_padding: what pads the dilated input, for the padding of the forward convolution.
Padding transposed_padding(const JaxPaddings& padding, std::size_t axis, Index reach, Index stride) {
    if (const auto* pairs = std::get_if<PerAxis<Padding>>(&padding))
        return {checked_sub(reach - 1, (*pairs)[axis].begin, jax_padding),
                checked_sub(reach - 1, (*pairs)[axis].end, jax_padding)};
    if (std::get<JaxPadding>(padding) == JaxPadding::valid)
        return {reach - 1, stride - 1 + std::max<Index>(reach - stride, 0)};
    const Index total = checked_add(reach - 1, stride - 1, jax_padding);
    const Index begin = stride > reach - 1 ? reach - 1 : total - total / 2;
    return {begin, total - begin};
}

std::vector<Padding> paddings_of(const JaxConvTranspose& layer, const ConvSpec& spec, const Shape& strides) {
    const auto* name = std::get_if<JaxPadding>(&layer.padding);
    if (name != nullptr && *name == JaxPadding::same_lower) {
        if (!all_one(strides) || layer.use_consistent_padding)
            throw GeometryError({.parameter = "padding",
                                 .value = "SAME_LOWER",
                                 .expected = "SAME, VALID or pairs: JAX's conv_transpose"});
        return named_padding(*name, spec);
    }
    const auto rank = std::ssize(strides);
    JaxPaddings stated = layer.padding;
    if (name == nullptr)
        stated = bridges::one_an_axis(std::get<PerAxis<Padding>>(layer.padding), rank, Padding{}, "padding");
    if (name == nullptr && !layer.use_consistent_padding) return std::get<PerAxis<Padding>>(stated);
    const Shape reach = bridges::effective_kernels(spec.kernel, spec.dilation);
    std::vector<Padding> padding;
    for (std::size_t j = 0; j < reach.size(); ++j) {
        require_at_least(strides[j], 1, "stride", static_cast<Index>(j));
        padding.push_back(transposed_padding(stated, j, reach[j], strides[j]));
    }
    return padding;
}

Shape lhs_dilation_of(const JaxConv& layer, Index rank) {
    const Shape dilation = bridges::one_an_axis(layer.lhs_dilation, rank, Index{1}, "lhs_dilation");
    for (Index j = 0; j < rank; ++j) require_at_least(dilation[static_cast<std::size_t>(j)], 1, "lhs_dilation", j);
    return dilation;
}

} // namespace

ConventionLayer from_jax(const JaxConv& stated) {
    const char* system = "JAX's jax.lax.conv_general_dilated";
    const Index rank = common_rank(stated.input, stated.kernel);
    JaxConv layer = stated;
    if (layer.rhs_spec.empty()) layer.rhs_spec = "OI" + spatial_letters(rank);
    const Shape lhs_dilation = lhs_dilation_of(layer, rank);
    ConvSpec spec = common_spec(layer, rank);
    if (all_one(lhs_dilation)) return without_lhs_dilation(layer, std::move(spec), system);
    return with_lhs_dilation(layer, spec, lhs_dilation, system);
}

JaxProduct product_from_jax(const JaxConv& layer) {
    const Index rank = common_rank(layer.input, layer.kernel);
    const Shape lhs_dilation = lhs_dilation_of(layer, rank);
    if (!all_one(lhs_dilation)) pairs_of(layer);
    ConvGeometry spread = ConvGeometry::from_transposed({.input = layer.input,
                                                         .kernel = Shape(lhs_dilation.size(), 1),
                                                         .in_channels = layer.in_features,
                                                         .out_channels = layer.in_features,
                                                         .groups = layer.in_features,
                                                         .stride = lhs_dilation});
    JaxConv inner = layer;
    inner.input = bridges::without_channels(spread.input_shape());
    inner.lhs_dilation = {};
    return {std::move(spread), from_jax(inner)};
}

ConventionLayer from_jax(const JaxConvTranspose& layer) {
    const Index rank = common_rank(layer.input, layer.kernel);
    JaxConv inner = {.input = layer.input,
                     .in_features = layer.in_features,
                     .out_features = layer.out_features,
                     .kernel = layer.kernel,
                     .rhs_dilation = layer.rhs_dilation,
                     .rhs_spec = layer.rhs_spec.empty() ? spatial_letters(rank) + "IO" : layer.rhs_spec};
    const ConvSpec spec = common_spec(inner, rank);
    const Shape strides = bridges::one_an_axis(layer.strides, rank, Index{1}, "stride");
    inner.padding = paddings_of(layer, spec, strides);
    if (!layer.transpose_kernel) return with_lhs_dilation(inner, spec, strides, "JAX's jax.lax.conv_transpose");
    for (char& letter : inner.rhs_spec) letter = letter == 'O' ? 'I' : letter == 'I' ? 'O' : letter;
    ConventionLayer result =
        with_lhs_dilation(inner, spec, strides, "JAX's jax.lax.conv_transpose(transpose_kernel=True)");
    result.weights.flip = Flip::none; // flipped by JAX, flipped back
    return bridges::finished(std::move(result.geometry), result.form, std::move(result.weights),
                             "JAX's jax.lax.conv_transpose(transpose_kernel=True)");
}

} // namespace convmat
