#pragma once

#include <optional>
#include <string>
#include <vector>

#include "convention.hpp"
#include "extents.hpp"

namespace convmat::cli {

/// What was said of a layer, by options or by a file; what was not said is empty.
struct LayerDescription {
    std::optional<Index> in_channels;
    std::optional<Index> out_channels;
    std::optional<Index> groups;
    Shape input;       ///< spatial extents
    Shape input_array; ///< as --input or an array states it: spatial extents, maybe with the channels before them
    Shape kernel;      ///< spatial extents
    Shape stride;
    Shape dilation;
    std::optional<PaddingChoice> padding;
    std::vector<Boundary> boundary;
    std::optional<bool> transposed;
    Shape output_padding;
    Shape output_size;
    const Convention* convention = &conventions().front(); ///< whose words the others are
    std::optional<std::string> padding_text;               ///< of another convention than convmat's, as given
    std::optional<std::string> boundary_text;              ///< likewise
    Shape lhs_dilation;                                    ///< of JAX
    Shape origin;                                          ///< of scipy.ndimage
    bool groups_axis = false;                              ///< the kernel has an axis of groups
    std::string read_by;                                   ///< the option of the array whose extents the input has
    std::string source;                                    ///< the file it was read from, for error messages
    std::vector<std::string> options;                      ///< the options that were given, likewise
};

/// Everything `other` says replaces what `base` says.
void override_with(LayerDescription& base, const LayerDescription& other);

/// The layer a JSON file describes; throws InputError naming the file and the key.
LayerDescription read_layer_json(const std::string& path);

} // namespace convmat::cli
