#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <convmat/geometry/form.hpp>

namespace convmat {
struct ConventionLayer;
}

namespace convmat::cli {

struct LayerDescription;
class Words;

/// What some systems have and others do not; each but `channels` is an option.
enum class Feature {
    stride,
    dilation,
    channels, ///< groups and output channels of one's choice; without it each channel is by itself
    boundary, ///< other boundaries than zero
    output_padding,
    output_size,
    lhs_dilation,
    origin
};

/// How a system says one of its two layers.
struct Wording {
    /// The axes of a file of weights, a letter each: O I of all channels, o i of a group's, g the groups, M the channel
    /// multiplier, k the spatial axes: `Oik`. `k` alone where the system has no channels; empty: no such layer.
    std::string_view weights = {};
    std::string_view weights_with_groups = {}; ///< where --groups is given; empty: `weights`
    std::string_view padding = {};             ///< what --padding is when it is not given
    std::vector<Feature> features = {};
    ConventionLayer (*read)(const Words& words) = nullptr;

    bool has(Feature feature) const;
    std::string_view letters(bool with_groups) const;
};

/// Whose words a layer's options are: a row of the table of conventions().
struct Convention {
    std::string_view name;            ///< as --convention takes it and messages show it
    std::string_view other_name = {}; ///< likewise taken
    bool is_own = false;              ///< convmat's: layer files are in its words
    Wording convolution = {};
    Wording transposed = {};

    /// Throws InputError where the system has no such layer.
    const Wording& wording(Form form) const;
};

/// The table: a row for each function of a system that --convention can name, convmat's own first.
const std::vector<Convention>& conventions();

/// `pytorch`; throws InputError listing the names.
const Convention& parse_convention(std::string_view name, std::string_view text);

/// Every name that --convention takes.
std::vector<std::string> all_convention_names();

/// The names as --help lists them: without a second one that only spells out the first.
std::string convention_names();

/// `Oik` -> `(out, in/groups, k...)`.
std::string weight_axes(std::string_view letters);

/// The layer a description means in the words of its convention. Its extents and channels are all stated. Throws
/// InputError for options the system does not have, GeometryError for what it refuses.
ConventionLayer read_as_layer(const LayerDescription& description);

} // namespace convmat::cli
