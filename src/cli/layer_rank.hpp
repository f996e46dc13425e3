#pragma once

#include <cstddef>
#include <optional>

#include "layer_description.hpp"

namespace convmat::cli {

/// The axes that a named kernel of one extent has, as box:3: those of the input, of which two are a picture and three
/// a picture with channels.
std::size_t rank_of_input(const LayerDescription& description, const std::optional<Shape>& x_shape);

/// The axes that --kernel-size means by one extent. Throws InputError, with both readings, where the input's axes may
/// be channels or not and nothing else that was said decides.
std::size_t rank_of_one_extent(const LayerDescription& description, const std::optional<Shape>& x_shape);

} // namespace convmat::cli
