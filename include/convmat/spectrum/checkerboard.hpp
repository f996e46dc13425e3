#pragma once

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>

namespace convmat {

struct Checkerboard;

} // namespace convmat
