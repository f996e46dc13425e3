#pragma once

#include <convmat/geometry/conv_geometry.hpp>

#include "scalars.hpp"

namespace convmat::cli {

/// Throws SizeError, before anything is allocated, when the matrices and arrays that check_layer() holds at one time do
/// not fit the memory there is.
void require_memory_to_check(const ConvGeometry& geometry, ScalarKind kind);

} // namespace convmat::cli
