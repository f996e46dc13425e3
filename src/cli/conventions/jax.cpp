#include <convmat/geometry/conventions/jax.hpp>

#include "systems.hpp"
#include "words.hpp"

namespace convmat::cli {
namespace {

// JAX takes no padding by name beside an lhs_dilation, so that the default is in numbers then.
JaxPaddings jax_padding(const Words& words) {
    static const WordList<JaxPadding> rules = {
        {"same", JaxPadding::same}, {"same_lower", JaxPadding::same_lower}, {"valid", JaxPadding::valid}};
    const LayerDescription& d = words.description();
    const std::string text = !d.padding_text && !d.lhs_dilation.empty() ? "0" : words.padding();
    if (const auto* rule = find(rules, text)) return *rule;
    return words.padding_pairs(text, "SAME, SAME_LOWER, VALID, or low:high of each axis");
}

ConventionLayer read_jax(const Words& words) {
    const LayerDescription& d = words.description();
    return from_jax(JaxConv{.input = d.input,
                            .in_features = *d.in_channels,
                            .out_features = *d.out_channels,
                            .kernel = d.kernel,
                            .window_strides = words.axes(d.stride),
                            .padding = jax_padding(words),
                            .lhs_dilation = words.axes(d.lhs_dilation),
                            .rhs_dilation = words.axes(d.dilation),
                            .feature_group_count = *d.groups});
}

enum class JaxKernel { as_it_is, transposed };

template <JaxKernel kernel>
ConventionLayer read_jax_transposed(const Words& words) {
    const LayerDescription& d = words.description();
    words.refuse_groups();
    return from_jax(JaxConvTranspose{.input = d.input,
                                     .in_features = *d.in_channels,
                                     .out_features = *d.out_channels,
                                     .kernel = d.kernel,
                                     .strides = words.axes(d.stride),
                                     .padding = jax_padding(words),
                                     .rhs_dilation = words.axes(d.dilation),
                                     .transpose_kernel = kernel == JaxKernel::transposed});
}

} // namespace

std::vector<Convention> jax_rows() {
    using enum Feature;
    return {{.name = "jax",
             .convolution = {.weights = "Oik",
                             .padding = "valid",
                             .features = {stride, dilation, channels, lhs_dilation},
                             .read = read_jax},
             .transposed = {.weights = "kIO",
                            .padding = "valid",
                            .features = {stride, dilation, channels},
                            .read = read_jax_transposed<JaxKernel::as_it_is>}},
            {.name = "jax-transpose-kernel",
             .transposed = {.weights = "kOI",
                            .padding = "valid",
                            .features = {stride, dilation, channels},
                            .read = read_jax_transposed<JaxKernel::transposed>}}};
}

} // namespace convmat::cli
