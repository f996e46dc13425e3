#pragma once

#include "kernels/kernels.hpp"

namespace convmat::matrix_free {

/// The kernels of instruction_set().
const KernelSet& kernels();

} // namespace convmat::matrix_free
