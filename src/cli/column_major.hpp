#pragma once

#include "layer.hpp"

namespace convmat::cli {

/// The same layer for arrays that are stacked by columns, as MATLAB's A(:) of an H x W x C array: with its spatial axes
/// in reverse, so that vec is row-major over (C, W, H). Its kernel's axes are reversed too.
Layer in_column_major(const Layer& layer);

} // namespace convmat::cli
