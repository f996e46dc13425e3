#pragma once

#include <string>
#include <string_view>

#include <convmat/geometry/conventions.hpp>

namespace convmat::cli {

struct LayerDescription;

/// Whose words a layer's options are: convmat's own, or another system's.
enum class Convention {
    convmat,
    pytorch,
    onnx,
    tensorflow,
    tensorflow_depthwise,
    keras,
    keras_depthwise,
    jax,
    jax_transpose_kernel,
    mxnet,
    onednn,
    matlab,
    scipy_convolve,
    scipy_correlate,
    scipy_convolve2d,
    scipy_correlate2d,
    ndimage_convolve,
    ndimage_correlate
};

/// `pytorch`; throws InputError listing the names.
Convention parse_convention(std::string_view name, std::string_view text);

/// The name parse_convention takes for it.
std::string_view name_of(Convention convention);

/// The axes of a file of weights, a letter each: O I of all channels, o i of a group's, g the groups, M the channel
/// multiplier, k the spatial axes: `Oik`. `k` alone where the system has no channels.
std::string_view weight_letters(Convention convention, Form form, bool with_groups);

/// `Oik` -> `(out, in/groups, k...)`.
std::string weight_axes(std::string_view letters);

/// The layer a description means in a convention other than convmat's. Its extents and channels are all stated.
/// Throws InputError for options the system does not have, GeometryError for what it refuses.
ConventionLayer read_as(Convention convention, const LayerDescription& description);

} // namespace convmat::cli
